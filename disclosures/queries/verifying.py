"""Walking the chain: every disclosure in its place, as it was sealed. Streams; a million rows need no memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max

from disclosures.chain import COLUMNS, GENESIS, NOBODY, PERSONS, line_of, seal
from disclosures.models import Disclosure, Seal

CHUNK = 5_000
HEAD = re.compile(r"^\S+ (\d+) ([0-9a-f]{64})$")
SEALED_PERSONS = f"""
SELECT s.number, {PERSONS} FROM disclosures_seal s
JOIN disclosures_disclosedperson p ON p.disclosure_id = s.disclosure_id
WHERE s.number <= %s GROUP BY s.number ORDER BY s.number
"""  # noqa: S608


@dataclass(frozen=True)
class Verdict:
    """`broken`: the key of the first disclosure that is not as it was sealed, with what is wrong; None if all are."""

    sealed: int
    unsealed: int
    head: str
    broken: int | None = None
    fault: str = ""

    @property
    def is_whole(self) -> bool:
        return self.broken is None


def verify() -> Verdict:
    heads = dict(known_heads())
    before, expected = GENESIS, 1
    for number, digest, row, count, persons in _sealed():
        if number != expected:
            return _broken(expected, before, row, f"seal {expected} is missing")
        if row["persons"] != count:
            return _broken(expected, before, row, "persons were added or removed")
        before = seal(before, line_of(row), persons)
        if before != digest:
            return _broken(number, before, row, "the record or its persons differ from what was sealed")
        if heads.pop(number, before.hex()) != before.hex():
            return _broken(number, before, row, "the chain was rewritten: it does not fit the head kept outside")
        expected += 1
    if heads:
        return Verdict(expected - 1, 0, before.hex(), 0, "records are missing at the end, by the head kept outside")
    unsealed = Disclosure.objects.filter(seal=None).count()
    return Verdict(expected - 1, unsealed, before.hex())


def heads_file() -> Path:
    return Path(settings.DATA_DIR) / "disclosure-heads.txt"


def known_heads() -> list[tuple[int, str]]:
    """(number, digest) of the heads outside the database; a line that a killed worker left half is none."""
    path = heads_file()
    lines = path.read_text().splitlines() if path.exists() else []
    return [(int(found[1]), found[2]) for line in lines if (found := HEAD.match(line))]


def _broken(number: int, before: bytes, row: dict[str, Any], fault: str) -> Verdict:
    return Verdict(number - 1, Disclosure.objects.filter(seal=None).count(), before.hex(), row["id"], fault)


def _sealed() -> Iterator[tuple[int, bytes, dict[str, Any], int, bytes]]:
    """(number, seal, the disclosure's columns, how many persons, their digest); two streams side by side.

    Both end at the same seal, whatever is sealed while they run.
    """
    last = Seal.objects.aggregate(Max("number"))["number__max"] or 0
    people = _people(last)
    waiting = next(people, None)
    rows = Disclosure.objects.filter(seal__number__lte=last).order_by("seal__number")
    for row in rows.values("seal__number", "seal__digest", *COLUMNS).iterator(chunk_size=CHUNK):
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
