"""Every table of the inventory that leads to a person: ended, not ended, held, and beside a neighbour."""

import pytest
from django.db import connection

from accounts.classification import DeleteRow, Erase, EraseWithPerson
from registers.inventory import inventory
from retention.services.holds import place_hold
from tests.retention.people import ON, former, resident, sweep
from tests.retention.rows import MAKERS, rows_left

ENDING = [
    entry.label
    for entry in inventory()
    if entry.person_lookups
    and (isinstance(entry.ends, DeleteRow) or any(isinstance(f.end, Erase | EraseWithPerson) for f in entry.fields))
]
# Changes that wait for their notices are taken before a sweep begins, whosever they are.
WAITING = {"disclosures.changeseen"}
pytestmark = pytest.mark.django_db


def test_every_table_that_ends_has_a_case_here():
    assert set(MAKERS) == set(ENDING)


@pytest.mark.parametrize("label", ENDING)
def test_it_ends_with_the_person(house, label):
    person, neighbour = former(house.home), resident(house.home, email="naapuri@example.com")
    MAKERS[label](person, house)
    MAKERS[label](neighbour, house)
    before = fingerprint(neighbour)
    assert rows_left(label, person) > 0

    assert sweep().state == "done"

    assert rows_left(label, person) == 0
    assert rows_left("registers.person", person) == 0
    assert rows_left(label, neighbour) > 0 or label in WAITING
    assert fingerprint(neighbour) == before


@pytest.mark.parametrize("label", [label for label in ENDING if label not in WAITING])
def test_it_stays_while_the_person_is_needed(house, label):
    person, other = resident(house.home), former(house.other)
    MAKERS[label](person, house)

    assert sweep().persons == 1

    assert rows_left(label, person) > 0
    assert rows_left("registers.person", other) == 0


@pytest.mark.parametrize("label", [label for label in ENDING if label not in WAITING])
def test_it_stays_while_a_hold_stands(house, staff, label):
    person, other = former(house.home), former(house.other, email="toinen@example.com", phone="+358405550288")
    MAKERS[label](person, house)
    place_hold(person=person, reason="riita", review_on=ON.replace(year=2030), by=staff("privacy_officer"))

    assert sweep().persons == 1

    assert rows_left(label, person) > 0
    assert rows_left("registers.person", other) == 0


def fingerprint(person):
    """The person's row, byte for byte, and the rows that hang on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM registers_person p WHERE id = %s", [person.pk])
        rows = cursor.fetchall()
        cursor.execute("SELECT r::text FROM registers_residency r WHERE person_id = %s ORDER BY id", [person.pk])
        rows += cursor.fetchall()
        cursor.execute("SELECT a::text FROM accounts_auditentry a WHERE person_key = %s ORDER BY id", [person.pk])
        return rows + cursor.fetchall()
