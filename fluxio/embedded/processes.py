"""Finds and ends server processes, our own and those that a killed run left behind."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PROC = Path("/proc")


def is_known(pid: int) -> bool:
    """Whether the number is in use, be it by a process that has ended and only waits to be collected."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_alive(pid: int) -> bool:
    """Whether the process runs."""
    if not is_known(pid):
        return False
    try:
        return "\nState:\tZ" not in (PROC / str(pid) / "status").read_text()
    except OSError:
        return not PROC.is_dir()


def working_in(folder: Path, program: str) -> list[int]:
    """Processes named `program` whose working folder is `folder`. PostgreSQL and Redis both move into their data."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            if (entry / "comm").read_text().startswith(program) and (entry / "cwd").resolve() == folder:
                found.append(int(entry.name))
        except OSError:
            continue
    return sorted(pid for pid in found if is_alive(pid))


def wait_for_end(pids: Sequence[int], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def end_process(process: subprocess.Popen[bytes], signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Sends one signal after the other, each with its time to end in."""
    for number, seconds in signals:
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def end_pid(pid: int, signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """The same for a process that is not a child of ours."""
    for number, seconds in signals:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_for_end([pid], seconds):
            return


@contextmanager
def undisturbed() -> Iterator[None]:
    """An impatient second Ctrl-C must not leave half of it running."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
