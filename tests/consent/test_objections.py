"""An objection acts at once, on every channel, and is recognised after erasure in any spelling."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from consent.models import Objection, Suppression
from consent.queries.may_we import may_we
from consent.services.consents import record_customer
from consent.services.objections import object_to_marketing, recognise
from registers.models import Person
from registers.services.people import correct_person, register_person
from tests.consent.saying import BY, consents
from tests.factories import ApartmentFactory, PersonFactory, ResidencyFactory
from tests.imports.flow import RESIDENTS, imported

pytestmark = pytest.mark.django_db
CHANNELS = ["email", "sms", "phone", "post"]


def objects(person, management, **facts):
    return object_to_marketing(person=person, controller=management, by=BY, **{"means": "phone"} | facts)


def erase(person):
    """As erasure will: the person's rows go, what must stay keeps no value of theirs."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registers_residency WHERE person_id = %s", [person.pk])
        cursor.execute("DELETE FROM accounts_auditentry WHERE person_key = %s", [person.pk])
        cursor.execute("DELETE FROM registers_person WHERE id = %s", [person.pk])
    assert not Person.objects.filter(pk=person.pk).exists()


def codes(person, marketing):
    return {may_we(person=person, purpose=marketing, channel=channel).code for channel in CHANNELS}


def test_an_objection_bans_every_known_contact(resident, management):
    objects(resident, management)

    assert sorted(Suppression.objects.values_list("kind", flat=True)) == ["email", "phone", "post"]


def test_the_ban_holds_no_contact_in_clear(resident, management):
    objects(resident, management)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(s::text, ' ') FROM consent_suppression s")
        stored = cursor.fetchone()[0]
    assert stored
    for value in ("aino", "example", "358401234567", "Rantatie"):
        assert value not in stored.lower()


@pytest.mark.parametrize(
    "spelling",
    [
        {"email": "AINO.VIRTANEN@example.com"},
        {"email": "aino.virtanen+kirjeet@Example.COM"},
        {"phone": "040 123 4567"},
        {"phone": "+358 (40) 1234567"},
        {"street_address": "Rantatie 5 a 12", "postal_code": "00530", "last_name": "VIRTANEN", "first_names": "aino"},
    ],
)
def test_who_comes_back_after_erasure_is_recognised_in_any_spelling(resident, marketing, management, house, spelling):
    objects(resident, management)
    erase(resident)

    back = register_person(by=BY, source="phone", **{"last_name": "Uusi", "first_names": "Nimi"} | spelling)
    ResidencyFactory(person=back)

    assert Objection.objects.get(person_key=back.pk).origin == "matched"
    assert codes(back, marketing) == {"objected"}


def test_a_stranger_with_other_contacts_is_not_taken_for_them(resident, marketing, management, house):
    objects(resident, management)
    erase(resident)

    other = register_person(by=BY, source="phone", last_name="Virtanen", first_names="Aino", email="aino@example.org")
    ResidencyFactory(person=other)

    assert not Objection.objects.filter(person_key=other.pk).exists()
    assert may_we(person=other, purpose=marketing, channel="post").code == "not_concerned"


def test_an_import_recognises_them_and_says_how_many(resident, marketing, management, house):
    objects(resident, management)
    erase(resident)

    run = imported(
        house.company, RESIDENTS, ["A 12", "Virtanen", "Aino", "1.1.1980", "0401234567", "1.2.2026"],
        ["A 12", "Salo", "Eero", "", "0409999999", "1.2.2026"],
    )  # fmt: skip

    assert run.counts["objected"] == 1
    assert codes(Person.objects.get(last_name="Virtanen"), marketing) == {"objected"}
    assert may_we(person=Person.objects.get(last_name="Salo"), purpose=marketing, channel="email").code == "no_consent"


def test_moving_back_into_the_same_home_is_recognised_by_the_import(resident, marketing, management, house):
    objects(resident, management)
    erase(resident)

    run = imported(house.company, RESIDENTS, ["A 12", "Virtanen", "Aino", "", "", "1.2.2026"])

    assert run.counts["objected"] == 1


