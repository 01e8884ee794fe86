"""Closing a request: what its outcome may be called, and what its log keeps of how it ended."""

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import Program
from rights.models import RequestStep
from rights.queries.closing import what_is_left
from rights.services.closing import close_request, reopen
from rights.services.messages import take_message, write_message
from rights.services.packages import hand_over, run_build
from rights.words import Did, Ground
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
