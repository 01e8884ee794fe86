"""GDPR Art. 19: recipients are told of an erasure, by a notice that is made while its letter can still name the person."""

from datetime import date, timedelta

import pytest

from accounts.acting import Program, acting
from disclosures.models import RecipientNotice
from registers.models import Ownership, Residency
from retention.services.planning import announce_ends
from tests.retention.people import BY, ON, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaving(told):
    """Somebody of whom the firm and the board were told, and whose data ends within the days of notice."""
    person = told.people[1]
    with acting(BY):
        Ownership.objects.filter(person=person).delete()
        residency = Residency.objects.get(person=person)
        residency.moved_in, residency.moved_out = date(2020, 1, 1), date(2023, 11, 22) + timedelta(days=10)
        residency.save()
    RecipientNotice.objects.all().delete()
    return person


def erasures(person):
    rows = RecipientNotice.objects.filter(person_key=person.pk, change="erased").order_by("disclosure__kind")
    return list(rows.values_list("disclosure__kind", "fields"))


def test_the_notices_are_there_when_the_desk_is_told_of_the_end(leaving):
    announce_ends(on=ON, by=Program("retention"))

    assert erasures(leaving) == [
        ("board", ["name", "apartment"]),
        ("maintenance", ["name", "phone", "apartment"]),
    ]


def test_the_sweep_makes_no_second_notice_of_what_was_told_already(leaving):
    announce_ends(on=ON, by=Program("retention"))
    RecipientNotice.objects.update(state="told", done_at="2026-11-23T10:00Z", done_by="a@office.example")

    assert sweep(ON + timedelta(days=10)).persons == 1

    assert len(erasures(leaving)) == 2


def test_a_sweep_by_hand_makes_the_notices_itself(leaving):
    assert sweep(ON + timedelta(days=10)).persons == 1

    assert [kind for kind, _fields in erasures(leaving)] == ["board", "maintenance"]


def test_of_contact_details_alone_only_those_who_got_them_are_told(leaving):
    Residency.objects.update(moved_out=date(2025, 12, 1))

    sweep()

    assert erasures(leaving) == [("maintenance", ["phone"])]
