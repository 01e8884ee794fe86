"""Something changes at the very moment of the erasure: nobody is erased against what was committed before the batch."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.acting import Program, acting
from consent.models import Purpose
from registers.models import Person, Residency
from retention.models import ErasureRecord
from retention.queries import holds
from retention.services.holds import place_hold
from retention.services.planning import plan_sweep
from retention.services.rules import RuleSays, write_rule
from retention.services.sweeping import run_sweep, start_sweep
from tests.retention.people import BY, ON, former
from tests.retention.processes import Beside, wait_for_a_waiting_lock

pytestmark = pytest.mark.django_db(transaction=True)


def started():
    return start_sweep(sweep=plan_sweep(on=ON, by=BY), by=BY).pk


def test_a_hold_that_was_placed_after_the_plan_spares_the_person(house, staff):
    person = former(house.home)
    sweep = started()
    tomorrow = timezone.localdate() + timedelta(days=1)
    place_hold(person=person, reason="riita", review_on=tomorrow, by=staff("privacy_officer"))

    done = run_sweep(sweep)

    assert (Person.objects.count(), [(b.erased, b.spared) for b in done.batches.all()]) == (1, [(0, 1)])


def test_a_hold_waits_for_the_batch_and_then_says_that_the_data_are_gone(house, staff):
    person, officer = former(house.home), staff("privacy_officer")
    sweep = started()
    tomorrow = timezone.localdate() + timedelta(days=1)
    with transaction.atomic():  # keeps the batch waiting in the middle of its transaction
        Residency.objects.select_for_update().get()
        sweeping = Beside(lambda: run_sweep(sweep))
        sweeping.start()
        wait_for_a_waiting_lock()
        holding = Beside(lambda: place_hold(person=person, reason="riita", review_on=tomorrow, by=officer))
        holding.start()
        holding.join(1)
        assert holding.is_alive()
    sweeping.done()

    with pytest.raises(ValidationError, match="erased meanwhile"):
        holding.done()
    assert Person.objects.count() == 0


def test_a_move_out_that_is_taken_back_at_that_moment_spares_the_person(house):
    person = former(house.home)
    sweep = started()
    with transaction.atomic(), acting(BY):
        residency = Residency.objects.get()
        residency.moved_out = None
        residency.save()
        sweeping = Beside(lambda: run_sweep(sweep))
        sweeping.start()
        wait_for_a_waiting_lock()  # the batch wants to delete the row that is just being changed

    done = sweeping.done()

    assert Residency.objects.get().person == person
    assert [(b.erased, b.spared) for b in done.batches.all()] == [(0, 1)]


def test_a_new_home_that_is_committed_first_spares_the_person(house):
    person = former(house.home)
    sweep = started()
    with acting(BY):
        Residency.objects.create(person=person, apartment=house.other, moved_in=date(2026, 1, 1))

    run_sweep(sweep)

    assert (Person.objects.count(), Residency.objects.count()) == (1, 2)


def test_a_new_home_that_comes_too_late_is_refused_and_nothing_is_half(house):
    person = former(house.home)
    sweep = started()
    with pytest.raises(Exception, match="registers_residency"), transaction.atomic(), acting(Program("tests")):
        Residency.objects.create(person=person, apartment=house.other, moved_in=date(2026, 1, 1))
        sweeping = Beside(lambda: run_sweep(sweep))
        sweeping.start()
        sweeping.done()

    assert (Person.objects.count(), Residency.objects.count(), ErasureRecord.objects.count()) == (0, 0, 1)


def test_a_rule_that_is_changed_after_the_plan_speaks_at_the_erasure(house):
    former(house.home)
    sweep = started()
    purpose = Purpose.objects.get(code="identification")
    write_rule(purpose=purpose, says=RuleSays("residence", "moved_out", "delete", years=30), reason="x", by=BY)

    done = run_sweep(sweep)

    assert Person.objects.count() == 1
    assert [(b.erased, b.spared) for b in done.batches.all()] == [(0, 1)]


def test_two_workers_share_a_sweep_and_nobody_is_erased_twice(house, monkeypatch):
    from retention.services import planning

    monkeypatch.setattr(planning, "BATCH", 2)
    people = [
        former(house.home, email=f"a{n}@example.com", phone=f"+35840555021{n}", first_names=f"Aino {n}")
        for n in range(9)
    ]
    sweep = started()
    workers = [Beside(lambda: run_sweep(sweep)) for _worker in range(2)]
    for worker in workers:
        worker.start()
    states = {worker.done().state for worker in workers}

    assert "done" in states
    assert sorted(ErasureRecord.objects.values_list("person_key", flat=True)) == sorted(p.pk for p in people)
    assert Person.objects.count() == 0


@pytest.fixture
def receivables(db):
    """A register that is still to come: open receivables hold a person, and are reopened by an UPDATE."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE receivable (person_id bigint REFERENCES registers_person, is_open boolean)")
        cursor.execute("ALTER TABLE receivable DROP CONSTRAINT receivable_person_id_fkey")
    holds.automatic_hold(
        "receivable",
        "an open receivable",
        sql="SELECT r.person_id FROM receivable r WHERE r.is_open {people}",
        person_column="r.person_id",
    )
    yield
    del holds.AUTOMATIC["receivable"]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE receivable")


@pytest.mark.parametrize("how", ["inserted", "reopened"])
def test_a_receivable_that_opens_at_that_moment_spares_the_person(house, receivables, how):
    person = former(house.home)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO receivable VALUES (%s, false)", [person.pk])
    sweep = started()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT fluxio_lock_person(%s)", [person.pk])  # as every path that opens one does
            if how == "inserted":
                cursor.execute("INSERT INTO receivable VALUES (%s, true)", [person.pk])
            else:
                cursor.execute("UPDATE receivable SET is_open = true")
        sweeping = Beside(lambda: run_sweep(sweep))
        sweeping.start()
        wait_for_a_waiting_lock()

    done = sweeping.done()

    assert (Person.objects.count(), [(b.erased, b.spared) for b in done.batches.all()]) == (1, [(0, 1)])
