"""Where the sockets lie: in the data folder, or in a short folder of the temporary one when the path is long or odd."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from fluxio.embedded.errors import EmbeddedError

LONGEST = 70  # a socket's path may have 107 bytes (103 on macOS), and the servers add their own names
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def socket_folder(data: Path) -> Path:
    """A folder of ours that others may pass through but not list."""
    folder = data / "sockets"
    if len(str(folder)) > LONGEST or not PLAIN.fullmatch(str(folder)):
        digest = hashlib.sha256(str(data).encode()).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"fluxio-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise EmbeddedError(f"{folder} belongs to another user: remove it, or set TMPDIR to a folder of your own.")
    folder.chmod(0o711)
    return folder
