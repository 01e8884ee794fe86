"""The secrets of an embedded office: made once, kept in a file that only its owner reads."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FIELD_KEYS": lambda: f"k1:{_key()}",
    "INDEX_KEY": _key,
}


def ensure_secrets(path: Path) -> dict[str, str]:
    """Reads the secrets; makes those that are missing. A key that exists is never replaced: data hangs on it."""
    found = _read(path)
    missing = {name: make() for name, make in MAKERS.items() if name not in found}
    if missing:
        found |= missing
        _write(path, found)
    return found


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def _write(path: Path, values: dict[str, str]) -> None:
    """Whole or not at all, and on the disk before anything is encrypted with it."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("".join(f"{name}={value}\n" for name, value in values.items()))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
