"""Running a sweep: batches claimed one by one, each one transaction; then verified, rewritten on disk, and closed.

A killed worker leaves whole batches alone: the claim is the lock of the batch's row, and the schedule goes on with the
rest.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, acting, check_may, service
from accounts.models import User
from disclosures.services.noticing import take_changes
from disclosures.services.sealing import head
from retention.models import Sweep, SweepBatch
from retention.queries.needs import verdicts_sql
from retention.queries.rules import BITS, Remembered, Scheme, scheme
from retention.queries.targets import array_of
from retention.records import FORMER
from retention.services import ledger
from retention.services.approving import is_released
from retention.services.ending_records import end_records
from retention.services.erasing import Counted, StillNeeded, erase_category, erase_people
from retention.services.locks import erase_beside_others
from retention.services.planning import OPEN, RIGHT
from retention.services.recipients import tell_recipients
from retention.services.running import running
from retention.services.statistics import freeze_before_sweep
from retention.services.values import Values
from retention.services.verifying import verify_sweep
from retention.words import WHOLE

logger = logging.getLogger(__name__)
ATTEMPTS = 5
PAUSE = 0.2
EXPORT_EVERY = 1.0  # seconds
MOST_IN_MEMORY = 100_000  # people whose values a worker keeps before it searches for them
RECORDS = """
INSERT INTO retention_erasurerecord (sweep_key, batch_key, person_key, what, company_key, at)
SELECT %(sweep)s, %(batch)s, w.person, %(what)s, w.company, statement_timestamp()
FROM unnest(%(people)s::bigint[], %(companies)s::bigint[]) AS w(person, company)
"""

# Logs that were written before two records were merged have the other key.
FORMER_KEYS = """
INSERT INTO retention_erasurerecord (sweep_key, batch_key, person_key, what, at)
SELECT %(sweep)s, %(batch)s, k.key, %(what)s, statement_timestamp()
FROM registers_formerkey k WHERE k.person_id = ANY(%(people)s)
"""
LOCKED = """
SELECT id, extract(epoch FROM created_at)::text, lower(last_name), lower(first_names), lower(email), phone,
       lower(street_address)
FROM registers_person WHERE id = ANY(%s) ORDER BY id FOR UPDATE
"""
WHOLE_STILL = " SELECT person_id, NULL FROM person_verdict WHERE needed = 0 AND held = 0 AND ruled & %(bit)s <> 0"
CATEGORY_STILL = " SELECT person_id, NULL FROM person_verdict WHERE ruled & ~needed & ~held & %(bit)s <> 0"
LOCATED_STILL = """
SELECT v.person_id, v.company_id FROM verdict v JOIN person_verdict p USING (person_id)
JOIN unnest(%(people)s::bigint[], %(companies)s::bigint[]) AS w(person, company)
    ON w.person = v.person_id AND w.company = v.company_id
WHERE v.ruled & ~v.needed & ~(v.held | p.held_anywhere) & %(bit)s <> 0
"""


class LedgerBehind(Exception):
    """The database was restored from a backup: erasures that it has not seen must be replayed first."""


@service
def start_sweep(*, sweep: Sweep, by: User | Program) -> Sweep:
    """Planned, and let go by the brake: it may run. Raises ValidationError."""
    check_may(by, RIGHT)
    locked = Sweep.objects.select_for_update().get(pk=sweep.pk)
    if locked.state != Sweep.State.PLANNED:
        raise ValidationError(_("This erasure cannot be started: it is not waiting for its start."))
    if locked.brake and not is_released(locked):
        locked.state = Sweep.State.WAITING
        locked.save(update_fields=["state"])
        return locked
    locked.periods_closed = freeze_before_sweep(sweep=locked, by=by)
    locked.state, locked.started_at = Sweep.State.RUNNING, timezone.now()
    locked.save(update_fields=["state", "started_at", "periods_closed"])
    return locked


def run_sweep(sweep: int, *, rewrite: Callable[[Sweep], dict[str, Any]] | None = None) -> Sweep:
    """Erase what is left of a running sweep, beside other workers; whoever is last verifies and closes it.

    Raises `LedgerBehind`.
    """
    if ledger.state().is_behind:
        raise LedgerBehind
    take_changes()  # notices of earlier changes name people who are about to go
    values, speaks = Values(), Remembered()
    with running(sweep):
        _tell_recipients(sweep)
        while erase_batches(sweep, values, speaks):
            _add_verdict_of(sweep, values)
            values = Values()
        return _close(sweep, values, rewrite)


def _tell_recipients(sweep: int) -> None:
    """Of those whose turn has not come yet; a sweep that is taken up again asks for the rest."""
    for what, people in SweepBatch.objects.filter(sweep=sweep, done_at=None).values_list("what", "people"):
        tell_recipients(people, what)


def erase_batches(sweep: int, values: Values, speaks: Remembered) -> bool:
    """What is left to claim; True when it stopped since the values are so many that they are searched for first.

    For a moment the ledger's lines wait in the database until they stand in the file."""
    exported = time.monotonic()
    while erase_next(sweep, values, speaks):
        if time.monotonic() - exported >= EXPORT_EVERY:
            ledger.export()
            exported = time.monotonic()
        if values.people >= MOST_IN_MEMORY:
            break
    ledger.export()
    return values.people >= MOST_IN_MEMORY


