"""What was asked is done: corrected, erased, restricted, objected, withdrawn."""

import contextlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from consent.models import Objection, Purpose
from consent.queries.may_we import may_we
from registers.models import Person
from registers.services.protection import lift_restriction, restrict_processing
from retention.models import ErasureRecord, Sweep
from retention.queries.keep_until import automatic_holds
from retention.services.sweeping import run_sweep
from rights.models import ProposedChange, RequestMessage, SubjectRequest
from rights.queries.erasures import erasures_of, goes_and_stays
from rights.queries.outcomes import details_of
from rights.services.fulfilling import (
    accept_changes,
    end_consents,
    erase_now,
    lift,
    propose,
    refuse_change,
    restrict,
    stop_marketing,
    tell_of_lifting,
    weigh_objection,
)
from rights.services.handling import close_request, reopen, what_is_left
from rights.services.messages import open_message
from rights.words import Did
from tests.disclosures.noticing import firm, waiting
from tests.factories import PersonFactory, ResidencyFactory, SubjectRequestFactory
from tests.mail.letters import letters
from tests.retention.people import BY
from tests.retention.rows import consent

pytestmark = pytest.mark.django_db


def did(request) -> list[str]:
    return list(request.steps.values_list("did", flat=True))


def test_corrections_are_accepted_field_by_field_with_their_source(case, resident, officer):
    request = case("rectification", channel="phone")
    rows = propose(request=request, changes={"last_name": "Virta", "phone": "040 555 0199"}, by=officer)
    last_name, phone = rows

    assert accept_changes(request=request, proposals=[last_name.pk], by=officer) == ["last_name"]

    resident.refresh_from_db()
    assert (resident.last_name, resident.phone) == ("Virta", "+358405550101")
    assert resident.field_sources["last_name"][0] == "phone"
    states = dict(request.proposals.values_list("field", "state"))
    assert states == {"last_name": "accepted", "phone": "open"}
    assert ProposedChange.objects.get(field="last_name").was.reveal() == "Virtanen"
    refuse_change(proposal=phone, note="the number is somebody else's", by=officer)
    assert details_of(SubjectRequest.objects.get(pk=request.pk), "partly").splitlines()[1].startswith("Puhelin")


def test_a_value_that_the_register_refuses_changes_nothing(case, resident, officer):
    request = case("rectification")
    rows = propose(request=request, changes={"last_name": "Virta", "email": "no address"}, by=officer)

    with pytest.raises(ValidationError) as refused:
        accept_changes(request=request, proposals=[row.pk for row in rows], by=officer)

    assert set(refused.value.message_dict) == {"email"}
    resident.refresh_from_db()
    assert resident.last_name == "Virtanen"
    assert not request.proposals.exclude(state="open").exists()


@pytest.mark.parametrize("text", ["17.5.1980", "1980-05-17"])
def test_a_date_of_birth_is_understood_as_people_write_it(case, resident, officer, text):
    request = case("rectification")
    (row,) = propose(request=request, changes={"date_of_birth": text}, by=officer)

    accept_changes(request=request, proposals=[row.pk], by=officer)

    resident.refresh_from_db()
    assert str(resident.date_of_birth) == "1980-05-17"


def test_who_was_told_the_wrong_datum_gets_a_notice(told, officer):
    person = told.people[1]
    identified = {"state": "working", "means": "desk", "identified_at": timezone.now()}
    request = SubjectRequestFactory(right="rectification", person_key=person.pk, **identified)
    (row,) = propose(request=request, changes={"phone": "+358501112222"}, by=officer)

    accept_changes(request=request, proposals=[row.pk], by=officer)

    assert waiting() == [("rectified", firm(told), ["phone"])]


def test_nothing_put_right_or_a_part_of_it_is_not_fulfilled(case, officer):
    request = case("rectification")
    assert "data corrected" in what_is_left(request, "fulfilled")
    last_name, phone = propose(request=request, changes={"last_name": "Virta", "phone": "+358401112222"}, by=officer)
    assert "not decided yet" in what_is_left(request, "partly")

    refuse_change(proposal=phone, note="It is right as it stands.", by=officer)
    accept_changes(request=request, proposals=[last_name.pk], by=officer)

    assert "that is a refusal" in what_is_left(request, "fulfilled")
    assert what_is_left(request, "partly") == ""


