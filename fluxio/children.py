"""The programs that `make run` keeps running: their start, log, restart and end."""

import ctypes
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from fluxio.embedded import EmbeddedError
from fluxio.embedded.processes import end_process

RESTARTS = 3
LONGEST_LOG = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    name: str
    command: list[str]
    patience: float  # seconds to end in


class Child:
    def __init__(self, program: Program, environment: dict[str, str], root: Path, logs: Path) -> None:
        self.program = program
        self.environment = environment
        self.root = root
        self.log = logs / f"{program.name}.log"
        self._restarts = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.program.command,
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end the programs in order
                preexec_fn=_end_with_parent,  # safe: no threads run here
            )

    def restart_if_ended(self) -> None:
        if self._process is None or self._process.poll() is None:
            return
        self._restarts += 1
        if self._restarts > RESTARTS:
            raise EmbeddedError(f"The {self.program.name} keeps ending: see {self.log.relative_to(self.root)}.")
        print(f"The {self.program.name} ended (code {self._process.returncode}); starting it again.", flush=True)
        time.sleep(self._restarts)
        self.start()

    def stop(self) -> None:
        if self._process:
            end_process(self._process, [(signal.SIGTERM, self.program.patience), (signal.SIGKILL, 5.0)])


def _end_with_parent() -> None:
    """On Linux the kernel ends the program even when we are killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
