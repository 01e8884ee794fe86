"""Moving in and out."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from registers.models import Residency
from registers.services.moves import move_in, move_out
from tests.factories import ApartmentFactory, PersonFactory, ProtectedPersonFactory, ResidencyFactory

pytestmark = pytest.mark.django_db


def move(by, **changes):
    facts = {"on": date(2024, 5, 1), "role": "tenant", "source": "phone", "by": by}
    return move_in(**(facts | changes))


def test_a_person_moves_in(by):
    person, apartment = PersonFactory(), ApartmentFactory()

    move(by, person=person, apartment=apartment)

    rows = Residency.objects.values_list("person", "apartment", "role", "moved_in", "moved_out", "source")
    assert list(rows) == [(person.pk, apartment.pk, "tenant", date(2024, 5, 1), None, "phone")]


def test_a_move_in_is_recorded_with_its_actor(staff):
    manager, person = staff("manager"), PersonFactory()

    move(manager, person=person, apartment=ApartmentFactory())

    entry = AuditEntry.objects.filter(content_type__model="residency").get()
    assert (entry.actor, entry.actor_email, entry.person_key) == (manager, manager.email, person.pk)


def test_nobody_moves_in_where_they_live_already(by):
    residency = ResidencyFactory(moved_in=date(2020, 1, 1))

    with pytest.raises(ValidationError) as refusal:
        move(by, person=residency.person, apartment=residency.apartment)

    assert refusal.value.messages == ["The person lives in this apartment at that time already."]


def test_moving_back_in_is_a_residency_of_its_own(by):
    first = ResidencyFactory(moved_in=date(2020, 1, 1), moved_out=date(2024, 5, 1))

    move(by, person=first.person, apartment=first.apartment)

    assert Residency.objects.count() == 2


def test_moving_out_ends_the_residency_and_keeps_the_new_address(by):
    residency = ResidencyFactory()
    address = {"street_address": "Uusikatu 1", "postal_code": "20100", "post_office": "Turku", "country": ""}

    move_out(residency=residency, on=date(2026, 5, 1), source="email", by=by, new_address=address)

    residency.refresh_from_db()
    residency.person.refresh_from_db()
    assert residency.moved_out == date(2026, 5, 1)
    assert residency.person.street_address == "Uusikatu 1"
    assert residency.person.field_sources["street_address"][0] == "email"


def test_a_move_out_before_the_move_in_is_refused(by):
    residency = ResidencyFactory(moved_in=date(2024, 5, 2))

    with pytest.raises(ValidationError) as refusal:
        move_out(residency=residency, on=date(2024, 5, 1), source="phone", by=by)

    assert refusal.value.message_dict == {"on": ["The move-out is before the move-in."]}


def test_a_second_click_on_move_out_is_refused(by):
    residency = ResidencyFactory()
    move_out(residency=residency, on=date(2026, 5, 1), source="phone", by=by)

    with pytest.raises(ValidationError) as refusal:
        move_out(residency=residency, on=date(2026, 6, 1), source="phone", by=by)

    assert refusal.value.messages == ["This residency has ended already."]


def test_whoever_may_only_read_moves_nobody(staff):
    with pytest.raises(PermissionDenied):
        move(staff("accountant"), person=PersonFactory(), apartment=ApartmentFactory())
    assert Residency.objects.count() == 0


def test_a_protected_person_is_moved_only_by_those_who_may_see_them(staff):
    person = ProtectedPersonFactory()

    with pytest.raises(PermissionDenied):
        move(staff("manager"), person=person, apartment=ApartmentFactory())
    move(staff("privacy_officer"), person=person, apartment=ApartmentFactory())

    assert Residency.objects.count() == 1


def test_without_its_trace_a_change_does_not_stand(by, monkeypatch):
    from auditlog.models import LogEntryManager

    person, apartment = PersonFactory(), ApartmentFactory()

    def broken(*args, **kwargs):
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(LogEntryManager, "create", broken, raising=False)
    with pytest.raises(RuntimeError):
        move(by, person=person, apartment=apartment)

    assert Residency.objects.count() == 0


days = st.dates(date(2020, 1, 1), date(2020, 2, 1))


@given(st.lists(st.tuples(days, st.none() | days), max_size=5))
def test_the_check_in_python_and_the_constraint_agree(spans):
    from django.db import transaction

    from accounts.acting import Program

    with transaction.atomic():
        person, apartment = PersonFactory(), ApartmentFactory()
        kept = []
        for start, end in spans:
            end = max(start, end) if end else None
            free = all((end and end <= s) or (e and e <= start) or s == e or start == end for s, e in kept)
            try:
                residency = move(Program("tests"), person=person, apartment=apartment, on=start)
                if end:
                    move_out(residency=residency, on=end, source="phone", by=Program("tests"))
            except ValidationError:
                continue
            kept.append((start, end))
            assert free
        transaction.set_rollback(True)
