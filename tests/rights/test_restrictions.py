"""Restrictions, which stand until each of their reasons is lifted with a letter; objections that were weighed."""

import contextlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from consent.models import Purpose
from consent.queries.may_we import may_we
from registers.models import Person
from registers.services.people import merge_persons
from registers.services.protection import lift_restriction, restrict_processing
from rights.models import RequestMessage, RequestStep
from rights.queries.closing import letter_code, what_is_left
from rights.queries.outcomes import details_of
from rights.services.closing import close_request, reopen
from rights.services.fulfilling import lift, restrict, tell_of_lifting, weigh_objection
from rights.services.handling import match_person, unmatch_person
from rights.services.marketing import ban_address
from rights.services.messages import open_message
from rights.words import Did
from tests.factories import PersonFactory, ResidencyFactory
from tests.kept_rows import looking_away
from tests.mail.letters import letters
from tests.retention.people import BY
from tests.rights.writing import whole_letter

pytestmark = pytest.mark.django_db


def did(request):
    return [step.did for step in request.steps.order_by("pk")]


def ago(time):
    """What has happened so far happened this long ago."""
    with connection.cursor() as cursor, looking_away(cursor):
        RequestStep.objects.update(at=timezone.now() - time)
        RequestMessage.objects.update(at=timezone.now() - time)


def test_a_restriction_holds_at_once_and_is_lifted_with_a_notice_before(case, resident, officer, letter):
    request = case("restriction")

    restrict(request=request, because="the person contests the data", by=officer)

    resident.refresh_from_db()
    assert resident.restricted_at is not None
    assert request.reference in resident.restriction_reason
    with pytest.raises(ValidationError, match="Tell the person"):
        lift(request=request, by=officer)
    message = tell_of_lifting(request=request, by=officer, **vars(letter))
    assert (message.template, len(letters())) == ("lifting", 1)
    with pytest.raises(ValidationError, match="has not opened the letter"):
        lift(request=request, by=officer)
    resident.refresh_from_db()
    assert resident.restricted_at is not None

    open_message(message=message, by=BY)
    lift(request=request, by=officer)

    resident.refresh_from_db()
    assert resident.restricted_at is None
    assert did(request) == [Did.RESTRICTED, Did.WROTE, Did.LIFTED]


@pytest.mark.parametrize(("days", "lifted"), [(6, False), (7, True)])
def test_a_letter_that_nobody_opens_holds_the_restriction_for_a_week(days, lifted, case, resident, officer, letter):
    request = case("restriction")
    restrict(request=request, because="contested", by=officer)
    tell_of_lifting(request=request, by=officer, **vars(letter))
    ago(timedelta(days=days))

    with contextlib.nullcontext() if lifted else pytest.raises(ValidationError):
        lift(request=request, by=officer)
    resident.refresh_from_db()
    assert (resident.restricted_at is None) is lifted


def test_on_the_persons_page_it_is_lifted_after_its_letter_was_opened(case, resident, officer, letter):
    request = case("restriction")
    restrict(request=request, because="contested", by=officer)
    message = tell_of_lifting(request=request, by=officer, **vars(letter))
    with pytest.raises(ValidationError, match="has not opened the letter"):
        lift_restriction(person=resident, by=officer)
    open_message(message=message, by=BY)

    lift_restriction(person=resident, by=officer)

    resident.refresh_from_db()
    assert resident.restricted_at is None


def test_on_the_persons_page_a_restriction_that_was_asked_for_is_not_lifted_without_a_word(case, resident, officer):
    restrict(request=case("restriction"), because="contested", by=officer)
    with pytest.raises(ValidationError, match="has asked for this restriction"):
        lift_restriction(person=resident, by=officer)
    restrict_processing(person=resident, reason="the office's own decision", by=officer)

    with pytest.raises(ValidationError, match="has asked for this restriction"):  # a second reason takes none away
        lift_restriction(person=resident, by=officer)
    resident.refresh_from_db()
    assert resident.restricted_at is not None


def test_of_two_restrictions_one_is_lifted_and_the_other_stands(case, resident, officer, letter):
    first, second = case("restriction"), case("restriction")
    restrict(request=first, because="contested", by=officer)
    since = Person.objects.get(pk=resident.pk).restricted_at
    restrict(request=second, because="needed for a claim", by=officer)
    restrict_processing(person=resident, reason="the office's own decision", by=officer)
    told(first, letter, officer)

    lift(request=first, by=officer)

    resident.refresh_from_db()
    assert resident.restricted_at == since
    left = [f"{second.reference}: needed for a claim", "the office's own decision"]
    assert resident.restriction_reason.splitlines() == left
    with pytest.raises(ValidationError, match="No restriction of this request"):
        lift(request=first, by=officer)
    told(second, letter, officer)
    lift(request=second, by=officer)
    resident.refresh_from_db()
    assert resident.restriction_reason == "the office's own decision"
    lift_restriction(person=resident, by=officer)
    resident.refresh_from_db()
    assert (resident.restricted_at, resident.restriction_reason) == (None, "")


