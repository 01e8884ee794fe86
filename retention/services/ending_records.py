"""Ending records whose own period is over: a batch at a time, in the caller's transaction."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.acting import Program
from consent.services.making import made_by
from disclosures.services.pruning import prune_disclosures
from retention.models import RecordsEnd, SweepBatch
from retention.queries.records import cutoffs, due_records, rules_about
from retention.queries.rules import Scheme
from retention.records import RECORDS
from retention.services.erasing import Counted

BY = Program("retention")
REASON = "Retention period ended"


def end_records(batch: SweepBatch, on: date, speaks: Scheme) -> Counted:
    """What of the batch is still due, ended; that it was so is written first, which alone lets logs give rows away."""
    kind = RECORDS[batch.what]
    asked = list(batch.records or ())
    _lock(kind.table, asked)
    keys = due_records(kind, speaks, on, asked)
    counted = Counted()
    if keys:
        before = max(cutoffs(kind.event, kind.category, speaks, on).values()) + timedelta(days=1)
        RecordsEnd.objects.create(
            what=kind.code,
            before=before,
            number=len(keys),
            rules=rules_about(kind, speaks),
            sweep_key=batch.sweep_id,
            batch_key=batch.pk,
            **made_by(BY),
        )
        for name, number in ENDERS[kind.code](keys).items():
            counted.add(name, number)
    batch.erased, batch.spared = len(keys), len(asked) - len(keys)
    batch.done_at, batch.records = timezone.now(), []
    batch.counts = counted.rows
    batch.save()
    return counted


def _lock(table: str, keys: Sequence[int]) -> None:
    """A statement of its own: the next one sees what has committed while this one waited."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(keys)])


def _delete(*steps: tuple[str, str, str]) -> Callable[[Sequence[int]], dict[str, int]]:
    """`steps`: (label, table, column with the record's key), in the order of deleting."""

    def end(keys: Sequence[int]) -> dict[str, int]:
        done: dict[str, int] = {}
        with connection.cursor() as cursor:
            for label, table, column in steps:
                cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [list(keys)])
                done[label] = cursor.rowcount
        return done

    return end


def _prune(keys: Sequence[int]) -> dict[str, int]:
    return {"disclosures.disclosure": prune_disclosures(disclosures=keys, reason=REASON, by=BY)}


ENDERS: dict[str, Callable[[Sequence[int]], dict[str, Any]]] = {
    "consents": _delete(("consent.consentevent", "consent_consentevent", "id")),
    "disclosures": _prune,
    "requests": _delete(
        ("disclosures.approval", "disclosures_approval", "request_id"),
        ("disclosures.requestedperson", "disclosures_requestedperson", "request_id"),
        ("disclosures.disclosurerequest", "disclosures_disclosurerequest", "id"),
    ),
    "notices": _delete(("disclosures.recipientnotice", "disclosures_recipientnotice", "id")),
    "breaches": _delete(
        ("disclosures.breachdisclosure", "disclosures_breachdisclosure", "breach_id"),
        ("disclosures.breach", "disclosures_breach", "id"),
    ),
}