def test_refusing_a_correction_needs_its_reason(case, officer):
    request = case("rectification")
    (row,) = propose(request=request, changes={"last_name": "Virta"}, by=officer)

    with pytest.raises(ValidationError):
        refuse_change(proposal=row, note=" ", by=officer)

    assert ProposedChange.objects.get(pk=row.pk).state == "open"


@pytest.mark.django_db(transaction=True)
def test_erasure_ends_what_can_go_by_the_engine_and_leaves_the_rest_explained(case, house, officer):
    former = PersonFactory(first_names="Eero", last_name="Entinen", email="eero@example.com", phone="+358405550177")
    gone = timezone.localdate() - timedelta(days=300)
    ResidencyFactory(person=former, apartment=house.other, moved_in=gone - timedelta(days=900), moved_out=gone)
    other = PersonFactory(email="toinen@example.com")
    ResidencyFactory(person=other, apartment=house.other, moved_in=gone - timedelta(days=900), moved_out=gone)
    facts = {"state": "working", "means": "desk", "identified_at": timezone.now()}
    request = case("erasure", matched=False, person_key=former.pk, **facts)

    sweep = erase_now(request=request, by=officer)
    assert (sweep.kind, sweep.state) == (Sweep.Kind.REQUEST, "running")
    run_sweep(sweep.pk)

    former.refresh_from_db()
    assert (former.email, former.phone, former.last_name) == ("", "", "Entinen")
    other.refresh_from_db()
    assert other.email == "toinen@example.com"
    assert set(ErasureRecord.objects.values_list("person_key", flat=True)) == {former.pk}
    letter = details_of(SubjectRequest.objects.get(pk=request.pk), "partly")
    assert "728/2003" in letter
    assert did(request) == [Did.ERASED]


def test_where_nothing_can_go_yet_nothing_is_opened(case, officer):
    request = case("erasure")

    assert erase_now(request=request, by=officer) is None

    assert not Sweep.objects.exists()
    assert did(request) == [Did.ERASED]


def test_the_case_waits_for_its_erasure_and_the_letter_for_what_was_erased(case, house, officer, letter):
    former = PersonFactory(email="eero@example.com")
    gone = timezone.localdate() - timedelta(days=300)
    ResidencyFactory(person=former, apartment=house.other, moved_in=gone - timedelta(days=900), moved_out=gone)
    facts = {"state": "working", "means": "desk", "identified_at": timezone.now()}
    request = case("erasure", matched=False, person_key=former.pk, language="en", **facts)
    assert goes_and_stays(former.pk, timezone.localdate())[0] == ["Contact details"]
    sweep = erase_now(request=request, by=officer)

    assert erasures_of(request) == [sweep]
    with pytest.raises(ValidationError, match="The erasure is not done yet"):
        close_request(request=request, outcome="fulfilled", by=officer, **vars(letter))
    assert "was erased" not in details_of(request, "partly")
    run_sweep(sweep.pk)

    assert [one.state for one in erasures_of(request)] == ["done"]
    assert "What nothing needs any more was erased." in details_of(request, "partly")
    assert goes_and_stays(former.pk, timezone.localdate())[0] == []
    assert close_request(request=request, outcome="fulfilled", by=officer, **vars(letter)).state == "closed"


def test_erasures_of_others_are_not_those_of_a_case(case, house, officer):
    people = []
    for _ in range(2):
        person = PersonFactory(email="eero@example.com")
        gone = timezone.localdate() - timedelta(days=300)
        ResidencyFactory(person=person, apartment=house.other, moved_in=gone - timedelta(days=900), moved_out=gone)
        people.append(person)
    facts = {"state": "working", "means": "desk", "identified_at": timezone.now(), "matched": False}
    first, second = (case("erasure", person_key=person.pk, **facts) for person in people)
    sweep = erase_now(request=first, by=officer)

    assert erasures_of(first) == [sweep]
    assert erasures_of(second) == []
    assert erasures_of(SubjectRequestFactory(right="erasure")) == []


def test_erasing_is_for_who_may_run_erasures(case, staff):
    with pytest.raises(PermissionDenied):
        erase_now(request=case("erasure"), by=staff("manager"))