def erase_next(sweep: int, values: Values, speaks: Remembered) -> bool:
    """One batch; False when none is left to claim."""
    for attempt in range(ATTEMPTS):
        batch_values = Values()
        try:
            with transaction.atomic(), acting(Program("retention")):
                found = _erase_batch(sweep, batch_values, speaks)
        except (StillNeeded, OperationalError) as error:
            # Reopened at that very moment, or a deadlock with somebody's change: the next attempt sees it.
            if attempt + 1 == ATTEMPTS or _is_lost(error):
                raise
            time.sleep(PAUSE * (attempt + 1))
            continue
        values.found |= batch_values.found
        values.names |= batch_values.names
        values.people += batch_values.people
        return found
    return False


def _is_lost(error: Exception) -> bool:
    return isinstance(error, OperationalError) and (connection.connection is None or connection.connection.closed)


def _erase_batch(sweep: int, values: Values, speaks: Remembered) -> bool:
    erase_beside_others()
    state = Sweep.objects.values_list("state", "on").get(pk=sweep)
    if state[0] != Sweep.State.RUNNING:
        return False
    waiting = SweepBatch.objects.select_for_update(skip_locked=True).filter(sweep=sweep, done_at=None)
    batch = waiting.order_by("pk").first()
    if batch is None:
        return False
    _end(batch, state[1], speaks.scheme(), values)
    return True


def _end(batch: SweepBatch, on: Any, speaks: Scheme, values: Values) -> Counted:
    if batch.records is not None:
        return end_records(batch, on, speaks)
    return erase_claimed(batch, on, speaks, values)


