"""The ledger of erasures: an append-only file outside the database, by which a restored backup is brought up to date.

A line for each batch that was committed: number, time, what ended, keyed hashes of what it ended, and a MAC over the
line before and this one. No name, no key of a row. `LedgerEntry` holds a line from its commit until it stands in
the file; a file that is further than the database tells of a restored backup (`state`).
"""

import fcntl
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.crypto import blind_index
from retention.models import LedgerEntry
from retention.services.locks import next_in_ledger

GENESIS = "0" * 64
HASH_BYTES = 16
TAIL = 4096


class LedgerBroken(Exception):
    """A line was changed, taken out or put in: its number says where."""

    def __init__(self, number: int) -> None:
        super().__init__(f"The ledger of erasures is broken at entry {number}.")
        self.number = number


@dataclass(frozen=True)
class Line:
    number: int
    at: str
    what: str
    keys: list[str]
    mac: str


def path() -> Path:
    return Path(settings.ERASURE_LEDGER)


def stamp(recorded_at: datetime) -> str:
    """The time of recording as PostgreSQL writes extract(epoch FROM …): seconds, six decimals."""
    return f"{recorded_at.timestamp():.6f}"


def row_key(what: str, person: int, recorded_at: str, company: int | None = None) -> str:
    """The keyed hash of one erasure. The time of recording tells a person from a later one with the same number."""
    said = f"erasure\n{what}\n{person}\n{recorded_at}\n{company or ''}"
    return blind_index(said)[:HASH_BYTES].hex()


def _mac(before: str, body: str) -> str:
    return blind_index(f"ledger of erasures\n{before}\n{body}").hex()


def write_entry(what: str, keys: list[str]) -> LedgerEntry:
    """The next entry, in this transaction; under a lock until it commits, so that numbers have no gaps."""
    next_in_ledger()
    last = LedgerEntry.objects.order_by("-number").first()
    number, before = (last.number + 1, last.mac) if last else (1, GENESIS)
    at = timezone.now()
    body = json.dumps({"number": number, "at": at.isoformat(), "what": what, "keys": keys}, separators=(",", ":"))
    mac = _mac(before, body)
    line = f'{{"entry":{body},"mac":"{mac}"}}'
    return LedgerEntry.objects.create(number=number, at=at, line=line, mac=mac)


@contextmanager
def _opened() -> Iterator[int]:
    """The file, for appending, to this process alone."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def export() -> int:
    """Append what has been committed and is not in the file yet; how many lines. On the disk when it returns.

    A line that a killed process left half is ended first; what reads the file passes over it.
    """
    waiting = list(LedgerEntry.objects.exclude(line="").order_by("number"))
    if not waiting:
        return 0
    with _opened() as handle:
        there = _last_number(handle)
        lines = [entry.line for entry in waiting if entry.number > there]
        if lines:
            os.write(handle, ("\n" + "\n".join(lines) + "\n").encode())
            os.fsync(handle)
    LedgerEntry.objects.filter(number__in=[entry.number for entry in waiting]).update(line="")
    return len(lines)


def _last_number(handle: int) -> int:
    """The number of the last whole line, read from the end."""
    size = os.fstat(handle).st_size
    step = TAIL
    while size:
        start = max(size - step, 0)
        text = os.pread(handle, size - start, start)
        if start and b"\n" in text:
            text = text.split(b"\n", 1)[1]
        elif start:
            text = b""
        for raw in reversed(text.split(b"\n")):
            line = _parse(raw)
            if line is not None:
                return line.number
        if not start:
            return 0
        step *= 8
    return 0


def _parse(raw: bytes) -> Line | None:
    try:
        said: Any = json.loads(raw)
        entry = said["entry"]
        return Line(entry["number"], entry["at"], entry["what"], entry["keys"], said["mac"])
    except (ValueError, KeyError, TypeError):
        return None


def lines(file: Path | None = None) -> Iterator[Line]:
    """The lines in order, each checked against the one before. Raises `LedgerBroken`, FileNotFoundError."""
    before, expected = GENESIS, 1
    with (file or path()).open("rb") as opened:
        for raw in opened:
            line = _parse(raw)
            if line is None:  # empty, or left half by a killed process: then the whole one follows
                continue
            entry = {"number": line.number, "at": line.at, "what": line.what, "keys": line.keys}
            right = _mac(before, json.dumps(entry, separators=(",", ":")))
            if line.number != expected or not hmac.compare_digest(right, line.mac):
                raise LedgerBroken(expected)
            before, expected = line.mac, line.number + 1
            yield line


@dataclass(frozen=True)
class LedgerState:
    in_file: int
    in_database: int
    waiting: int  # committed, and not in the file yet

    @property
    def is_behind(self) -> bool:
        """The ledger has erasures that this database has not seen: it was restored from a backup."""
        return self.in_file > self.in_database

    @property
    def is_lost(self) -> bool:
        """The ledger lacks entries that were written to it: it was cut off, or is another one's."""
        return self.in_file < self.in_database - self.waiting


def state() -> LedgerState:
    last = LedgerEntry.objects.aggregate(last=Max("number"))["last"] or 0
    waiting = LedgerEntry.objects.exclude(line="").count()
    try:
        handle = os.open(path(), os.O_RDONLY)
    except FileNotFoundError:
        return LedgerState(0, last, waiting)
    try:
        return LedgerState(_last_number(handle), last, waiting)
    finally:
        os.close(handle)


@transaction.atomic
def take_over(found: Iterable[Line]) -> int:
    """The database has now seen these entries; the number of the last one."""
    rows = [LedgerEntry(number=line.number, at=datetime.fromisoformat(line.at), mac=line.mac) for line in found]
    LedgerEntry.objects.bulk_create(rows, batch_size=1000)
    return rows[-1].number if rows else 0
