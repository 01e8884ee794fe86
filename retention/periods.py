"""Periods and the days on which they end.

Days are half-open everywhere: an event's day is the first on which something is no longer so (moved out, sold, ended),
and a period's end is the first day on which the data is no longer needed.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

NEVER = date.max


@dataclass(frozen=True)
class Period:
    """So many years and months, then days; `from_year_end`: counted from the end of the event's calendar year.

    The last day of a month takes the place of a day that the month does not have (act 150/1930 s.3), as in PostgreSQL.
    """

    years: int = 0
    months: int = 0
    days: int = 0
    from_year_end: bool = False

    def end_of(self, day: date) -> date:
        """The first day on which the data is no longer needed; `NEVER` where the calendar ends."""
        try:
            if self.from_year_end:
                day = date((day - timedelta(days=1)).year + 1, 1, 1)
            months = day.year * 12 + day.month - 1 + self.years * 12 + self.months
            year, month = months // 12, months % 12 + 1
            last = calendar.monthrange(year, month)[1]
            return date(year, month, min(day.day, last)) + timedelta(days=self.days)
        except (OverflowError, ValueError):
            return NEVER

    def cutoff(self, on: date) -> date:
        """The latest day of an event whose period has ended on the day `on`: end_of(cutoff) <= on < end_of(next day).

        `end_of` never falls when its day rises, so the day is found by halving.
        """
        low, high = date.min.toordinal() + 366, on.toordinal()
        while low < high:
            middle = (low + high + 1) // 2
            if self.end_of(date.fromordinal(middle)) <= on:
                low = middle
            else:
                high = middle - 1
        return date.fromordinal(low)


# What `Period.end_of` says, in SQL: `day` and a rule `r` in reach.
END_OF = """
(CASE WHEN r.from_year_end
    THEN (date_trunc('year', {day}::timestamp - interval '1 day') + interval '1 year')
    ELSE {day}::timestamp END
 + make_interval(years => r.years, months => r.months) + make_interval(days => r.days))::date
"""
