"""May we: one question, one answer with its reason."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consent.queries.may_we import decisions, may_we
from consent.services.consents import record_customer
from consent.services.objections import object_to_marketing
from consent.services.purposes import end_purpose
from registers.models import Person
from registers.services.people import merge_persons
from registers.services.protection import restrict_processing
from tests.consent.saying import BY, consents, withdraws
from tests.factories import PersonFactory, ResidencyFactory

pytestmark = pytest.mark.django_db


def asked(person, purpose, channel="email", on=None):
    answer = may_we(person=person, purpose=purpose, channel=channel, on=on)
    return answer.may, answer.code


def test_a_resident_may_be_informed_on_a_legitimate_interest(resident, informing):
    assert asked(resident, informing) == (True, "interest")


def test_somebody_whom_the_purpose_does_not_concern_may_not(stranger, informing):
    assert asked(stranger, informing) == (False, "not_concerned")


def test_a_purpose_that_has_ended_allows_nothing(resident, informing):
    end_purpose(purpose=informing, reason="test", by=BY)

    assert asked(resident, informing) == (False, "no_purpose")


def test_a_purpose_is_named_by_its_code_too(resident, informing):
    assert asked(resident, "informing") == (True, "interest")


def test_an_unknown_channel_is_a_mistake_of_the_program(resident, informing):
    with pytest.raises(ValueError, match="no channel"):
        may_we(person=resident, purpose=informing, channel="fax")


def test_restricted_processing_stops_every_purpose(resident, informing, marketing, staff):
    consents(resident, marketing)
    restrict_processing(person=resident, reason="contested", by=staff("privacy_officer"))

    assert asked(resident, informing) == (False, "restricted")
    assert asked(resident, marketing) == (False, "restricted")


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_electronic_marketing_needs_consent(resident, marketing, channel):
    assert asked(resident, marketing, channel) == (False, "no_consent")

    consents(resident, marketing, channel)

    assert asked(resident, marketing, channel) == (True, "consent")


def test_consent_for_one_channel_is_none_for_the_other(resident, marketing):
    consents(resident, marketing, "email")

    assert asked(resident, marketing, "sms") == (False, "no_consent")


def test_calls_and_letters_to_customers_rest_on_legitimate_interest(resident, marketing):
    assert asked(resident, marketing, "phone") == (True, "interest")
    assert asked(resident, marketing, "post") == (True, "interest")


def test_withdrawing_takes_effect_at_once_on_all_channels(resident, marketing):
    consents(resident, marketing, "email", "sms")
    assert asked(resident, marketing, "sms") == (True, "consent")

    withdraws(resident, marketing)

    assert asked(resident, marketing, "email") == (False, "withdrawn")
    assert asked(resident, marketing, "sms") == (False, "withdrawn")


def test_a_consent_given_again_counts(resident, marketing):
    consents(resident, marketing)
    withdraws(resident, marketing)
    consents(resident, marketing)

    assert asked(resident, marketing) == (True, "consent")


def test_an_expired_consent_counts_no_more_from_its_day_on(resident, marketing):
    until = timezone.localdate() + timedelta(days=10)
    consents(resident, marketing, expires_on=until)

    assert asked(resident, marketing, on=until - timedelta(days=1)) == (True, "consent")
    assert asked(resident, marketing, on=until) == (False, "expired")


def test_yesterday_a_consent_of_today_was_not_there(resident, marketing):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE consent_purposeversion SET at = at - interval '30 days'")
        cursor.execute("SET session_replication_role = DEFAULT")
    consents(resident, marketing)

    assert asked(resident, marketing, on=timezone.localdate() - timedelta(days=1)) == (False, "no_consent")


def test_a_recorded_customer_may_get_electronic_marketing_but_no_others(resident, owner, marketing):
    record_customer(person=resident, purpose=marketing, evidence="order of 2.2.", means="email", by=BY)

    assert asked(resident, marketing) == (True, "customer")
    assert asked(resident, marketing, "sms") == (True, "customer")
    assert asked(owner, marketing) == (False, "no_consent")


def test_an_objection_stops_every_channel_even_over_consent(resident, marketing, management):
    consents(resident, marketing, "email", "sms")
    object_to_marketing(person=resident, controller=management, means="phone", by=BY)

    assert {asked(resident, marketing, channel) for channel in ("email", "sms", "phone", "post", "")} == {
        (False, "objected")
    }


def test_an_objection_to_marketing_leaves_announcements_alone(resident, marketing, informing, management):
    object_to_marketing(person=resident, controller=management, means="phone", by=BY)

    assert asked(resident, informing) == (True, "interest")


def test_consents_and_objections_follow_a_merging(marketing, management, house):
    keep, gone, gone2 = (PersonFactory(last_name="Sama", first_names="Sanni") for _ in range(3))
    ResidencyFactory(person=keep, apartment=house.apartment)
    consents(gone, marketing)
    assert asked(keep, marketing) == (False, "no_consent")
    merge_persons(keep=keep, remove=gone, by=BY)
    assert asked(keep, marketing) == (True, "consent")

    object_to_marketing(person=gone2, controller=management, means="phone", by=BY)
    merge_persons(keep=keep, remove=gone2, by=BY)
    assert asked(keep, marketing) == (False, "objected")


def test_the_answer_says_why_in_words(resident, marketing):
    answer = may_we(person=resident, purpose=marketing, channel="email")

    assert answer.reason == "No: the person has not given consent."
    assert not answer


def test_a_day_before_the_purpose_was_made_allows_nothing(resident, informing):
    assert asked(resident, informing, on=date(2001, 1, 1)) == (False, "no_purpose")


def test_any_number_of_people_takes_the_same_queries(resident, marketing, management, house, django_assert_num_queries):
    object_to_marketing(person=resident, controller=management, means="phone", by=BY)
    for number in (1, 60):
        for _ in range(number):
            person = PersonFactory(email=f"p{PersonFactory._meta._counter.seq}@example.com")
            ResidencyFactory(apartment=house.apartment, person=person, role="household")
            consents(person, marketing)
        with django_assert_num_queries(9):
            found = decisions(people=Person.objects.all(), purpose=marketing, channel="email")
    assert len(found) == 62
    assert sorted({answer.code for answer in found.values()}) == ["consent", "objected"]
