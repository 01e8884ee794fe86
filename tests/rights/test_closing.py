"""Closing a request: what its outcome may be called, and what its log keeps of how it ended."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from accounts.acting import Program
from consent.contacts import email_key
from consent.services.objections import object_by_address
from registers.models import Controller
from rights.keeping import end_requests
from rights.models import RequestStep
from rights.queries.closing import what_is_left
from rights.queries.outcomes import details_of
from rights.services.closing import close_request, reopen
from rights.services.messages import take_message, write_message
from rights.services.packages import hand_over, run_build
from rights.words import Did, Ground
from tests.factories import OrganisationFactory, PersonFactory
from tests.rights.whole_person import built, read_all
from tests.rights.writing import whole_letter

pytestmark = pytest.mark.django_db
LEFT_OUT = "Something was left out of the copy: that is a refusal in part, with its ground."


def handed_over(package, officer, decision="include"):
    run_build(package.pk)
    package.refresh_from_db()
    read_all(package, officer, decision)
    ready = built(package, officer)
    hand_over(package=ready, way="paper", by=officer)
    return ready


@pytest.mark.parametrize(("decision", "left"), [("include", ""), ("leave_out", LEFT_OUT)])
def test_a_copy_with_a_text_left_out_is_fulfilled_in_part_alone(aino, prepare, officer, decision, left):
    package = handed_over(prepare(aino), officer, decision)
    assert package.items.exists()

    assert what_is_left(package.request, "fulfilled") == left
    assert what_is_left(package.request, "partly") == ""


def test_a_copy_without_what_the_law_excepts_is_fulfilled_in_part_alone(aino, prepare, officer):
    request = handed_over(prepare(aino, exception="Section 34: an inquiry goes on"), officer).request
    letter = whole_letter(request, "partly", grounds=("national",))

    with pytest.raises(ValidationError, match="left out of the copy"):
        close_request(request=request, outcome="fulfilled", by=officer, **letter)
    closed = close_request(request=request, outcome="partly", grounds=["national"], by=officer, **letter)

    assert (closed.outcome, closed.refused_because) == ("partly", ["national"])


def test_how_it_ended_stays_in_the_log_when_it_is_reopened(case, officer):
    request = case()
    letter = whole_letter(request, "refusal", grounds=("excessive", "others"))
    close_request(request=request, outcome="refused", grounds=["excessive", "others"], by=officer, **letter)

    reopen(request=request, because="the person complains", by=officer)

    note = RequestStep.objects.get(request=request, did=Did.CLOSED).note.reveal()
    assert note == f"refused; {Ground.EXCESSIVE.label}; {Ground.OTHERS.label}"


def test_the_log_says_in_which_request_a_duplicate_is_handled(case, officer):
    request, other = case(), case()

    letter = whole_letter(request, "duplicate", details=other.reference)
    close_request(request=request, outcome="duplicate", duplicate_of=other, by=officer, **letter)

    assert request.steps.get(did=Did.CLOSED).note.reveal() == f"handled in another request; {other.reference}"


def test_what_the_person_wrote_meanwhile_is_read_before_the_case_is_closed(case, officer):
    request = case("other")
    message = take_message(request=request, text="Vielä yksi asia", by=Program("web form"))
    letter = whole_letter(request, "answer")

    with pytest.raises(ValidationError, match="has written meanwhile: read it first"):
        close_request(request=request, outcome="fulfilled", seen=0, by=officer, **letter)

    closed = close_request(request=request, outcome="fulfilled", seen=message.pk, by=officer, **letter)
    assert closed.state == "closed"


def test_our_own_letters_do_not_stand_in_the_way_of_closing(case, officer):
    request = case("other")
    write_message(request=request, subject="Kysymys", text="Missä asuit?", by=officer)

    letter = whole_letter(request, "answer")
    assert close_request(request=request, outcome="fulfilled", seen=0, by=officer, **letter).state == "closed"


def as_duplicate(request, other, officer):
    letter = whole_letter(request, "duplicate", details=other.reference)
    return close_request(request=request, outcome="duplicate", duplicate_of=other, by=officer, **letter)


def test_the_name_that_somebody_gives_makes_no_duplicate_of_the_persons_own_request(case, resident, officer):
    own = case()
    stranger = case(identified=False, person_key=resident.pk, email="vieras@example.com")

    with pytest.raises(ValidationError, match="not of the same person"):
        as_duplicate(stranger, own, officer)

    assert stranger.messages.count() == 0


def test_two_people_of_one_mailbox_are_two_requests(case, resident, officer):
    """Whether the office has named the other, or only the form has."""
    aino = case()
    pekka = PersonFactory(first_names="Pekka", last_name="Virtanen")
    named = case(identified=False, person_key=pekka.pk, name="Pekka Virtanen")
    by_form = case(matched=False, name="Pekka Virtanen")

    for request in (named, by_form):
        with pytest.raises(ValidationError, match="not of the same person"):
            as_duplicate(request, aino, officer)
    assert as_duplicate(case(matched=False, name="virtanen aino"), aino, officer).outcome == "duplicate"


def test_a_request_that_has_ended_meanwhile_answers_no_other(case, officer):
    request, gone = case(), case(matched=False, state="unconfirmed", confirmed_at=None)
    letter = whole_letter(request, "duplicate", details=gone.reference)
    end_requests([gone.pk])

    with pytest.raises(ValidationError, match="Say in which request it is handled"):
        close_request(request=request, outcome="duplicate", duplicate_of=gone, by=officer, **letter)


@pytest.mark.parametrize(("one", "other"), [("self", "child"), ("child", "self"), ("child", "proxy")])
def test_who_asks_for_oneself_and_for_somebody_gets_two_answers(case, officer, one, other):
    facts = {"identified": False, "matched": False}
    first = case(whom=one, about_name="" if one == "self" else "Eino", **facts)
    second = case(whom=other, about_name="" if other == "self" else "Eino", **facts)

    with pytest.raises(ValidationError, match="not of the same person"):
        as_duplicate(first, second, officer)


def test_two_children_are_two_requests_and_one_child_is_one(case, officer):
    facts = {"identified": False, "matched": False, "whom": "child"}
    eino, again, other = (case(about_name=name, **facts) for name in ("Eino", "eino ", "Onni"))

    with pytest.raises(ValidationError, match="not of the same person"):
        as_duplicate(eino, other, officer)

    assert as_duplicate(eino, again, officer).outcome == "duplicate"


def test_an_answer_from_before_it_came_answers_no_request(case, officer):
    before = timezone.now() - timedelta(days=300)
    old = case(state="closed", outcome="fulfilled", closed_at=before, received_at=before - timedelta(days=9))
    lately = case(state="closed", outcome="fulfilled", closed_at=timezone.now())

    with pytest.raises(ValidationError, match="this one asks anew"):
        as_duplicate(case(), old, officer)

    assert as_duplicate(case(), lately, officer).outcome == "duplicate"


def test_what_answers_another_request_is_not_withdrawn_before_that_is_open_again(case, officer, letter):
    answers, other, third = case(), case(), case()
    as_duplicate(other, answers, officer)

    for outcome, code in (("withdrawn", "withdrawn"), ("duplicate", "duplicate")):
        says = whole_letter(answers, code, details=third.reference)
        with pytest.raises(ValidationError, match=f"{other.reference} was closed because this one answers it"):
            close_request(request=answers, outcome=outcome, duplicate_of=third, by=officer, **says)

    reopen(request=other, because="answered on its own", by=officer)
    assert close_request(request=answers, outcome="withdrawn", by=officer, **vars(letter)).outcome == "withdrawn"


def test_a_duplicates_letter_names_the_request_that_answers_it(case, officer):
    request, other = case(), case()
    letter = whole_letter(request, "duplicate", details=other.reference)
    letter["text"] = letter["text"].replace(other.reference, "toisessa")

    with pytest.raises(ValidationError, match="the request that answers it"):
        close_request(request=request, outcome="duplicate", duplicate_of=other, by=officer, **letter)


def test_a_namesake_elsewhere_is_no_obstacle_when_it_is_said_why_it_is_somebody_else(case, officer):
    OrganisationFactory(name="Huoltoliike Oy", contact_name="Reijo Huoltaja", email="huolto@example.com")
    request = case(matched=False, name="Reijo  huoltaja", email="reijo@example.com")
    letter = whole_letter(request, "nothing")
    with pytest.raises(ValidationError, match="contact details of Huoltoliike Oy"):
        close_request(request=request, outcome="nothing", by=officer, **letter)

    close_request(request=request, outcome="nothing", not_theirs="lives abroad, called the firm", by=officer, **letter)

    assert request.steps.get(did=Did.CLOSED).note.reveal() == "we hold no data; lives abroad, called the firm"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_we_hold_nothing_names_the_ban_that_we_hold(case, officer, language):
    management = Controller.objects.get(housing_company=None)
    request = case(matched=False, name="Joku Muu", email="joku@example.com", language=language)
    key = email_key("joku@example.com")
    object_by_address(contact_key=key, controller=management, means="web", by=Program("web form"))
    said = details_of(request, "nothing")
    assert said

    with pytest.raises(ValidationError, match="what is kept all the same"):
        close_request(request=request, outcome="nothing", by=officer, **whole_letter(request, "nothing"))

    letter = whole_letter(request, "nothing", details=said)
    assert close_request(request=request, outcome="nothing", by=officer, **letter).outcome == "nothing"


def test_a_ban_of_an_address_that_nobody_has_confirmed_is_told_to_nobody(case, officer):
    management = Controller.objects.get(housing_company=None)
    object_by_address(
        contact_key=email_key("joku@example.com"), controller=management, means="web", by=Program("web form")
    )
    facts = {"matched": False, "name": "Joku Muu", "email": "joku@example.com", "confirmed_at": None}
    request = case(channel="letter", answer_by="paper", address="Katu 1", **facts)
    objection = case("objection", channel="letter", answer_by="paper", address="Katu 1", no_marketing=True, **facts)

    assert details_of(request, "nothing") == ""
    assert "Nobody has been identified" in what_is_left(objection, "fulfilled")


@pytest.mark.django_db(transaction=True)
def test_two_requests_are_not_closed_as_handled_in_each_other(case, officer):
    one, other = case(), case()
    results = []

    def close(first, second):
        try:
            results.append(as_duplicate(first, second, officer).outcome)
        except ValidationError:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=close, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["duplicate", "refused"]
