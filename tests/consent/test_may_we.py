"""May we: one question, one answer with its reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from consent.models import Purpose
from consent.queries.may_we import decisions, may_we
from consent.queries.purposes import version_of
from consent.services.consents import record_customer
from consent.services.objections import object_to_marketing
from consent.services.purposes import change_purpose, end_purpose, says_of
from registers.models import Person
from registers.services.people import correct_person, merge_persons
from registers.services.protection import restrict_processing
from tests.consent.saying import BY, changed, consents, texts, withdraws
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


def test_calls_and_letters_to_customers_rest_on_legitimate_interest(board_member, marketing):
    assert asked(board_member, marketing, "phone") == (True, "interest")
    assert asked(board_member, marketing, "post") == (True, "interest")


def test_resident_lists_serve_no_marketing(resident, owner, marketing):
    """They are the housing companies', for their purposes (law.md, roles)."""
    for person in (resident, owner):
        assert {asked(person, marketing, channel) for channel in ("phone", "post")} == {(False, "not_concerned")}


def test_electronic_marketing_never_rests_on_anything_else_whatever_the_purpose_says(board_member, marketing):
    with pytest.raises(ValidationError, match="rests on consent alone"):
        changed(marketing, bases=[replace(b, channels=[]) for b in says_of(version_of(marketing)).bases])
    with connection.cursor() as cursor:  # as an older version could have said it
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE consent_legalbasis SET channels = '{}' WHERE article = 'f'")
        cursor.execute("SET session_replication_role = DEFAULT")
    board_member.email = "outi@example.com"

    assert asked(board_member, marketing, "phone") == (True, "interest")
    assert asked(board_member, marketing, "email") == (False, "no_consent")


def test_marketing_is_asked_about_by_channel(resident, marketing):
    with pytest.raises(ValueError, match="by which channel"):
        may_we(person=resident, purpose=marketing)


def test_a_new_text_of_the_consent_needs_new_consent(resident, marketing):
    consents(resident, marketing)
    changed(marketing, consent_text=texts("Also to our partners"))
    assert asked(resident, marketing) == (False, "outdated")

    consents(resident, marketing)
    assert asked(resident, marketing) == (True, "consent")


def test_more_recipients_need_new_consent_and_fewer_do_not(resident, marketing):
    consents(resident, marketing)
    now = version_of(marketing)
    changed(marketing, recipients=[*now.recipients, "counsel"])
    assert asked(resident, marketing) == (False, "outdated")

    consents(resident, marketing)
    changed(marketing, recipients=now.recipients)
    assert asked(resident, marketing) == (True, "consent")


def test_a_mended_spelling_keeps_the_consents_when_somebody_says_so(resident, marketing):
    consents(resident, marketing)
    says = replace(says_of(version_of(marketing)), consent_text=texts("The same, spelt better"))

    change_purpose(purpose=marketing, says=says, reason="spelling", by=BY, consents_stay=True)

    assert asked(resident, marketing) == (True, "consent")


def test_marketing_cannot_be_called_something_else_to_end_objections(resident, marketing, management):
    object_to_marketing(person=resident, controller=management, means="phone", by=BY)

    with pytest.raises(ValidationError, match="Marketing stays marketing"):
        changed(marketing, is_marketing=False)
    assert asked(resident, marketing) == (False, "objected")


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


def customer(person, marketing, *channels, **facts):
    plain = {"channels": channels or ["email"], "evidence": "order of 2.2.", "means": "email", "by": BY}
    return record_customer(person=person, purpose=marketing, **plain | facts)


def test_a_recorded_customer_may_get_electronic_marketing_by_the_contact_that_was_given(resident, owner, marketing):
    customer(resident, marketing)

    assert asked(resident, marketing) == (True, "customer")
    assert asked(resident, marketing, "sms") == (False, "no_consent")
    assert asked(resident, marketing, "phone") == (True, "interest")
    assert asked(owner, marketing) == (False, "no_consent")


def test_the_customer_exception_ends_with_the_contact_and_with_its_day(resident, marketing):
    until = timezone.localdate() + timedelta(days=5)
    customer(resident, marketing, "email", "sms", expires_on=until)
    assert asked(resident, marketing, on=until) == (False, "expired")

    correct_person(person=resident, changes={"email": "muu@example.com"}, source="phone", by=BY)
    resident.refresh_from_db()

    assert asked(resident, marketing) == (False, "expired")
    assert asked(resident, marketing, "sms") == (True, "customer")


def test_an_objection_stops_every_channel_even_over_consent(resident, marketing, management):
    consents(resident, marketing, "email", "sms")
    object_to_marketing(person=resident, controller=management, means="phone", by=BY)

    assert {asked(resident, marketing, channel) for channel in ("email", "sms", "phone", "post")} == {
        (False, "objected")
    }


def test_an_objection_to_marketing_leaves_announcements_alone(resident, marketing, informing, management):
    object_to_marketing(person=resident, controller=management, means="phone", by=BY)

    assert asked(resident, informing) == (True, "interest")


def test_a_housing_companys_own_purpose_takes_the_place_of_the_management_companys(resident, informing, own_controller):
    own = Purpose.objects.get(controller=own_controller, code="informing")

    assert asked(resident, informing) == (False, "not_concerned")
    assert asked(resident, own) == (True, "interest")


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
