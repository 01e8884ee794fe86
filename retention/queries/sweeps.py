"""What the pages of erasures ask."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from retention.models import ComingEnd, ErasureRecord, Sweep, SweepBatch
from retention.records import FORMER, RECORDS

PLANNED = """
SELECT p.person, array_agg(p.what ORDER BY p.what), array_agg(p.company ORDER BY p.what) FROM (
    SELECT u.person, b.what, u.company FROM retention_sweepbatch b,
        unnest(b.people, coalesce(b.companies, array_fill(NULL::bigint, ARRAY[cardinality(b.people)])))
            AS u(person, company)
    WHERE b.sweep_id = %(sweep)s AND b.done_at IS NULL
) p GROUP BY p.person ORDER BY p.person OFFSET %(offset)s LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Planned:
    """A person of a plan: what ends of them, each with the company through which it is kept, if any."""

    person: int
    ends: tuple[tuple[str, int | None], ...]


class PlannedPeople:
    """The people whose keys the batches still hold, for a paginator."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep

    def count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(DISTINCT p) FROM retention_sweepbatch b, unnest(b.people) p"
                " WHERE b.sweep_id = %s AND b.done_at IS NULL",
                [self.sweep.pk],
            )
            return int(cursor.fetchone()[0])

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, chosen: slice) -> list[Planned]:
        with connection.cursor() as cursor:
            start = chosen.start or 0
            cursor.execute(PLANNED, {"sweep": self.sweep.pk, "offset": start, "limit": chosen.stop - start})
            return [Planned(person, tuple(zip(what, of, strict=True))) for person, what, of in cursor.fetchall()]


def sweeps() -> QuerySet[Sweep]:
    return Sweep.objects.order_by("-pk")


def waiting_for_word(user: int) -> QuerySet[Sweep]:
    """Stopped by the brake, and this user has not approved yet."""
    return Sweep.objects.filter(state=Sweep.State.WAITING).exclude(approvals__user_key=user)


def ended_by(sweep: Sweep) -> dict[str, int]:
    """What ended of how many people: `WHOLE` or a category → people."""
    records = ErasureRecord.objects.filter(sweep_key=sweep.pk).exclude(what=FORMER)
    rows = records.values("what").order_by("what")
    return {row["what"]: row["people"] for row in rows.annotate(people=Count("person_key", distinct=True))}


def records_ended(sweep: Sweep) -> dict[str, int]:
    """Kind of records → how many of them ended by their own period."""
    rows = SweepBatch.objects.filter(sweep=sweep, what__in=RECORDS).values("what").order_by("what")
    return {row["what"]: row["n"] for row in rows.annotate(n=Sum("erased")) if row["n"]}


def rows_ended(sweep: Sweep) -> dict[str, int]:
    """Rows by table of what was really done; a cancelled one has done a part, or nothing."""
    total: dict[str, int] = {}
    for counts in SweepBatch.objects.filter(sweep=sweep, done_at__isnull=False).values_list("counts", flat=True):
        for name, number in counts.items():
            total[name] = total.get(name, 0) + number
    return total


def records_of(person: int) -> QuerySet[ErasureRecord]:
    """Also of a key that had been merged into that of the erased person."""
    return ErasureRecord.objects.filter(person_key=person).order_by("pk")


def coming_ends() -> QuerySet[ComingEnd]:
    return ComingEnd.objects.order_by("told_on", "person_key", "what")


def unseen_ends() -> int:
    return ComingEnd.objects.filter(seen_at=None).values("person_key").distinct().count()
