"""A sweep that is killed at any point: whole batches alone, nobody half erased, and the next run finishes."""

import os
import random
import signal
import time

import pytest
from django.db import connection, connections

from accounts.models import AuditEntry
from registers.models import Person, Residency
from retention.models import ErasureRecord, LedgerEntry, Sweep
from retention.services import ledger, planning, sweeping
from retention.services.holds import place_hold
from retention.services.planning import plan_sweep
from retention.services.sweeping import run_sweep, start_sweep
from tests.retention.people import BY, ON, former

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, KILLS = 180, 50


def invariants(people, held):
    left = set(Person.objects.values_list("pk", flat=True))
    erased = list(ErasureRecord.objects.values_list("person_key", flat=True))
    assert len(erased) == len(set(erased))
    assert set(erased) == people - left
    assert held <= left
    assert set(Residency.objects.values_list("person_id", flat=True)) == left
    unscrubbed = set(
        AuditEntry.objects.filter(person_key__in=people, scrubbed_at=None).values_list("person_key", flat=True)
    )
    assert unscrubbed == left & people
    keys = [key for line in ledger.lines() for key in line.keys] if os.path.exists(ledger.path()) else []
    waiting = LedgerEntry.objects.exclude(line="").count()
    assert len(keys) == len(erased) or waiting
    assert not ledger.state().is_behind


def started_worker(sweep) -> int:
    """A process that runs the sweep; it has begun a batch, or ended, when this returns its number."""
    connections.close_all()  # each process opens its own
    reads, writes = os.pipe()
    worker = os.fork()
    if worker == 0:
        try:
            os.close(reads)
            erase = sweeping.erase_claimed

            def telling(*arguments):
                os.write(writes, b".")
                return erase(*arguments)

            sweeping.erase_claimed = telling
            sweeping.run_sweep(sweep)
        finally:
            os._exit(0)
    os.close(writes)
    os.read(reads, 1)
    os.close(reads)
    return worker


def test_killed_fifty_times_at_random_points_every_invariant_holds_and_the_work_is_finished(house, staff, monkeypatch):
    monkeypatch.setattr(planning, "BATCH", 2)
    people = {
        former(house.home, email=f"a{n}@example.com", phone="", first_names=f"Aino {n}").pk for n in range(PEOPLE)
    }
    held = set(random.Random(5).sample(sorted(people), 18))
    officer = staff("privacy_officer")
    for key in held:
        place_hold(person=Person.objects.get(pk=key), reason="x", review_on=ON.replace(year=2099), by=officer)
    planned = plan_sweep(on=ON, by=BY)
    planned.brake = []
    planned.save()
    sweep = start_sweep(sweep=planned, by=BY).pk
    chance = random.Random(11)

    for kill in range(KILLS):
        worker = started_worker(sweep)
        time.sleep(chance.random() * 0.03)
        if kill % 5 == 4:  # PostgreSQL's own process of the worker instead of the worker
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid()"
                )
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        invariants(people, held)

    if Sweep.objects.get(pk=sweep).state == "running":
        run_sweep(sweep)
    invariants(people, held)
    assert Sweep.objects.get(pk=sweep).state == "done"
    assert set(Person.objects.values_list("pk", flat=True)) == held
