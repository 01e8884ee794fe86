"""What went wrong, in a line that a person can act on."""

from pathlib import Path


class EmbeddedError(Exception):
    """The message is shown as it is, without a traceback."""


class FolderInUse(EmbeddedError):
    """Another run owns the data folder; `holder` is what it noted about itself."""

    def __init__(self, folder: Path, holder: str) -> None:
        super().__init__(f"{folder} is in use already ({holder}).")
        self.holder = holder
