"""What was recorded wrongly is put right with a trace; two wishes in one letter become two requests."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from retention.queries.keep_until import automatic_holds
from rights.deadlines import due_on, extended_due_on
from rights.models import SubjectRequest
from rights.services.attaching import attach
from rights.services.filing import CleanFile
from rights.services.fulfilling import propose, refuse_change, stop_marketing
from rights.services.packages import discard, prepare_package, run_build
from rights.services.recorded import correct_recorded, open_second
from rights.words import Did

pytestmark = pytest.mark.django_db
WHY = "read again: the letter asks for a copy"


def correct(request, officer, **facts):
    now = {"right": request.right, "whom": request.whom, "language": request.language, "because": WHY}
    return correct_recorded(request=request, by=officer, **now | facts)


def holds(person) -> set[str]:
    return {hold.code for hold in automatic_holds(person.pk)}


def last_note(request) -> str:
    return request.steps.latest("pk").note.reveal()


def test_a_request_under_something_else_becomes_one_for_access(case, officer):
    request = case("other", matched=False, state="working")

    correct(request, officer, right="access")

    request.refresh_from_db()
    assert (request.right, request.state) == ("access", "identifying")  # nobody is identified yet
    assert last_note(request) == f"What is asked for: other request → access (Art. 15)\n{WHY}"
    assert request.steps.latest("pk").did == Did.CHANGED


def test_somebody_identified_stays_identified_when_another_right_is_meant(case, officer, resident):
    request = case("erasure")
    assert "request" not in holds(resident)

    correct(request, officer, right="access")

    request.refresh_from_db()
    assert (request.right, request.state, request.person_key) == ("access", "working", resident.pk)
    assert "request" in holds(resident)


def test_the_day_of_receipt_moves_both_dates(case, officer):
    request, day = case(channel="letter"), timezone.localdate() - timedelta(days=9)

    correct(request, officer, received_on=day)

    request.refresh_from_db()
    assert (request.received_on, timezone.localdate(request.received_at)) == (day, day)
    assert (request.due_on, request.extended_due_on) == (due_on(day), extended_due_on(day))
    assert f"→ {day.day}.{day.month}.{day.year}" in last_note(request)


@pytest.mark.parametrize(
    ("channel", "day", "says"),
    [
        ("form", timezone.localdate() - timedelta(days=9), "it stays"),
        ("pages", timezone.localdate() - timedelta(days=9), "it stays"),
        ("letter", timezone.localdate() + timedelta(days=1), "not later than now"),
        ("letter", date(2001, 1, 1), "past year"),
    ],
)
def test_no_other_day_of_receipt_is_taken(case, officer, channel, day, says):
    request = case(channel=channel)

    with pytest.raises(ValidationError, match=says) as refused:
        correct(request, officer, received_on=day)

    assert set(refused.value.message_dict) == {"received_on"}
    assert SubjectRequest.objects.get(pk=request.pk).due_on == request.due_on


def test_for_whom_it_is_changes_while_nobody_is_named(case, officer):
    named, request = case(), case(matched=False)
    with pytest.raises(ValidationError, match="take that away first"):
        correct(named, officer, whom="child", about_name="Eino Virtanen")
    with pytest.raises(ValidationError, match="for whom the request is made"):
        correct(request, officer, whom="child")

    correct(request, officer, whom="child", about_name="Eino Virtanen")

    request.refresh_from_db()
    assert (request.whom, request.about_name.reveal()) == ("child", "Eino Virtanen")
    assert "Eino" not in last_note(request)


def test_what_was_done_or_prepared_is_not_turned_into_another_request(case, officer):
    objection, access, wrong = case("objection"), case("access"), case("rectification")
    stop_marketing(request=objection, by=officer)
    package = prepare_package(request=access, by=officer)
    (row,) = propose(request=wrong, changes={"phone": "+358405550102"}, by=officer)
    refuse_change(proposal=row, note="It is right.", by=officer)

    for request in (objection, access, wrong):
        with pytest.raises(ValidationError, match="done or prepared"):
            correct(request, officer, right="other")

    correct(objection, officer, language="sv")  # letters go on in another language
    run_build(package.pk)
    package.refresh_from_db()
    discard(package=package, by=officer)
    assert correct(access, officer, right="portability").right == "portability"


def test_a_correction_says_why_and_changes_something(case, officer):
    request = case()
    with pytest.raises(ValidationError) as refused:
        correct(request, officer, right="other", because=" ")
    assert set(refused.value.message_dict) == {"because"}

    with pytest.raises(ValidationError, match="Nothing was changed"):
        correct(request, officer)


def test_a_closed_request_stays_as_it_was_recorded(case, officer, staff):
    request = case(state="closed", outcome="withdrawn", closed_at=timezone.now())
    with pytest.raises(ValidationError, match="not open"):
        correct(request, officer, right="other")
    with pytest.raises(ValidationError, match="not open"):
        open_second(request=request, right="other", by=officer)
    with pytest.raises(PermissionDenied):
        correct(case(), staff("customer_service"), right="other")
    with pytest.raises(PermissionDenied):
        open_second(request=case(), right="other", by=staff("customer_service"))


def test_a_second_request_keeps_who_asks_and_the_clock_of_the_first(case, officer, resident):
    received = timezone.now() - timedelta(days=12)
    request = case(received=received, confirmed_at=timezone.now(), message="Kopio, ja poistakaa loput",
                   phone="040 555 0101", address="Keksittykatu 1", language="sv", handler=officer)  # fmt: skip
    attach(request, [CleanFile("image/png", b"\x89PNG")])

    second = open_second(request=request, right="erasure", by=officer)

    second = SubjectRequest.objects.get(pk=second.pk)
    assert (second.right, second.state, second.person_key, second.means) == (
        "erasure", "working", resident.pk, "contact",
    )  # fmt: skip
    for name in ("received_at", "received_on", "due_on", "extended_due_on", "confirmed_at", "identified_at",
                 "language", "answer_by", "whom", "channel", "handler"):  # fmt: skip
        assert getattr(second, name) == getattr(request, name), name
    for name in ("name", "email", "phone", "address", "message"):
        assert getattr(second, name).reveal() == getattr(request, name).reveal(), name
    assert bytes(second.email_key) == bytes(request.email_key)
    assert second.user_key == officer.pk


def test_both_requests_say_of_each_other_and_files_stay_with_the_first(case, officer):
    request = case()
    attach(request, [CleanFile("image/png", b"\x89PNG")])
    file = request.attachments.get()

    second = open_second(request=request, right="erasure", by=officer)

    assert last_note(request) == f"A second request was opened from this one: {second.reference}."
    assert last_note(second) == (f"Opened from {request.reference}. Its files stay there: attachment-{file.pk}.png.")
    assert not second.attachments.exists()
    assert request.attachments.get() == file


def test_a_second_request_of_somebody_unknown_waits_for_their_name(case, officer):
    request = case(matched=False)
    with pytest.raises(ValidationError) as refused:
        open_second(request=request, right=request.right, by=officer)
    assert set(refused.value.message_dict) == {"right"}

    assert open_second(request=request, right="erasure", by=officer).state == "received"


@pytest.fixture
def extended(case):
    """A letter of a week ago, extended today."""
    return case(channel="letter", extended_at=timezone.now(), extended_because="many files")


def test_an_extension_that_would_have_come_too_late_does_not_become_one_in_time(extended, officer):
    received = extended.received_on

    with pytest.raises(ValidationError, match="the first date had passed by then"):
        correct(extended, officer, received_on=timezone.localdate() - timedelta(days=40))

    extended.refresh_from_db()
    assert extended.received_on == received


def test_an_extension_in_time_stays_one_with_its_new_date(extended, officer):
    earlier = extended.received_on - timedelta(days=5)

    correct(extended, officer, received_on=earlier)

    extended.refresh_from_db()
    assert (extended.extended_due_on, extended.extended_at is not None) == (extended_due_on(earlier), True)