def told(request, letter, officer):
    open_message(message=tell_of_lifting(request=request, by=officer, **vars(letter)), by=BY)


def test_after_two_records_became_one_each_case_lifts_its_own_restriction_with_its_letter(
    case, resident, officer, letter
):
    twin = PersonFactory(last_name="Virtanen", date_of_birth=None)
    first, second = case("restriction"), case("restriction", matched=False, person_key=twin.pk, state="working",
                                              means="desk", identified_at=timezone.now())  # fmt: skip
    for one in (first, second):
        restrict(request=one, because="contested", by=officer)
    merge_persons(keep=resident, remove=twin, by=officer)

    told(first, letter, officer)
    lift(request=first, by=officer)

    resident.refresh_from_db()
    assert resident.restriction_reason == f"{second.reference}: contested"
    with pytest.raises(ValidationError, match="Tell the person"):
        lift(request=second, by=officer)
    told(second, letter, officer)
    lift(request=second, by=officer)
    resident.refresh_from_db()
    assert resident.restricted_at is None


def test_a_letter_of_an_earlier_restriction_lifts_no_later_one(case, resident, officer, letter):
    request = case("restriction")
    restrict(request=request, because="contested", by=officer)
    told(request, letter, officer)
    lift(request=request, by=officer)
    restrict(request=request, because="contested again", by=officer)

    with pytest.raises(ValidationError, match="Tell the person"):
        lift(request=request, by=officer)


def test_a_fulfilled_restriction_is_told_by_its_own_letter(case, officer, letter):
    request = case("restriction")
    restrict(request=request, because="contested", by=officer)

    close_request(request=request, outcome="fulfilled", by=officer, **vars(letter))

    assert request.messages.get().template == "restricted"


def test_without_its_letter_no_restriction_is_lifted(case, resident, officer):
    request = case("restriction")
    restrict(request=request, because="contested", by=officer)

    with pytest.raises(ValidationError):
        tell_of_lifting(request=request, subject="", text="", by=officer)
    with pytest.raises(ValidationError):
        lift(request=request, by=officer)

    resident.refresh_from_db()
    assert resident.restricted_at is not None


def test_an_objection_that_is_upheld_restricts_and_its_test_is_recorded(case, resident, officer):
    request, purpose = case("objection"), Purpose.objects.get(code="informing")
    with pytest.raises(ValidationError):
        weigh_objection(request=request, purpose=purpose, upheld=True, reasoning="", by=officer)

    weigh_objection(request=request, purpose=purpose, upheld=True, reasoning="safety of the person", by=officer)

    resident.refresh_from_db()
    assert resident.restricted_at is not None
    assert "safety of the person" in request.steps.get(did="upheld").note.reveal()


def test_a_purpose_that_was_objected_to_stays_closed_when_the_restriction_is_lifted(case, resident, officer, letter):
    informing = Purpose.objects.get(code="informing")
    assert may_we(person=resident, purpose=informing).code == "interest"
    restrict(request=(first := case("restriction")), because="contested", by=officer)
    request = case("objection")

    weigh_objection(request=request, purpose=informing, upheld=True, reasoning="safety of the person", by=officer)

    for one in (first, request):
        assert may_we(person=resident, purpose=informing).code == "restricted"
        told(one, letter, officer)
        lift(request=one, by=officer)
    resident.refresh_from_db()
    assert resident.restricted_at is None
    answer = may_we(person=resident, purpose=informing)
    assert (answer.may, answer.code, "objection to this use was upheld" in answer.reason) == (False, "upheld", True)
    other = PersonFactory()
    ResidencyFactory(person=other, apartment=resident.residencies.get().apartment)
    assert may_we(person=other, purpose=informing).code == "interest"

    weigh_objection(request=request, purpose=informing, upheld=False, reasoning="weighed anew", by=officer)
    assert may_we(person=resident, purpose=informing).code == "interest"


def test_an_objection_of_somebody_else_closes_no_purpose(case, resident, officer):
    request, informing = case("objection"), Purpose.objects.get(code="informing")
    weigh_objection(request=request, purpose=informing, upheld=True, reasoning="safety of the person", by=officer)
    Person.objects.update(restricted_at=None, restricted_by=None, restriction_reason="")
    assert may_we(person=resident, purpose=informing).code == "upheld"

    unmatch_person(request=request, by=officer)
    match_person(request=request, person=resident, by=officer)

    assert may_we(person=resident, purpose=informing).code == "interest"


