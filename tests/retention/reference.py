"""A slow, plain statement of until when data is kept: loops over rows and rules, sharing no code with the engine."""

import calendar
from datetime import date, timedelta

FOREVER = date(9999, 12, 31)


def plus(day: date, years: int, months: int, days: int, from_year_end: bool) -> date:
    if from_year_end:
        year = (day - timedelta(days=1)).year
        day = date(year, 12, 31) + timedelta(days=1)
    month = day.month
    year = day.year + years
    for _month in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    last = calendar.monthrange(year, month)[1]
    day = date(year, month, day.day if day.day <= last else last)
    for _day in range(days):
        day += timedelta(days=1)
    return day


def ends(history, rules, contracts, processor_days=90):
    """{(category, company): until} of a person.

    history: (event, company or None, day or None); rules: dicts of the rule's fields; contracts: company → until.
    """
    found = {}
    for event, company, day in history:
        for rule in rules:
            if rule["event"] != event:
                continue
            if day is None or rule["action"] == "keep":
                until = FOREVER
            else:
                until = plus(day, rule["years"], rule["months"], rule["days"], rule["from_year_end"])
            if company is not None and contracts.get(company) is not None:
                over = contracts[company] + timedelta(days=processor_days)
                if over < until:
                    until = over
            key = (rule["category"], company)
            if key not in found or until > found[key]:
                found[key] = until
    return found