def erase_claimed(batch: SweepBatch, on: Any, speaks: Scheme, values: Values) -> Counted:
    """Lock the people, ask once more under the lock, erase, and write record and ledger: in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCKED, [array_of(batch.people)])
        locked = {row[0]: row for row in cursor.fetchall()}
        recorded = {person: row[1] for person, row in locked.items()}
        pairs = _still_due(cursor, batch, speaks, on)
        people = [person for person, _company in pairs]
        companies = [company for _person, company in pairs] if batch.companies is not None else None
        values.take([locked[person][2:] for person in people], people, batch.what, cursor)
    if batch.what == WHOLE:
        record_former_keys(batch, people)
        counted = erase_people(people, speaks, on)
    else:
        counted = erase_category(batch.what, people, companies, speaks, on)
    write_records(batch, people, companies, recorded)
    batch.erased, batch.spared = len(pairs), len(batch.people) - len(pairs)
    batch.done_at, batch.people = timezone.now(), []
    batch.companies = None if batch.companies is None else []
    batch.counts = counted.rows
    batch.save()
    return counted


def _still_due(cursor: Any, batch: SweepBatch, speaks: Scheme, on: Any) -> list[tuple[int, int | None]]:
    """Of the batch those for whom nothing has changed since the plan: a new statement sees what has committed."""
    sql, params = verdicts_sql(speaks, on, people=batch.people)
    params["bit"] = BITS["identity" if batch.what == WHOLE else batch.what]
    if batch.what == WHOLE:
        sql += WHOLE_STILL
    elif batch.companies is None:
        sql += CATEGORY_STILL
    else:
        sql += LOCATED_STILL
        params["companies"] = array_of(batch.companies)
    cursor.execute(sql + " ORDER BY 1", params)
    return list(cursor.fetchall())


def record_former_keys(batch: SweepBatch, people: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            FORMER_KEYS, {"sweep": batch.sweep_id, "batch": batch.pk, "what": FORMER, "people": array_of(people)}
        )


def write_records(batch: SweepBatch, people: list[int], companies: list[Any] | None, recorded: dict[int, str]) -> None:
    """What ended of whom: a row each, the digest of them, and the entry of the ledger."""
    if not people:
        return
    beside = companies if companies is not None else [None] * len(people)
    with connection.cursor() as cursor:
        cursor.execute(
            RECORDS,
            {
                "sweep": batch.sweep_id, "batch": batch.pk, "what": batch.what,
                "people": array_of(people), "companies": array_of(beside),
            },
        )  # fmt: skip
    keys = [
        ledger.row_key(batch.what, person, recorded[person], company)
        for person, company in zip(people, beside, strict=True)
    ]
    batch.digest = hashlib.sha256("\n".join(keys).encode()).digest()
    ledger.write_entry(batch.what, keys)


def _close(sweep: int, values: Values, rewrite: Callable[[Sweep], dict[str, Any]] | None) -> Sweep:
    """Verify what this worker erased; the last one closes the sweep."""
    verdict = verify_sweep(sweep, values)
    with transaction.atomic():
        row = Sweep.objects.select_for_update().get(pk=sweep)
        if row.state not in (Sweep.State.RUNNING, Sweep.State.VERIFYING):
            return row
        _add_verdict(row, verdict)
        if row.state == Sweep.State.RUNNING and not row.batches.filter(done_at=None).exists():
            row.state = Sweep.State.VERIFYING
            row.counts = _counts(row)
        row.save()
        if row.state == Sweep.State.RUNNING:  # another worker is still at its batch, and closes after it
            return row
    if rewrite is not None and not row.rewriting:
        row.rewriting = rewrite(row)
    with transaction.atomic():
        row_now = Sweep.objects.select_for_update().get(pk=sweep)
        if row_now.state != Sweep.State.VERIFYING:
            return row_now
        number, digest = head()
        row_now.rewriting = row.rewriting
        row_now.head = f"{number} {digest.hex()}"
        found = row_now.verification.get("hits") or row_now.verification.get("left")
        row_now.state = Sweep.State.FAILED if found else Sweep.State.DONE
        row_now.done_at = timezone.now()
        row_now.save()
    if row_now.state == Sweep.State.FAILED:
        logger.critical("Erasure %s: something was found after it. Open it in the office: erasures.", row_now.pk)
    return row_now


def _add_verdict_of(sweep: int, values: Values) -> None:
    verdict = verify_sweep(sweep, values)
    with transaction.atomic():
        row = Sweep.objects.select_for_update().get(pk=sweep)
        _add_verdict(row, verdict)
        row.save(update_fields=["verification"])


def _add_verdict(row: Sweep, verdict: dict[str, Any]) -> None:
    said = {"people": 0, "values": 0, "hits": [], "left": [], "tables": 0} | row.verification
    said["people"] += verdict["people"]
    said["values"] += verdict["values"]
    said["tables"] = max(said["tables"], verdict["tables"])
    said["hits"] = [*said["hits"], *verdict["hits"]]
    said["left"] = verdict["left"]  # asked of the whole sweep each time
    row.verification = said


def _counts(row: Sweep) -> dict[str, Any]:
    total = Counted()
    for rows in row.batches.values_list("counts", flat=True):
        total.take(Counted(dict(rows)))
    return dict(sorted(total.rows.items()))


def progress(sweep: Sweep) -> tuple[int, int]:
    """(batches done, batches in all)."""
    total = sweep.batches.count()
    return total - sweep.batches.filter(done_at=None).count(), total


def spared(sweep: Sweep) -> int:
    return sum(sweep.batches.values_list("spared", flat=True))


def rehearse(sweep: Sweep) -> Counted:
    """The real run, rolled back: what the plan would end, in rows."""
    total = Counted()
    speaks = scheme()
    with transaction.atomic(), acting(Program("retention")):
        for batch in sweep.batches.filter(done_at=None).order_by("pk"):
            total.take(_end(batch, sweep.on, speaks, _Nothing()))
        transaction.set_rollback(True)
    return total


class _Nothing(Values):
    """A rehearsal needs no values."""

    def take(self, rows: Any, people: Any, what: str, cursor: Any) -> None:
        return


def open_sweep() -> Sweep | None:
    return Sweep.objects.filter(state__in=OPEN).first()
