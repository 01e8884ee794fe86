"""Registering, correcting and merging people."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.acting import ActorUnknown
from accounts.models import AuditEntry
from registers.models import FormerKey, Ownership, Person, Residency
from registers.queries.cards import person_for
from registers.services.people import correct_person, merge_persons, register_person
from registers.services.protection import lift_non_disclosure, lift_restriction, restrict_processing, set_non_disclosure
from tests.factories import (
    ApartmentFactory,
    OwnershipFactory,
    PersonFactory,
    ProtectedPersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
)

pytestmark = pytest.mark.django_db


def test_a_person_is_registered_with_the_source_of_the_data(by):
    person = register_person(by=by, source="email", last_name="Aalto", first_names="Aino", obtained_on=date(2026, 5, 1))

    assert (person.source, person.obtained_on, person.source_of("phone")) == (
        "email",
        date(2026, 5, 1),
        ("email", date(2026, 5, 1)),
    )


def test_a_corrected_field_has_its_own_source_and_the_others_keep_theirs(by):
    person = PersonFactory(source="phone", obtained_on=date(2020, 1, 1), email="old@example.com", phone="+358401234567")

    correct_person(
        person=person,
        changes={"email": "new@example.com", "phone": "+358401234567"},
        source="portal",
        obtained_on=date(2026, 5, 1),
        by=by,
    )

    person.refresh_from_db()
    assert person.source_of("email") == ("portal", date(2026, 5, 1))
    assert person.source_of("phone") == ("phone", date(2020, 1, 1))


def test_old_and_new_values_stand_in_the_trail(by):
    person = PersonFactory(email="old@example.com")

    correct_person(person=person, changes={"email": "new@example.com"}, source="phone", by=by)

    entry = AuditEntry.objects.filter(person_key=person.pk).latest("pk")
    assert entry.changes["email"] == ["old@example.com", "new@example.com"]


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "12"), ("email", "nobody"), ("postal_code", "123"), ("last_name", "")]
)
def test_a_wrong_value_is_refused_beside_its_field(by, field, value):
    person = PersonFactory()

    with pytest.raises(ValidationError) as refusal:
        correct_person(person=person, changes={field: value}, source="phone", by=by)

    assert field in refusal.value.message_dict
    assert getattr(Person.objects.get(pk=person.pk), field) == getattr(person, field)


def test_a_change_by_nobody_is_refused_and_undone():
    person = PersonFactory()
    from django.db import transaction

    with pytest.raises(ActorUnknown), transaction.atomic():
        person.last_name = "Muu"
        person.save()

    assert Person.objects.get(pk=person.pk).last_name != "Muu"


def test_merging_leads_everything_to_the_record_that_stays(by):
    keep = PersonFactory(last_name="Aalto", email="", date_of_birth=None)
    remove = PersonFactory(last_name="Aalto", email="aino@example.com", date_of_birth=date(1980, 1, 1))
    ResidencyFactory(person=remove)
    OwnershipFactory(person=remove)

    merge_persons(keep=keep, remove=remove, by=by)

    keep.refresh_from_db()
    assert (keep.email, keep.date_of_birth) == ("aino@example.com", date(1980, 1, 1))
    assert set(Residency.objects.values_list("person", flat=True)) == {keep.pk}
    assert set(Ownership.objects.values_list("person", flat=True)) == {keep.pk}
    assert not Person.objects.filter(pk=remove.pk).exists()
    assert not AuditEntry.objects.filter(person_key=remove.pk).exists()


def test_an_old_link_leads_to_the_merged_person(by, staff):
    keep, remove = PersonFactory(), PersonFactory()
    merge_persons(keep=keep, remove=remove, by=by)

    assert person_for(staff("manager"), remove.pk) == keep
    assert FormerKey.objects.get().key == remove.pk


def test_overlapping_stays_in_one_home_become_one(by):
    keep, remove, home = PersonFactory(), PersonFactory(), ApartmentFactory()
    ResidencyFactory(person=keep, apartment=home, moved_in=date(2020, 6, 1), moved_out=None)
    ResidencyFactory(person=remove, apartment=home, moved_in=date(2020, 1, 1), moved_out=date(2021, 1, 1))

    merge_persons(keep=keep, remove=remove, by=by)

    assert list(Residency.objects.values_list("person", "moved_in", "moved_out")) == [(keep.pk, date(2020, 1, 1), None)]


def test_two_birthdays_are_two_people(by):
    keep = PersonFactory(date_of_birth=date(1980, 1, 1))
    remove = PersonFactory(date_of_birth=date(1980, 1, 2))

    with pytest.raises(ValidationError):
        merge_persons(keep=keep, remove=remove, by=by)
    assert Person.objects.count() == 2


def test_merging_keeps_the_protection_of_either(by):
    keep, remove = PersonFactory(), ProtectedPersonFactory()

    merge_persons(keep=keep, remove=remove, by=by)

    keep.refresh_from_db()
    assert keep.is_protected


def test_owners_of_one_group_who_are_one_person_keep_the_sum(by):
    group, keep, remove = ShareGroupFactory(), PersonFactory(), PersonFactory()
    OwnershipFactory(share_group=group, person=keep, numerator=1, denominator=2)
    OwnershipFactory(share_group=group, person=remove, numerator=1, denominator=2)

    merge_persons(keep=keep, remove=remove, by=by)

    assert list(Ownership.objects.values_list("person", "numerator", "denominator")) == [(keep.pk, 1, 2)] * 2


def test_managers_neither_set_nor_lift_an_order(staff):
    manager, person = staff("manager"), PersonFactory()

    with pytest.raises(PermissionDenied):
        set_non_disclosure(person=person, since=date(2026, 1, 1), until=None, reported_by="person", by=manager)
    with pytest.raises(PermissionDenied):
        lift_non_disclosure(person=person, by=manager)


def test_an_order_stays_in_force_after_its_date_until_it_is_lifted(staff):
    officer, person = staff("privacy_officer"), PersonFactory()
    set_non_disclosure(person=person, since=date(2020, 1, 1), until=date(2021, 1, 1), reported_by="person", by=officer)
    assert Person.objects.get(pk=person.pk).is_protected

    lift_non_disclosure(person=person, by=officer)
    assert not Person.objects.get(pk=person.pk).is_protected


def test_processing_is_restricted_with_a_reason_and_freed(staff):
    officer, person = staff("privacy_officer"), PersonFactory()

    with pytest.raises(ValidationError):
        restrict_processing(person=person, reason=" ", by=officer)
    restrict_processing(person=person, reason="disputes the facts", by=officer)
    person.refresh_from_db()
    assert (person.restricted_by, person.restriction_reason) == (officer, "disputes the facts")

    lift_restriction(person=person, by=officer)
    person.refresh_from_db()
    assert person.restricted_at is None


def test_merging_two_restricted_people_keeps_the_reasons_of_both_since_the_earlier(by, staff):
    first, second = staff("privacy_officer"), staff("privacy_officer")
    keep, remove = PersonFactory(), PersonFactory()
    restrict_processing(person=remove, reason="disputes the facts", by=first)
    restrict_processing(person=keep, reason="needed for a claim", by=second)
    since = Person.objects.get(pk=remove.pk).restricted_at

    merge_persons(keep=keep, remove=remove, by=by)

    keep.refresh_from_db()
    assert (keep.restricted_at, keep.restricted_by) == (since, first)
    assert keep.restriction_reason.splitlines() == ["needed for a claim", "disputes the facts"]


def test_a_reason_that_both_have_stands_once_after_merging(by, staff):
    officer, keep, remove = staff("privacy_officer"), PersonFactory(), PersonFactory()
    for person in (keep, remove):
        restrict_processing(person=person, reason="disputes the facts", by=officer)

    merge_persons(keep=keep, remove=remove, by=by)

    keep.refresh_from_db()
    assert keep.restriction_reason == "disputes the facts"


def test_reasons_of_a_restriction_are_long_one_by_one_and_not_together(staff):
    officer, person = staff("privacy_officer"), PersonFactory()
    reasons = [f"{number}: {'a' * 490}" for number in range(9)]

    for reason in reasons:
        restrict_processing(person=person, reason=reason, by=officer)
    with pytest.raises(ValidationError, match="too long: at most 500"):
        restrict_processing(person=person, reason="a" * 501, by=officer)

    person.refresh_from_db()
    assert person.restriction_reason.splitlines() == reasons
