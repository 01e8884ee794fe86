"""What was asked is done: corrected, erased, restricted, objected, withdrawn."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from consent.models import Objection, Purpose
from consent.queries.may_we import may_we
from registers.models import Person
from retention.models import ErasureRecord, Sweep
from retention.queries.keep_until import automatic_holds
from retention.services.sweeping import run_sweep
from rights.models import ProposedChange, SubjectRequest
from rights.queries.closing import what_is_left
from rights.queries.erasures import erasures_of, goes_and_stays
from rights.queries.outcomes import details_of
from rights.services.closing import close_request
from rights.services.fulfilling import (
    accept_changes,
    end_consents,
    erase_now,
    propose,
    refuse_change,
    restrict,
    stop_marketing,
    weigh_objection,
)
from rights.words import Did
from tests.disclosures.noticing import firm, waiting
from tests.factories import PersonFactory, ResidencyFactory, SubjectRequestFactory
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


def test_an_objection_to_marketing_is_not_weighed_and_works_at_once(case, resident, house, officer):
    marketing = Purpose.objects.get(code="marketing")
    consent(resident, house)
    assert may_we(person=resident, purpose=marketing, channel="email").may
    request = case("objection")

    stop_marketing(request=request, by=officer)

    assert may_we(person=resident, purpose=marketing, channel="email").code == "objected"
    assert Objection.objects.get().means == "web"


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
    assert details_of(request, "fulfilled") == "We hold no consent that is in force."
    consent(resident, house)
    later = case("consent", language="en")
    end_consents(request=later, purposes=Purpose.objects.filter(code="marketing"), by=officer)
    assert details_of(later, "fulfilled").startswith("The consent has ended.")


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
