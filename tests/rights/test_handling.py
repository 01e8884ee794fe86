"""Handling a case: naming the person, identifying, time, closing and reopening."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.services.leaving import leave_office
from rights.deadlines import due_when_suspended
from rights.models import SubjectRequest
from rights.queries.cases import clock_of
from rights.queries.matching import duplicates, held_elsewhere, suggestions
from rights.services.closing import close_request, reopen
from rights.services.handling import ask_identity, extend, identify, match_person, resume, take_case, unmatch_person
from rights.transitions import TRANSITIONS
from rights.words import Did, State
from tests.factories import OrganisationFactory, PersonFactory, ProtectedPersonFactory, SubjectRequestFactory
from tests.mail.letters import letters
from tests.rights.writing import whole_letter

pytestmark = pytest.mark.django_db


def now(request) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=request.pk)


def did(request) -> list[str]:
    return list(request.steps.values_list("did", flat=True))


def test_suggestions_say_why_and_name_nobody(case, resident, officer):
    request = case(matched=False, phone="040 555 0101")
    namesake = PersonFactory(first_names="Aino Maria", last_name="Virtanen")
    PersonFactory(first_names="Aino", last_name="Virta")

    found = suggestions(request, officer)

    assert [(one.person, one.reasons) for one in found] == [
        (resident, ["same name", "same email address", "same phone number"]),
        (namesake, ["same name"]),
    ]
    assert now(request).person_key is None


def test_for_a_child_the_name_of_the_child_counts_and_no_contact_of_the_parent(case, resident, officer):
    child = PersonFactory(first_names="Eino", last_name="Virtanen")
    request = case(matched=False, whom="child", about_name="Eino Virtanen", phone=resident.phone)

    assert [one.person for one in suggestions(request, officer)] == [child]


def test_contacts_of_protected_people_suggest_nothing_to_who_may_not_see_them(case, officer, staff):
    hidden = ProtectedPersonFactory(first_names="Salla", last_name="Salainen", email="salla@example.com")
    request = case(matched=False, name="Joku Toinen", email="salla@example.com")

    assert [one.person for one in suggestions(request, officer)] == [hidden]
    assert suggestions(request, staff("manager")) == []


def test_other_open_requests_and_the_same_one_within_a_year_are_shown_as_duplicates(case):
    request = case()
    same = case("erasure", identified=False)
    old = case(state="closed", outcome="fulfilled", closed_at=timezone.now(), received=timezone.now() - timedelta(400))
    again = case(state="closed", outcome="fulfilled", closed_at=timezone.now())
    other_right = case("erasure", state="closed", outcome="withdrawn", closed_at=timezone.now())
    SubjectRequestFactory()

    assert set(duplicates(request)) == {same, again}
    assert {old, other_right} & set(duplicates(request)) == set()


def test_naming_a_person_identifies_nobody(case, resident, officer):
    request = case(matched=False)

    match_person(request=request, person=resident, by=officer)

    assert (now(request).person_key, now(request).state, now(request).means) == (resident.pk, "received", "")
    with pytest.raises(ValidationError, match="Nobody has been identified"):
        close_request(request=request, outcome="fulfilled", by=officer)


def test_an_address_that_the_register_has_and_that_was_confirmed_identifies(case, officer):
    request = case(identified=False)

    identify(request=request, means="contact", by=officer)

    assert (now(request).state, now(request).means) == ("working", "contact")
    assert did(request)[-1] == Did.IDENTIFIED


@pytest.mark.parametrize(
    ("facts", "means"),
    [
        ({"email": "somebody.else@example.com"}, "contact"),
        (
            {"email": "aino.virtanen+x@example.com"},
            "contact",
        ),  # the same to a marketing ban, another mailbox to its owner
        ({"confirmed_at": None}, "contact"),
        ({}, "account"),
        ({}, "proxy"),
        ({"whom": "child", "about_name": "Eino"}, "desk"),
    ],
)
def test_means_that_do_not_carry_are_refused(case, officer, facts, means):
    request = case(identified=False, **facts)

    with pytest.raises(ValidationError) as refused:
        identify(request=request, means=means, by=officer)

    assert set(refused.value.message_dict) == {"means"}
    assert now(request).identified_at is None


def test_a_representative_is_identified_with_a_note_of_the_right_that_was_seen(case, officer):
    request = case(identified=False, whom="ward", about_name="Eino Virtanen")
    with pytest.raises(ValidationError) as refused:
        identify(request=request, means="proxy", note=" ", by=officer)
    assert set(refused.value.message_dict) == {"note"}

    identify(request=request, means="proxy", note="order of guardianship", by=officer)

    assert (now(request).means, request.steps.get(did=Did.IDENTIFIED).note.reveal()) == (
        "proxy", "order of guardianship",
    )  # fmt: skip


def test_calling_back_needs_a_number_that_the_register_has(case, resident, officer):
    request = case(identified=False)
    type(resident).objects.filter(pk=resident.pk).update(phone="")
    with pytest.raises(ValidationError, match="no phone number"):
        identify(request=request, means="call_back", by=officer)
    type(resident).objects.filter(pk=resident.pk).update(phone="+358405550101")

    identify(request=request, means="call_back", by=officer)

    assert now(request).means == "call_back"


def test_it_was_somebody_else_takes_the_identification_away(case, officer):
    request = case()

    unmatch_person(request=request, by=officer)

    assert (now(request).person_key, now(request).means, now(request).state) == (None, "", "identifying")


def test_postgresql_lets_nothing_go_on_before_the_identification(case):
    request = case(identified=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        SubjectRequest.objects.filter(pk=request.pk).update(state="working")


def test_asking_for_more_needs_a_reason_and_may_stop_the_clock(case, officer, letter):
    request = case(identified=False)
    with pytest.raises(ValidationError) as refused:
        ask_identity(request=request, because=" ", suspend=False, by=officer, **vars(letter))
    assert set(refused.value.message_dict) == {"because"}

    asked = whole_letter(request, "identity", stands_still=True)
    ask_identity(request=request, because="two people of this name", suspend=True, by=officer, **asked)

    assert (now(request).state, now(request).more_asked_because) == ("identifying", "two people of this name")
    clock = clock_of(now(request), timezone.localdate() + timedelta(days=4))
    assert (clock.stands_still, clock.suspended_days) == (True, 4)
    assert clock.counts == request.due_on
    assert clock.moved == due_when_suspended(request.received_on, 4)
    resume(request=request, by=officer)
    assert not clock_of(now(request), timezone.localdate()).stands_still


def test_identifying_lets_the_clock_go_on(case, officer, letter):
    request = case(identified=False)
    asked = whole_letter(request, "identity", stands_still=True)
    ask_identity(request=request, because="two of this name", suspend=True, by=officer, **asked)

    identify(request=request, means="contact", by=officer)

    assert did(request)[-1] == Did.RESUMED


def test_the_time_is_extended_once_before_the_first_date_and_told_with_the_reason(case, officer):
    request = case()
    letter = whole_letter(request, "extension", details="many registers")
    with pytest.raises(ValidationError):
        extend(request=request, because="", by=officer, **letter)

    message = extend(request=request, because="many registers", by=officer, **letter)

    assert (now(request).extended_because, message.template) == ("many registers", "extension")
    assert clock_of(now(request), timezone.localdate()).counts == request.extended_due_on
    with pytest.raises(ValidationError, match="once"):
        extend(request=request, because="again", by=officer, **letter)


def test_after_the_first_date_nothing_is_extended(case, officer, letter):
    request = case(received=timezone.now() - timedelta(days=40))
    assert request.due_on < timezone.localdate()

    with pytest.raises(ValidationError, match="passed"):
        extend(request=request, because="many registers", by=officer, **vars(letter))

    assert (now(request).extended_at, letters()) == (None, [])


def test_a_refusal_names_its_grounds_and_leaves_with_its_letter(case, officer):
    request = case()
    letter = whole_letter(request, "refusal", grounds=("excessive",))
    with pytest.raises(ValidationError) as refused:
        close_request(request=request, outcome="refused", by=officer, **letter)
    assert set(refused.value.message_dict) == {"grounds"}

    close_request(request=request, outcome="refused", grounds=["excessive"], by=officer, **letter)

    closed = now(request)
    assert (closed.state, closed.outcome, closed.refused_because) == ("closed", "refused", ["excessive"])
    assert closed.messages.get().template == "refusal"
    assert "/request/open/" in letters()[-1].text
    assert "Perusteet" in letter["text"]
    assert "Perusteet" not in letters()[-1].text


def test_without_its_letter_nothing_is_closed(case, officer):
    request = case("other")

    with pytest.raises(ValidationError, match="subject and a text"):
        close_request(request=request, outcome="fulfilled", by=officer)

    assert now(request).state == "working"


@pytest.mark.parametrize("right", ["access", "portability", "erasure", "restriction", "objection", "consent"])
def test_what_was_not_done_is_not_closed_as_fulfilled(case, officer, letter, right):
    request = case(right)

    with pytest.raises(ValidationError, match="not been done"):
        close_request(request=request, outcome="fulfilled", by=officer, **vars(letter))

    assert now(request).is_open


def test_a_duplicate_and_its_letter_say_where_it_is_handled(case, officer, letter):
    request, other = case(), case()
    with pytest.raises(ValidationError):
        close_request(request=request, outcome="duplicate", duplicate_of=request, by=officer, **vars(letter))

    says = whole_letter(request, "duplicate", details=other.reference)
    close_request(request=request, outcome="duplicate", duplicate_of=other, by=officer, **says)

    assert (now(request).duplicate_of, request.messages.get().template) == (other, "duplicate")
    assert len(letters()) == 1


def test_who_takes_a_request_back_is_told_that_it_ends(case, officer, letter):
    request = case()
    with pytest.raises(ValidationError, match="subject and a text"):
        close_request(request=request, outcome="withdrawn", by=officer)

    close_request(request=request, outcome="withdrawn", by=officer, **vars(letter))

    assert request.messages.get().template == "withdrawn"


def test_we_hold_nothing_is_not_said_of_somebody_who_is_named(case, officer, letter):
    with pytest.raises(ValidationError, match="named"):
        close_request(request=case(), outcome="nothing", by=officer, **vars(letter))
    nobody = case(matched=False)

    close_request(request=nobody, outcome="nothing", by=officer, **whole_letter(nobody, "nothing"))

    assert now(nobody).outcome == "nothing"


def test_we_hold_nothing_is_not_said_to_who_stands_elsewhere_in_the_registers(case, officer, staff, letter):
    OrganisationFactory(name="Huoltoliike Oy", contact_name="Reijo Huoltaja", email="huolto@example.com")
    by_email = case(matched=False, name="Joku Muu", email="Huolto@example.com")
    of_ours = case(matched=False, name="Joku Muu", email=staff("manager").email)
    held = {by_email: "contact details of Huoltoliike Oy"}

    for request, says in (held | {of_ours: "an account of our own software"}).items():
        with pytest.raises(ValidationError, match=f"held elsewhere: {says}"):
            close_request(request=request, outcome="nothing", by=officer, **vars(letter))
    assert held_elsewhere(case(matched=False, name="Joku Muu", email="joku@example.com")) == []


def test_a_closed_one_is_reopened_with_a_reason_and_its_dates_stay(case, officer):
    request = case(state="closed", outcome="withdrawn", closed_at=timezone.now(), means="contact")
    with pytest.raises(ValidationError):
        reopen(request=request, because="", by=officer)

    reopen(request=request, because="the person asks again", by=officer)

    again = now(request)
    assert (again.state, again.outcome, again.closed_at, again.due_on) == ("working", "", None, request.due_on)


def test_nobody_without_the_right_handles_a_request(case, staff):
    request = case()
    for role in ("customer_service", "accountant", "administrator"):
        with pytest.raises(PermissionDenied):
            take_case(request=request, handler=None, by=staff(role))
    manager = staff("manager")
    take_case(request=request, handler=manager, by=manager)

    assert now(request).handler == manager


def test_a_request_of_somebody_protected_is_matched_by_who_may_see_them_alone(case, staff, officer):
    hidden, request = ProtectedPersonFactory(), case(matched=False)
    with pytest.raises(PermissionDenied):
        match_person(request=request, person=hidden, by=staff("manager"))

    match_person(request=request, person=hidden, by=officer)

    assert now(request).person_key == hidden.pk


@given(st.lists(st.sampled_from(State.values), min_size=1, max_size=8))
def test_no_way_leads_back_to_unconfirmed(path):
    state = State.UNCONFIRMED
    for wanted in path:
        if wanted in TRANSITIONS[state]:
            state = wanted
            assert state != State.UNCONFIRMED


def test_a_closed_one_whose_person_was_not_identified_is_reopened_at_that_step(case, officer):
    request = case(identified=False, state="closed", outcome="withdrawn", closed_at=timezone.now())

    assert reopen(request=request, because="the person asks again", by=officer).state == State.IDENTIFYING
    assert State.IDENTIFYING in TRANSITIONS[State.CLOSED]


def test_every_state_is_in_the_table_and_leads_somewhere():
    assert set(TRANSITIONS) == set(State.values)
    assert all(TRANSITIONS.values())


def test_who_leaves_the_office_hands_open_requests_over(case, staff):
    leaver, successor, admin = staff("manager"), staff("privacy_officer"), staff("administrator")
    request = case(handler=leaver)
    closed = case(handler=leaver, state="closed", outcome="withdrawn", closed_at=timezone.now())

    leave_office(user=leaver, reason="new employer", successor=successor, by=admin)

    assert (now(request).handler, now(closed).handler) == (successor, leaver)
    assert did(request) == [Did.TAKEN]


def test_a_successor_who_may_not_handle_requests_leaves_them_to_everybody(case, staff):
    leaver = staff("manager")
    request = case(handler=leaver)

    leave_office(user=leaver, reason="x", successor=staff("accountant"), by=staff("administrator"))

    assert now(request).handler is None