@pytest.mark.parametrize(("right", "held"), [("access", True), ("rectification", True), ("erasure", False)])
def test_an_open_request_holds_what_the_person_waits_for(case, resident, officer, right, held):
    request = case(right)

    codes = {hold.code for hold in automatic_holds(resident.pk)}

    assert ("request" in codes) == held
    SubjectRequest.objects.filter(pk=request.pk).update(state="closed", outcome="withdrawn", closed_at=timezone.now())
    assert "request" not in {hold.code for hold in automatic_holds(resident.pk)}


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
    Person.objects.update(restricted_at=timezone.now() - timedelta(days=30))
    tell_of_lifting(request=request, by=officer, **vars(letter))
    RequestMessage.objects.update(at=timezone.now() - timedelta(days=days))

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

    lift_restriction(person=resident, by=officer)

    resident.refresh_from_db()
    assert resident.restricted_at is None


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


def test_an_objection_to_marketing_is_not_weighed_and_works_at_once(case, resident, house, officer):
    marketing = Purpose.objects.get(code="marketing")
    consent(resident, house)
    assert may_we(person=resident, purpose=marketing, channel="email").may
    request = case("objection")

    stop_marketing(request=request, by=officer)

    assert may_we(person=resident, purpose=marketing, channel="email").code == "objected"
    assert Objection.objects.get().means == "web"


def test_an_objection_that_is_upheld_restricts_and_its_test_is_recorded(case, resident, officer):
    request, purpose = case("objection"), Purpose.objects.get(code="informing")
    with pytest.raises(ValidationError):
        weigh_objection(request=request, purpose=purpose, upheld=True, reasoning="", by=officer)

    weigh_objection(request=request, purpose=purpose, upheld=True, reasoning="safety of the person", by=officer)

    resident.refresh_from_db()
    assert resident.restricted_at is not None
    assert "safety of the person" in request.steps.get(did="upheld").note.reveal()


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
    closed = close_request(request=request, outcome="refused", grounds=["compelling"], by=officer, **vars(letter))
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
    assert "upheld it. We no longer use" in details_of(request, "partly")
    assert "and go on with this use" in details_of(request, "partly")


@pytest.mark.parametrize(("upheld", "says"), [(None, "direct marketing on any channel"), (True, "upheld it")])
def test_the_letter_says_what_an_objection_has_led_to(case, officer, upheld, says):
    request = case("objection", language="en")
    if upheld:
        purpose = Purpose.objects.get(code="informing")
        weigh_objection(request=request, purpose=purpose, upheld=True, reasoning="safety", by=officer)
    else:
        stop_marketing(request=request, by=officer)

    assert says in details_of(request, "fulfilled")


def test_where_no_consent_stands_that_is_recorded_and_said(case, officer, resident, house):
    request = case("consent", language="en")

    assert end_consents(request=request, purposes=[], by=officer) == 0

    assert "No consent" in request.steps.get(did="withdrew").note.reveal()
    assert details_of(request, "fulfilled") == "We have no consent of yours that is in force."
    consent(resident, house)
    later = case("consent", language="en")
    end_consents(request=later, purposes=Purpose.objects.filter(code="marketing"), by=officer)
    assert details_of(later, "fulfilled").startswith("Your consent has ended.")


def test_a_consent_ends_at_once(case, resident, officer, house):
    consent(resident, house)
    request = case("consent")
    purposes = Purpose.objects.filter(code="marketing")

    assert end_consents(request=request, purposes=purposes, by=officer) >= 1

    assert did(request) == [Did.WITHDREW]
    assert end_consents(request=request, purposes=purposes, by=officer) == 0


def test_nothing_is_done_before_the_person_is_identified(case, officer):
    for right, act in (
        ("rectification", lambda case: accept_changes(request=case, proposals=[1], by=officer)),
        ("erasure", lambda case: erase_now(request=case, by=officer)),
        ("restriction", lambda case: restrict(request=case, because="x", by=officer)),
        ("objection", lambda case: stop_marketing(request=case, by=officer)),
    ):
        with pytest.raises(ValidationError, match="before the person is identified"):
            act(case(right, identified=False))
    assert not Person.objects.filter(restricted_at__isnull=False).exists()


def test_what_was_not_asked_is_not_done(case, officer):
    with pytest.raises(ValidationError, match="not what was asked"):
        erase_now(request=case("access"), by=officer)


def test_who_may_not_restrict_does_not_uphold_an_objection(case, staff):
    request, purpose = case("objection"), Purpose.objects.get(code="informing")

    with pytest.raises(ValidationError, match="privacy officer"):
        weigh_objection(request=request, purpose=purpose, upheld=True, reasoning="safety", by=staff("manager"))

    assert did(request) == []
