"""Reminders of what must be answered soon: on working days, once, to who handles it, without anybody's data."""

from datetime import date, timedelta

import pytest

from rights.services.reminding import remind_of_deadlines
from tests.factories import SubjectRequestFactory
from tests.mail.letters import letters

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def due(on, **facts):
    return SubjectRequestFactory(received_on=on - timedelta(days=20), due_on=on, extended_due_on=on, **facts)


def test_the_handler_is_told_of_what_is_due_within_a_week_and_overdue(staff, by):
    handler, other = staff("manager"), staff("privacy_officer")
    soon, late = due(MONDAY + timedelta(days=7), handler=handler), due(MONDAY - timedelta(days=1), handler=handler)
    due(MONDAY + timedelta(days=8), handler=handler)
    nobodys = due(MONDAY)

    assert remind_of_deadlines(on=MONDAY, by=by) == 2

    told = {letter.to: letter.text for letter in letters()}
    assert set(told) == {handler.email, other.email}
    assert all(case.reference in told[handler.email] for case in (soon, late, nobodys))
    assert told[handler.email].count("- ") == 3
    assert (nobodys.reference in told[other.email], soon.reference in told[other.email]) == (True, False)


def test_nobody_is_told_twice_a_day_or_on_a_day_off_or_of_nothing(staff, by, django_capture_on_commit_callbacks):
    staff("privacy_officer")
    assert remind_of_deadlines(on=MONDAY - timedelta(days=7), by=by) == 0
    due(MONDAY)

    assert remind_of_deadlines(on=MONDAY - timedelta(days=1), by=by) == 0
    assert remind_of_deadlines(on=MONDAY, by=by) == 1
    assert remind_of_deadlines(on=MONDAY, by=by) == 1  # the first one was killed before it was through

    with django_capture_on_commit_callbacks(execute=True):
        assert remind_of_deadlines(on=MONDAY, by=by) == 1
    assert remind_of_deadlines(on=MONDAY, by=by) == 0


def test_no_data_of_the_person_leaves_in_a_reminder(staff, by):
    staff("privacy_officer")
    due(MONDAY, name="Aino Virtanen", email="aino@example.com")

    remind_of_deadlines(on=MONDAY, by=by)

    assert all(text not in letters()[0].text + letters()[0].subject for text in ("Aino", "aino@", "15"))