def test_a_new_contact_of_somebody_who_objected_is_covered(resident, marketing, management):
    objects(resident, management)

    correct_person(person=resident, changes={"email": "toinen@example.com", "phone": ""}, source="phone", by=BY)
    resident.refresh_from_db()

    assert codes(resident, marketing) == {"objected"}


def test_taking_over_a_banned_address_is_recognised(resident, stranger, marketing, management):
    ResidencyFactory(person=stranger)
    objects(resident, management)
    assert may_we(person=stranger, purpose=marketing, channel="phone").code == "not_concerned"

    correct_person(person=stranger, changes={"email": resident.email}, source="phone", by=BY)
    stranger.refresh_from_db()

    assert codes(stranger, marketing) == {"objected"}


def test_nobody_at_the_office_can_undo_it(resident, marketing, management, staff):
    objects(resident, management)

    for officer in (BY, staff("privacy_officer")):
        with pytest.raises(ValidationError, match="Nobody at the office can undo"):
            consents(resident, marketing, by=officer)
        with pytest.raises(ValidationError, match="Nobody at the office can undo"):
            record_customer(
                person=resident, purpose=marketing, channels=["email"], evidence="x", means="phone", by=officer
            )


def test_objecting_twice_adds_nothing(resident, management):
    first = objects(resident, management)
    assert objects(resident, management) == first

    assert Objection.objects.count() == 1
    assert Suppression.objects.count() == 3


@pytest.mark.parametrize(
    "contact", [{"email": "toinen@example.com"}, {"phone": "+358409998887"}, {"street_address": "Uusi katu 1"}]
)
def test_a_contact_that_came_after_the_objection_is_recognised_after_erasure_too(
    resident, marketing, management, contact
):
    objects(resident, management)
    correct_person(person=resident, changes=contact, source="phone", by=BY)
    erase(resident)

    facts = {"last_name": "Virtanen", "first_names": "Aino"} | contact
    back = register_person(by=BY, source="phone", **facts)

    assert codes(back, marketing) == {"objected"}


def test_a_home_that_came_after_the_objection_is_recognised_after_erasure_too(resident, marketing, management, house):
    objects(resident, management)
    correct_person(person=resident, changes={"email": "", "phone": ""}, source="phone", by=BY)
    other = ApartmentFactory(building=house.building, staircase="B", number=7)
    ResidencyFactory(person=resident, apartment=other)
    erase(resident)

    back = register_person(by=BY, source="phone", last_name="Virtanen", first_names="Aino")
    ResidencyFactory(person=back, apartment=other)

    assert codes(back, marketing) == {"objected"}


def test_recognising_takes_the_same_queries_for_any_number_of_people(resident, management, django_assert_num_queries):
    objects(resident, management)
    for number in (2, 25):
        with connection.cursor() as cursor:  # as the import writes people: without saving models
            cursor.execute(
                "INSERT INTO registers_person (last_name, first_names, email, phone, language, street_address,"
                " postal_code, post_office, country, field_sources, non_disclosure_source, restriction_reason, source,"
                " obtained_on) SELECT 'Virtanen', 'Aino', %s, '', 'fi', '', '', '', '', '{}', '', '', 'system',"
                " current_date FROM generate_series(1, %s) RETURNING id",
                [resident.email, number],
            )
            ids = [key for (key,) in cursor.fetchall()]
        with django_assert_num_queries(7):
            assert recognise(person_ids=ids, by=BY) == number


def test_who_has_no_right_records_nothing(resident, management, staff):
    with pytest.raises(PermissionDenied):
        object_to_marketing(person=resident, controller=management, means="phone", by=staff("accountant"))


def test_staff_say_how_they_were_told(resident, management, staff):
    with pytest.raises(ValidationError, match="how the person told it"):
        object_to_marketing(person=resident, controller=management, means="", by=staff("manager"))


def test_saving_a_person_costs_one_query_more_while_nobody_has_objected(management, django_assert_num_queries):
    person = PersonFactory()
    with django_assert_num_queries(1):
        assert recognise(person_ids=[person.pk], by=BY) == 0
