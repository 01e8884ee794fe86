"""Files that people send in are written anew before they are kept: in a process of its own, which may die of them."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rights.files import limits
from rights.files.refused import BROKEN, HEAVY, LARGE, Refused

_ROOT = str(Path(__file__).resolve().parents[2])
_START = "import sys; sys.path.insert(0, sys.argv[1]); from rights.files import process; process.main()"
AT_ONCE = threading.BoundedSemaphore(2)  # in one process of the server, whoever sends how much
TYPES = ("application/pdf", "image/jpeg", "image/png")


@dataclass(frozen=True)
class CleanFile:
    media_type: str
    content: bytes


def clean_files(files: Sequence[bytes]) -> list[CleanFile | Refused]:
    """For each of them what is kept, or why it is not taken; one process for all."""
    fit = [data for data in files if 0 < len(data) <= limits.MAX_BYTES]
    answers = iter(_answers(fit) if fit else [])
    return [_without_reading(data) or next(answers) for data in files]


def _without_reading(data: bytes) -> Refused | None:
    if not data:
        return Refused(BROKEN)
    return Refused(LARGE) if len(data) > limits.MAX_BYTES else None


def _answers(files: Sequence[bytes]) -> list[CleanFile | Refused]:
    """Where the process dies of one file, each is asked alone, so that the others are taken."""
    said = _ask(files)
    if said is not None:
        return said
    if len(files) == 1:
        return [Refused(HEAVY)]
    return [(_ask([data]) or [Refused(HEAVY)])[0] for data in files]


def _ask(files: Sequence[bytes]) -> list[CleanFile | Refused] | None:
    """None: the process died, or took too long."""
    asked = json.dumps([len(data) for data in files]).encode() + b"\n" + b"".join(files)
    command = [sys.executable, "-I", "-c", _START, _ROOT]
    try:
        with AT_ONCE:
            child = subprocess.run(
                command, input=asked, capture_output=True, env=_environment(), timeout=limits.SECONDS, check=False
            )
    except subprocess.TimeoutExpired:
        return None
    return _read(child.stdout, len(files)) if child.returncode == 0 else None


def _read(said: bytes, number: int) -> list[CleanFile | Refused] | None:
    """As the child's words, not as its promises: a hostile file may have taken it over."""
    found: list[CleanFile | Refused] = []
    try:
        for _each in range(number):
            line, _end, said = said.partition(b"\n")
            says = json.loads(line)
            if "refused" in says:
                found.append(Refused(str(says["refused"])))
                continue
            size = int(says["size"])
            if says["type"] not in TYPES or not 0 < size <= len(said):
                return None
            found.append(CleanFile(says["type"], said[:size]))
            said = said[size:]
    except (ValueError, KeyError, TypeError):
        return None
    return found if not said else None


def _environment() -> dict[str, str]:
    """No secrets of ours."""
    return {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
