"""When a period ends: law.md's vectors, leap days and month ends, and the same answers from PostgreSQL."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from retention.periods import END_OF, NEVER, Period

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
PERIODS = st.builds(
    Period,
    years=st.integers(0, 20),
    months=st.integers(0, 30),
    days=st.integers(0, 400),
    from_year_end=st.booleans(),
)


@pytest.mark.parametrize(
    ("period", "day", "end"),
    [
        # The financial year ended on 31.3.2024: vouchers through 31.12.2030, books through 31.3.2034.
        (Period(years=6, from_year_end=True), date(2024, 4, 1), date(2031, 1, 1)),
        (Period(years=6, from_year_end=True), date(2025, 1, 1), date(2031, 1, 1)),
        (Period(years=10), date(2024, 4, 1), date(2034, 4, 1)),
        (Period(years=1), date(2024, 2, 29), date(2025, 2, 28)),
        (Period(years=4), date(2024, 2, 29), date(2028, 2, 29)),
        (Period(months=6), date(2025, 8, 31), date(2026, 2, 28)),
        (Period(months=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Period(days=30), date(2026, 3, 15), date(2026, 4, 14)),
        (Period(months=1, days=1), date(2026, 1, 31), date(2026, 3, 1)),
        (Period(), date(2026, 11, 22), date(2026, 11, 22)),
        (Period(years=100), date(9950, 1, 1), NEVER),
    ],
)
def test_a_period_ends_on_the_day_of_the_law(period, day, end):
    assert period.end_of(day) == end


@given(PERIODS, DAYS)
def test_the_cutoff_is_the_last_day_whose_period_has_ended(period, on):
    cutoff = period.cutoff(on)

    assert period.end_of(cutoff) <= on < period.end_of(cutoff + timedelta(days=1))


@given(PERIODS, DAYS)
def test_a_later_day_never_ends_earlier(period, day):
    assert period.end_of(day) <= period.end_of(day + timedelta(days=1))


@pytest.mark.django_db
@given(PERIODS, DAYS)
def test_postgresql_gives_the_same_day(period, day):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {END_OF.format(day='d.day')} FROM (SELECT %s::date AS day) d,"
            " (SELECT %s::int AS years, %s::int AS months, %s::int AS days, %s::bool AS from_year_end) r",
            [day, period.years, period.months, period.days, period.from_year_end],
        )
        assert cursor.fetchone()[0] == period.end_of(day)
