"""After a restore: what the ledger says was erased is erased again, before anybody may use the register."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from accounts.acting import Program, acting
from accounts.classification import Category
from registers.models import Person
from retention.events import EVENTS
from retention.models import Sweep, SweepBatch
from retention.queries.needs import days_sql
from retention.queries.targets import array_of
from retention.services import ledger
from retention.services.erasing import Counted, erase_category, erase_people
from retention.services.planning import BATCH, OPEN
from retention.services.statistics import freeze_statistics
from retention.services.sweeping import LOCKED, record_former_keys, write_records
from retention.services.values import Values
from retention.services.verifying import verify_sweep
from retention.words import WHOLE

BY = Program("replay of erasures")


def replay(file: Path | None = None, on: date | None = None) -> Sweep | None:
    """Everything that the ledger has and this database has not seen, in one transaction; None: nothing was missing.

    Rules and holds are not asked: it was erased. Raises `LedgerBroken`, FileNotFoundError.
    """
    values = Values()
    with transaction.atomic(), acting(BY):
        seen = ledger.state().in_database
        missing = [line for line in ledger.lines(file) if line.number > seen]
        if not missing:
            return None
        # Sweeps that were open when the backup was made did not end here as they began.
        Sweep.objects.filter(state__in=OPEN).update(state=Sweep.State.CANCELLED, done_at=timezone.now())
        SweepBatch.objects.filter(done_at=None).delete()
        sweep = Sweep.objects.create(
            kind=Sweep.Kind.REPLAY,
            state=Sweep.State.VERIFYING,
            on=on or timezone.localdate(),
            started_at=timezone.now(),
            register_size=Person.objects.count(),
            program=BY.name,
        )
        sweep.periods_closed = freeze_statistics(on=sweep.on, by=BY, late_months=0)
        ledger.take_over(missing)
        counted, partly = Counted(), set()
        for what in dict.fromkeys([WHOLE, *(line.what for line in missing)]):
            keys = {key for line in missing if line.what == what for key in line.keys}
            people = _again(sweep, what, keys, counted, values)
            if what == WHOLE:
                sweep.persons = len(people)
            else:
                partly |= people
        sweep.counts, sweep.partly = counted.rows, len(partly)
        sweep.save()
    ledger.export()
    verdict = verify_sweep(sweep.pk, values)
    sweep.verification = verdict
    sweep.state = Sweep.State.FAILED if verdict["hits"] or verdict["left"] else Sweep.State.DONE
    sweep.done_at = timezone.now()
    sweep.save()
    return sweep


def _again(sweep: Sweep, what: str, keys: set[str], counted: Counted, values: Values) -> set[int]:
    """Erase those of this database whose keyed hash stands in the ledger; who they were."""
    found = [(p, c, at) for p, c, at in _candidates(what) if ledger.row_key(what, p, at, c) in keys]
    plain = [row for row in found if row[1] is None]
    located = [row for row in found if row[1] is not None]
    for rows in (plain, located):
        for start in range(0, len(rows), BATCH):
            chunk = rows[start : start + BATCH]
            people = [person for person, _company, _at in chunk]
            companies = [company for _person, company, _at in chunk] if rows is located else None
            with connection.cursor() as cursor:
                cursor.execute(LOCKED, [array_of(people)])
                values.take([row[2:] for row in cursor.fetchall()], people, what, cursor)
            batch = SweepBatch.objects.create(
                sweep=sweep, what=what, people=[], erased=len(chunk), done_at=timezone.now()
            )
            if what == WHOLE:
                record_former_keys(batch, people)
                counted.take(erase_people(people, None, None))
            else:
                counted.take(erase_category(what, people, companies, None, None))
            recorded: dict[int, str] = {person: at for person, _company, at in chunk}
            write_records(batch, people, companies, recorded)
            batch.save()
    return {person for person, _company, _at in found}


def _candidates(what: str) -> Iterator[tuple[int, int | None, str]]:
    """(person, company, recorded at): everybody, and for categories that are kept through companies each of those."""
    events = [event for event in EVENTS.values() if event.sql]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, NULL, extract(epoch FROM created_at)::text FROM registers_person")
        yield from cursor.fetchall()
        if what == WHOLE or what not in Category.values:
            return
        cursor.execute(
            "SELECT DISTINCT d.person_id, d.company_id, extract(epoch FROM p.created_at)::text"
            f" FROM ({days_sql(events, people=False)}) d JOIN registers_person p ON p.id = d.person_id"
            " WHERE d.company_id IS NOT NULL"
        )
        yield from cursor.fetchall()