def test_an_objection_that_is_not_upheld_changes_nothing_but_the_record(case, resident, officer):
    request, purpose = case("objection"), Purpose.objects.get(code="informing")

    weigh_objection(request=request, purpose=purpose, upheld=False, reasoning="a claim is pending", by=officer)

    resident.refresh_from_db()
    assert resident.restricted_at is None
    assert "a claim is pending" in request.steps.get(did="outweighed").note.reveal()


def test_an_objection_that_was_outweighed_is_not_closed_as_fulfilled(case, officer, letter):
    request, purpose = case("objection", language="en"), Purpose.objects.get(code="informing")
    weigh_objection(request=request, purpose=purpose, upheld=False, reasoning="a claim is pending", by=officer)

    with pytest.raises(ValidationError, match="not upheld: that is a refusal"):
        close_request(request=request, outcome="fulfilled", by=officer, **vars(letter))

    assert "and go on with this use" in details_of(request, "partly")
    refusal = whole_letter(request, "refusal", grounds=("compelling",))
    closed = close_request(request=request, outcome="refused", grounds=["compelling"], by=officer, **refusal)
    assert closed.outcome == "refused"
    reopened = reopen(request=request, because="the claim has ended", by=officer)
    weigh_objection(request=reopened, purpose=purpose, upheld=True, reasoning="nothing is pending now", by=officer)
    assert close_request(request=request, outcome="fulfilled", by=officer, **vars(letter)).outcome == "fulfilled"


def test_the_newest_word_on_each_purpose_counts(case, officer):
    request = case("objection", language="en")
    informing, marketing = Purpose.objects.get(code="informing"), Purpose.objects.get(code="marketing")
    weigh_objection(request=request, purpose=informing, upheld=False, reasoning="a slip of the hand", by=officer)
    weigh_objection(request=request, purpose=informing, upheld=True, reasoning="as it should be", by=officer)
    assert what_is_left(request, "fulfilled") == ""
    assert "go on with this use" not in details_of(request, "fulfilled")

    weigh_objection(request=request, purpose=marketing, upheld=False, reasoning="a claim is pending", by=officer)

    assert "not upheld" in what_is_left(request, "fulfilled")
    assert "upheld it. The data are no longer used" in details_of(request, "partly")
    assert "and go on with this use" in details_of(request, "partly")


def test_who_may_not_restrict_does_not_uphold_an_objection(case, staff):
    request, purpose = case("objection"), Purpose.objects.get(code="informing")

    with pytest.raises(ValidationError, match="privacy officer"):
        weigh_objection(request=request, purpose=purpose, upheld=True, reasoning="safety", by=staff("manager"))

    assert did(request) == []


def test_an_objection_that_was_outweighed_stays_so_when_its_case_is_reopened(case, officer):
    request, purpose = case("objection", language="en"), Purpose.objects.get(code="informing")
    weigh_objection(request=request, purpose=purpose, upheld=False, reasoning="a claim is pending", by=officer)
    refusal = whole_letter(request, "refusal", grounds=("compelling",))
    close_request(request=request, outcome="refused", grounds=["compelling"], by=officer, **refusal)

    reopened = reopen(request=request, because="the person complains", by=officer)

    assert "not upheld: that is a refusal" in what_is_left(reopened, "fulfilled")
    assert "and go on with this use" in details_of(reopened, "partly")


def test_after_a_restriction_was_lifted_no_letter_says_that_it_stands(case, resident, officer, letter):
    request = case("restriction", language="en")
    restrict(request=request, because="contested", by=officer)
    assert (letter_code(request, "fulfilled"), details_of(request, "fulfilled")) == ("restricted", "")
    told(request, letter, officer)
    lift(request=request, by=officer)

    assert letter_code(request, "fulfilled") == "answer"
    assert details_of(request, "fulfilled") == (
        "The processing of the data was restricted. The restriction has been lifted."
    )


def test_who_is_not_identified_reads_nothing_of_anybodys_restriction(case, resident, officer):
    restrict(request=case("restriction"), because="contested", by=officer)
    request = case("objection", identified=False, language="en", email="vieras@example.com", no_marketing=True)
    ban_address(request, BY)
    assert what_is_left(request, "fulfilled") == ""

    assert details_of(request, "fulfilled") == (
        "No direct marketing is sent to the email address from which you asked."
    )
