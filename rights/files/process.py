"""The child of `cleaning.py`: reads files from standard input, answers with what was written anew.

Both ways a line of JSON goes before the bytes. No pickle: a file that has taken over this process must not get into
ours.
"""

import json
import os
import resource
import sys
import warnings

from rights.files import limits
from rights.files.refused import BROKEN, HEAVY, UNKNOWN, Refused

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    warnings.simplefilter("ignore")
    sizes = json.loads(sys.stdin.buffer.readline())
    for size in sizes:
        _answer(sys.stdin.buffer.read(size))
    sys.stdout.buffer.flush()
    os._exit(0)


def _answer(data: bytes) -> None:
    says: dict[str, str | int]
    clean = b""
    try:
        media_type, clean = written_anew(data)
        says = {"type": media_type, "size": len(clean)}
    except Refused as refused:
        says = {"refused": refused.code}
    except MemoryError:
        says = {"refused": HEAVY}
    except Exception:
        says = {"refused": BROKEN}
    sys.stdout.buffer.write(json.dumps(says).encode() + b"\n" + clean)


def written_anew(data: bytes) -> tuple[str, bytes]:
    """(media type, content). By the first bytes, whatever its name or sender says of it. Raises `Refused`."""
    if data.startswith(b"%PDF-"):
        from rights.files import documents

        return PDF, documents.rewritten(data)
    from rights.files import pictures

    if data.startswith(b"\xff\xd8\xff"):
        return JPEG, pictures.rewritten(data, pictures.JPEG)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG, pictures.rewritten(data, pictures.PNG)
    raise Refused(UNKNOWN)
