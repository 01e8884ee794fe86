"""Walking the chain: every disclosure in its place, as it was sealed. Streams; a million rows need no memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from disclosures.chain import COLUMNS, GENESIS, LATER, NOBODY, PERSONS, line_of, seal, sign_checkpoint
from disclosures.models import Checkpoint, Disclosure, Seal

CHUNK = 5_000
HEAD = re.compile(r"^(\S+) (\d+) ([0-9a-f]{64})$")
# A record is sealed within seconds. One that claims to be so much older than a head before it was written in later.
LATE = timedelta(days=1)
SEALED_PERSONS = f"""
SELECT s.number, {PERSONS} FROM disclosures_seal s
JOIN disclosures_disclosedperson p ON p.disclosure_id = s.disclosure_id
WHERE s.number <= %s GROUP BY s.number ORDER BY s.number
"""  # noqa: S608


@dataclass(frozen=True)
class Verdict:
    """`broken`: the key of the first disclosure that is not as it was sealed, with what is wrong; None if all are,
    0 where no record is left that could be named.

    `sealed` counts the places in the chain, `pruned` those of them that a checkpoint stands for.
    """

    sealed: int
    unsealed: int
    head: str
    broken: int | None = None
    fault: str = ""
    pruned: int = 0

    @property
    def is_whole(self) -> bool:
        return self.broken is None


def verify() -> Verdict:
    """Within a transaction that holds the chain's lock: `services.sealing.verify_now`."""
    known = known_heads()
    heads = {kept.number: kept.digest for kept in known}
    for kept in known:
        if heads[kept.number] != kept.digest:
            return Verdict(0, _unsealed(), GENESIS.hex(), 0, f"the heads kept outside differ for number {kept.number}")
    earliest = {kept.number: kept.at - LATE for kept in known if kept.at and kept.at < timezone.now()}
    since = datetime.min.replace(tzinfo=UTC)
    pruned = {row.first: row for row in Checkpoint.objects.all()}
    before, expected, gone = GENESIS, 1, 0
    for number, digest, row, count, persons in _sealed():
        while number != expected and expected in pruned:
            point = pruned.pop(expected)
            if fault := _fault_of(point, before, heads):
                return _broken(expected, before, row["id"], fault)
            before, gone, expected = bytes(point.after), gone + point.last - point.first + 1, point.last + 1
        if number != expected:
            return _missing(expected, before, row["id"])
        if row["persons"] != count:
            return _broken(expected, before, row["id"], "persons were added or removed")
        before = seal(before, line_of(row), persons)
        if before != digest:
            return _broken(number, before, row["id"], "the record or its persons differ from what was sealed")
        if heads.pop(number, before.hex()) != before.hex():
            return _broken(number, before, row["id"], "the chain was rewritten: it does not fit the head kept outside")
        if row["at"] < since:
            return _broken(number, before, row["id"], "it is dated before a head kept outside that does not hold it")
        since = max(since, earliest.get(number, since))
        expected += 1
    while expected in pruned:
        point = pruned.pop(expected)
        if fault := _fault_of(point, before, heads):
            return _broken(expected, before, 0, fault)
        before, gone, expected = bytes(point.after), gone + point.last - point.first + 1, point.last + 1
    if Seal.objects.filter(number=expected).exists():
        return _missing(expected, before, 0)
    if heads:
        return Verdict(expected - 1, 0, before.hex(), 0, "records are missing at the end, by the head kept outside")
    if pruned:
        return _broken(min(pruned), before, 0, "a checkpoint stands where no record was pruned")
    return Verdict(expected - 1, _unsealed(), before.hex(), pruned=gone)


def _fault_of(point: Checkpoint, before: bytes, heads: dict[int, str]) -> str:
    """What is wrong with a checkpoint; heads within it can't be compared any more, but at its end."""
    first, last, after = point.first, point.last, bytes(point.after)
    if bytes(point.signature) != sign_checkpoint(first, last, bytes(point.before), after, point.reason):
        return f"the checkpoint over {first} to {last} bears no signature of this system"
    if bytes(point.before) != before:
        return f"the checkpoint over {first} to {last} does not fit what stands before it"
    for number in [number for number in heads if first <= number <= last]:
        if heads.pop(number) != after.hex() and number == last:
            return "the chain was rewritten: it does not fit the head kept outside"
    return ""


def heads_file() -> Path:
    return Path(settings.DATA_DIR) / "disclosure-heads.txt"


class Head(NamedTuple):
    at: datetime | None  # None: unreadable; its digest counts all the same
    number: int
    digest: str


def known_heads() -> list[Head]:
    """The heads outside the database; a line that a killed worker left half is none."""
    path = heads_file()
    lines = path.read_text().splitlines() if path.exists() else []
    return [Head(_moment(found[1]), int(found[2]), found[3]) for line in lines if (found := HEAD.match(line))]


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _broken(number: int, before: bytes, record: int, fault: str) -> Verdict:
    return Verdict(number - 1, _unsealed(), before.hex(), record, fault)


def _missing(number: int, before: bytes, following: int) -> Verdict:
    """Named by its seal if that still stands, or by the record that follows."""
    left = Seal.objects.filter(number=number).values_list("disclosure_id", flat=True).first()
    return _broken(number, before, left or following, "the record is missing" if left else f"seal {number} is missing")


def _unsealed() -> int:
    return Disclosure.objects.filter(seal=None).count()


def _sealed() -> Iterator[tuple[int, bytes, dict[str, Any], int, bytes]]:
    """(number, seal, the disclosure's columns, how many persons, their digest); two streams side by side.

    Both end at the same seal, whatever is sealed while they run.
    """
    last = Seal.objects.aggregate(Max("number"))["number__max"] or 0
    people = _people(last)
    waiting = next(people, None)
    rows = Disclosure.objects.filter(seal__number__lte=last).order_by("seal__number")
    for row in rows.values("seal__number", "seal__digest", *COLUMNS, *LATER).iterator(chunk_size=CHUNK):
        number = row.pop("seal__number")
        count, persons = 0, NOBODY
        while waiting is not None and waiting[0] <= number:
            if waiting[0] == number:
                count, persons = waiting[1], waiting[2]
            waiting = next(people, None)
        yield number, bytes(row.pop("seal__digest")), row, count, persons


def _people(last: int) -> Iterator[tuple[int, int, bytes]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(SEALED_PERSONS, [last])
        for chunk in iter(lambda: cursor.fetchmany(CHUNK), []):
            for number, count, digest in chunk:
                yield number, count, bytes(digest)
