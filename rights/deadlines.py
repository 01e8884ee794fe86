"""Until when a request is answered: GDPR Art. 12(3), counted by Regulation (EEC, Euratom) 1182/71 Art. 3.

The day of receipt is not counted; a period of months ends on the same date of its last month, or on that month's last
day; an end that falls on a Saturday, a Sunday or a public holiday moves to the next working day.
"""

import calendar
from datetime import date, timedelta
from functools import cache

import holidays

MONTHS, EXTENDED_MONTHS = 1, 3  # from receipt; the extension is of two further months
SATURDAY = 5
# Days off in Finnish offices that no statute calls public holidays (law.md, deadlines, 5).
EVES = ("Christmas Eve", "Midsummer Eve")


def due_on(received_on: date) -> date:
    """The last day on which the request is answered in time."""
    return next_working_day(months_after(received_on, MONTHS))


def extended_due_on(received_on: date) -> date:
    """The same when the time was extended: counted from receipt, not from the first end."""
    return next_working_day(months_after(received_on, EXTENDED_MONTHS))


def months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def next_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


@cache
def public_holidays(year: int) -> frozenset[date]:
    found = holidays.country_holidays("FI", years=year, language="en_US")
    return frozenset(day for day, name in found.items() if name not in EVES)


def due_when_suspended(received_on: date, suspended_days: int, *, extended: bool = False) -> date:
    """The date when the clock was rightly stopped: shown beside the plain one, of which the desk warns.

    The days are added to the end of the period itself, which then moves to a working day, once.
    """
    months = EXTENDED_MONTHS if extended else MONTHS
    return next_working_day(months_after(received_on, months) + timedelta(days=suspended_days))
