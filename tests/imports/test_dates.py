from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.imports.problems import CellProblem
from registers.imports.values.dates import birth_date, end_date, move_date

from .spreadsheets import TODAY

DAY = date(2024, 5, 1)


def problem(parse, cell):
    with pytest.raises(CellProblem) as raised:
        parse(cell, today=TODAY)
    return raised.value.code


@pytest.mark.parametrize(
    "cell",
    [
        "1.5.2024", "01.05.2024", " 1. 5. 2024 ", "1.5.2024.", "2024-05-01", "2024-5-1", "2024/05/01", "20240501",
        "1.5.2024 0:00:00", "2024-05-01T00:00:00", "2024-05-01T12:30:00.000Z", "2024-05-01 12:30:00+03:00",
        "45413", 45413,
        45413.0, 45413.75, DAY, datetime(2024, 5, 1, 12, 30), "1.5.24", "\u00a01.5.2024",
    ],
)  # fmt: skip
def test_every_way_to_write_the_first_of_may(cell):
    assert move_date(cell, today=TODAY) == DAY


@pytest.mark.parametrize("cell", ["31.2.2024", "2023-02-29", "31.4.2024", "0.5.2024", "1.13.2024", "20240231"])
def test_a_day_that_does_not_exist(cell):
    assert problem(move_date, cell) == "no_such_day"


@pytest.mark.parametrize("cell", ["toukokuu", "1.5.", "5/2024", "kesällä 2020", True, 12, "12:30", "1.5.2024 asti"])
def test_what_is_no_date(cell):
    assert problem(move_date, cell) == "not_a_date"


@pytest.mark.parametrize(
    ("cell", "code"), [("1/5/2024", "slashed_date"), ("1-5-2024", "slashed_date"), (1985, "only_a_year")]
)
def test_what_could_be_read_in_two_ways_is_not_guessed(cell, code):
    assert problem(birth_date, cell) == code


def test_a_date_of_birth_with_two_digits_of_the_year_could_be_either_century():
    assert problem(birth_date, "1.5.24") == "two_digit_year"


def test_a_move_date_with_two_digits_that_would_lie_far_ahead_is_of_the_last_century_or_a_slip():
    assert problem(move_date, "1.5.98") == "two_digit_year"


@pytest.mark.parametrize("cell", ["1.1.1849", "1.1.2101", date(1700, 1, 1), "1.1.0024"])
def test_an_implausible_year(cell):
    assert problem(move_date, cell) == "implausible_year"


def test_a_date_of_birth_in_the_future():
    assert problem(birth_date, TODAY + timedelta(days=1)) == "birth_in_future"
    assert birth_date(TODAY, today=TODAY) == TODAY


@pytest.mark.parametrize(
    "cell", ["toistaiseksi", "Tills vidare", "31.12.9999", "9999-12-31", date(9999, 12, 31), "-", "0", 0]
)
def test_an_end_that_is_no_end(cell):
    assert end_date(cell, today=TODAY) is None


@given(
    st.dates(date(1906, 1, 1), date(2099, 12, 31)),
    st.sampled_from(
        ["{0.day}.{0.month}.{0.year}", "{0:%d.%m.%Y}", "{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0:%Y-%m-%dT00:00:00}"]
    ),
)
def test_dates_survive_every_written_form(day, form):
    assert move_date(form.format(day), today=TODAY) == day


@given(st.dates(date(1906, 1, 1), date(2099, 12, 31)))
def test_dates_survive_excels_serials(day):
    serial = (day - date(1899, 12, 30)).days
    assert [move_date(cell, today=TODAY) for cell in (serial, float(serial), str(serial))] == [day] * 3
