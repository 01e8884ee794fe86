"""Consent as staff record it: proof of each word, withdrawn as easily as given."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from consent.models import ConsentEvent
from consent.queries.consents import events_of, in_short
from consent.services.consents import record_customer
from tests.consent.saying import BY, changed, consents, withdraws
from tests.factories import ProtectedPersonFactory

pytestmark = pytest.mark.django_db


def test_a_consent_keeps_everything_that_proves_it(resident, marketing, staff):
    worker = staff("customer_service")

    (given,) = consents(resident, marketing, by=worker, language="sv", evidence="phone call on 3.5.")

    assert given.text == marketing.versions.get().consent_sentence("sv")
    assert "Fluxio Isännöinti Oy" in given.text
    assert (given.kind, given.language, given.means, given.evidence) == ("given", "sv", "phone", "phone call on 3.5.")
    assert (given.maker, given.version.number, given.person_key) == (worker.email, 1, resident.pk)
    assert timezone.now() - given.at < timedelta(minutes=1)


def test_the_text_stays_as_it_was_when_the_purpose_changes(resident, marketing):
    (given,) = consents(resident, marketing)
    before = given.text
    changed(marketing, consent_text={"fi": "Uusi", "sv": "Ny", "en": "New"})

    given.refresh_from_db()

    assert given.text == before
    assert consents(resident, marketing)[0].text == "Uusi"


def test_withdrawing_names_the_consent_that_it_ends(resident, marketing):
    given = consents(resident, marketing, "email", "sms")

    withdrawn = withdraws(resident, marketing)

    assert {event.ends_id for event in withdrawn} == {event.pk for event in given}
    assert [event.kind for event in events_of(resident)] == ["withdrawn", "withdrawn", "given", "given"]


def test_withdrawing_what_was_never_given_is_no_mistake(resident, marketing):
    assert withdraws(resident, marketing) == []


def test_withdrawing_twice_leaves_one_row(resident, marketing):
    consents(resident, marketing)
    withdraws(resident, marketing)

    assert withdraws(resident, marketing) == []


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"evidence": "  "}, "what proves it"),
        ({"means": "web"}, "how the person told it"),
        ({"means": ""}, "how the person told it"),
        ({"language": "de"}, "language"),
        ({"evidence": "told by 010190-999W"}, "identity code"),
    ],
)
def test_a_consent_without_its_proof_is_refused(resident, marketing, facts, says):
    with pytest.raises(ValidationError, match=says):
        consents(resident, marketing, **facts)
    assert not ConsentEvent.objects.exists()


def test_a_consent_that_has_expired_already_is_refused(resident, marketing):
    with pytest.raises(ValidationError, match="passed already"):
        consents(resident, marketing, expires_on=timezone.localdate())


def test_a_purpose_that_rests_on_something_else_takes_no_consent(resident, informing, marketing):
    with pytest.raises(ValidationError, match="does not rest on consent"):
        consents(resident, informing)
    with pytest.raises(ValidationError, match="does not rest on consent"):
        consents(resident, marketing, "email", "post")
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize("role", ["accountant", "administrator"])
def test_who_has_no_right_records_nothing(resident, marketing, staff, role):
    with pytest.raises(PermissionDenied):
        consents(resident, marketing, by=staff(role))


def test_a_protected_persons_consent_is_for_those_who_may_see_them(marketing, staff):
    person = ProtectedPersonFactory()

    with pytest.raises(PermissionDenied):
        consents(person, marketing, by=staff("manager"))
    assert consents(person, marketing, by=staff("privacy_officer")) != []


def test_the_customer_exception_is_recorded_for_marketing_with_its_evidence(resident, marketing, informing):
    facts = {"channels": ["email", "sms"], "evidence": "order 2.2.", "means": "email", "by": BY}
    made = record_customer(person=resident, purpose=marketing, **facts)

    assert sorted((event.kind, event.channel) for event in made) == [("customer", "email"), ("customer", "sms")]
    with pytest.raises(ValidationError, match="direct marketing alone"):
        record_customer(person=resident, purpose=informing, **facts)


def test_the_customer_exception_does_not_undo_a_withdrawal(resident, marketing):
    consents(resident, marketing)
    withdraws(resident, marketing)

    with pytest.raises(ValidationError, match="only a new consent"):
        record_customer(person=resident, purpose=marketing, channels=["sms"], evidence="x", means="email", by=BY)


def test_the_customer_exception_needs_the_contact(board_member, marketing):
    with pytest.raises(ValidationError, match="no such contact"):
        record_customer(person=board_member, purpose=marketing, channels=["email"], evidence="x", means="email", by=BY)


def test_a_channel_named_twice_is_one_consent(resident, marketing):
    assert len(consents(resident, marketing, "email", "email")) == 1


def test_a_text_that_changed_while_it_was_read_out_is_not_recorded(resident, marketing):
    changed(marketing, consent_text={"fi": "Uusi", "sv": "Ny", "en": "New"})

    with pytest.raises(ValidationError, match="text has changed meanwhile"):
        consents(resident, marketing, seen=1)
    assert consents(resident, marketing, seen=2)[0].text == "Uusi"


def test_in_short_a_person_has_one_line_for_each_purpose_and_state(resident, marketing):
    consents(resident, marketing, "email", "sms")
    (line,) = in_short(resident, timezone.localdate())
    assert (line.holds, sorted(line.channels)) == (True, ["email", "text message"])

    withdraws(resident, marketing)
    (line,) = in_short(resident, timezone.localdate())
    assert line.holds is False
