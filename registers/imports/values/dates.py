"""Dates as people and programs write them."""

import re
from datetime import date, datetime, timedelta

from registers.imports.problems import CellProblem
from registers.imports.table import Cell
from registers.imports.values.text import text_of

EARLIEST_YEAR, LATEST_YEAR = 1850, 2100
# A move date's two-digit year is 20xx, up to this many years ahead. Beyond lies the last century, or a slip.
SHORT_YEAR_AHEAD = 5
_CLOCK = r"(?:[T ]\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
_FINNISH = re.compile(r"(\d{1,2})\s?\.\s?(\d{1,2})\s?\.\s?(\d{4}|\d{2})\.?" + _CLOCK)
_ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})" + _CLOCK)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SLASHED = re.compile(r"\d{1,2}([/-])\d{1,2}\1(?:\d{4}|\d{2})")
_SERIAL = re.compile(r"(\d{4,5})(?:[.,]\d+)?")
_NUMBER = re.compile(r"\d+")
_OPEN_END = frozenset({"toistaiseksi", "tillsvidare", "tills vidare", "until further notice", "avoin", "voimassa"})
_ZERO = re.compile(r"0{1,2}[.]0{1,2}[.]0{2,4}|0000-00-00|0")


def birth_date(cell: Cell, *, today: date) -> date | None:
    """A two-digit year could be either century: not guessed."""
    born = _date(cell, short_year_until=None)
    if born is not None and born > today:
        raise CellProblem("birth_in_future")
    return born


def move_date(cell: Cell, *, today: date) -> date | None:
    return _date(cell, short_year_until=today.year + SHORT_YEAR_AHEAD)


def end_date(cell: Cell, *, today: date) -> date | None:
    """As `move_date`; "toistaiseksi" and the year 9999 mean that there is no end yet."""
    if isinstance(cell, date) and cell.year == 9999:
        return None
    text = text_of(cell)
    if text.casefold() in _OPEN_END or "9999" in (text[:4], text[-4:]):
        return None
    return move_date(cell, today=today)


def _date(cell: Cell, *, short_year_until: int | None) -> date | None:
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    text = text_of(cell)
    if not text or _ZERO.fullmatch(text):
        return None
    return _written(text, short_year_until)


def _written(text: str, short_year_until: int | None) -> date:
    if found := _FINNISH.fullmatch(text):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        if len(found[3]) == 2:
            if short_year_until is None or 2000 + year > short_year_until:
                raise CellProblem("two_digit_year")
            year += 2000
        return _calendar(year, month, day)
    if found := _ISO.fullmatch(text):
        return _calendar(int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(text):
        return _calendar(int(found[1]), int(found[2]), int(found[3]))
    if _SLASHED.fullmatch(text):
        raise CellProblem("slashed_date")
    if found := _SERIAL.fullmatch(text):
        return _from_serial(int(found[1]))
    raise CellProblem("not_a_date")


def _from_serial(serial: int) -> date:
    """Days of Excel's 1900 system. A bare year would be one, too: 1985 is a year, not 7 June 1905."""
    if EARLIEST_YEAR <= serial <= LATEST_YEAR:
        raise CellProblem("only_a_year")
    if serial < EARLIEST_YEAR:
        raise CellProblem("not_a_date")
    return _plausible(date(1899, 12, 30) + timedelta(days=serial))


def _calendar(year: int, month: int, day: int) -> date:
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        raise CellProblem("no_such_day") from None


def _plausible(day: date) -> date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise CellProblem("implausible_year", earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
    return day
