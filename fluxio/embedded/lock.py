"""One owner per data folder. The kernel drops the lock when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path

from fluxio.embedded.errors import FolderInUse


class FolderLock:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self) -> None:
        """Takes the lock, or says who holds it."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            holder = self.path.read_text().strip()
            raise FolderInUse(self.path.parent, holder or "starting") from None
        self._file = handle
        self.note(f"process {os.getpid()}")

    def note(self, text: str) -> None:
        """What the next one is told that finds the lock taken."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, text.encode(), 0)

    def release(self) -> None:
        if self._file is not None:
            self.note("")
            os.close(self._file)
            self._file = None
