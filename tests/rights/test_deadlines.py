"""Until when a request is answered: the table of law.md, and a plain reference that counts day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights.deadlines import due_on, due_when_suspended, extended_due_on, is_working_day, months_after, public_holidays

DAYS = st.dates(date(2024, 1, 1), date(2040, 9, 30))


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        (date(2026, 1, 31), date(2026, 3, 2), date(2026, 4, 30)),
        (date(2026, 3, 5), date(2026, 4, 7), date(2026, 6, 5)),
        (date(2026, 4, 1), date(2026, 5, 4), date(2026, 7, 1)),
        (date(2026, 5, 19), date(2026, 6, 19), date(2026, 8, 19)),
    ],
)
def test_the_vectors_of_the_law(received, due, extended):
    assert (due_on(received), extended_due_on(received)) == (due, extended)


def easter(year: int) -> date:
    """Gauss and Meeus, as in any almanac."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def saturday_from(day: date) -> date:
    while day.weekday() != 5:
        day += timedelta(days=1)
    return day


def holidays_by_hand(year: int) -> set[date]:
    """Act 388/1937 and the Church Act's days, as offices keep them; no eves."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=n) for n in (-2, 0, 1, 39, 49)}
    fixed = {date(year, month, day) for month, day in ((1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26))}
    return moving | fixed | {saturday_from(date(year, 6, 20)), saturday_from(date(year, 10, 31))}


@pytest.mark.parametrize("year", range(2024, 2041))
def test_public_holidays_are_those_of_the_statutes_through_2040(year):
    assert set(public_holidays(year)) == holidays_by_hand(year)


def counted(received: date, months: int) -> date:
    """Day by day: until the number of the day comes again in its month, or the month ends before."""
    day, left = received, months
    while left:
        day += timedelta(days=1)
        last_of_month = (day + timedelta(days=1)).day == 1
        comes_again = day.day == received.day
        ends_before = last_of_month and day.day < received.day
        if comes_again or ends_before:
            left -= 1
    while day.weekday() >= 5 or day in holidays_by_hand(day.year):
        day += timedelta(days=1)
    return day


@given(DAYS)
def test_it_ends_as_a_plain_count_says(received):
    assert due_on(received) == counted(received, 1)
    assert extended_due_on(received) == counted(received, 3)


@given(DAYS)
def test_the_last_day_is_a_working_day_after_the_receipt(received):
    for due in (due_on(received), extended_due_on(received)):
        assert is_working_day(due)
        assert due > received
    assert extended_due_on(received) > due_on(received)


@given(DAYS, st.integers(0, 60))
def test_a_suspension_never_brings_the_date_forward(received, days):
    moved = due_when_suspended(received, days)
    assert moved >= months_after(received, 1) + timedelta(days=days)
    assert moved >= due_on(received)
    assert is_working_day(moved)
    assert due_when_suspended(received, 0, extended=True) == extended_due_on(received)


def test_days_of_a_suspension_are_added_before_the_end_moves_to_a_working_day():
    saturday = date(2026, 1, 31)  # the month ends on Saturday 28.2., the answer is due on Monday 2.3.

    assert due_on(saturday) == date(2026, 3, 2)
    assert due_when_suspended(saturday, 1) == date(2026, 3, 2)
    assert due_when_suspended(saturday, 3) == date(2026, 3, 3)
