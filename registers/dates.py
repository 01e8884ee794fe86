"""Dates as Finnish offices write them."""

from datetime import date

from django.utils.translation import pgettext


def day(value: date | None) -> str:
    """1.5.2024, in all three languages; a dash for none."""
    return f"{value.day}.{value.month}.{value.year}" if value else "–"


def span(start: date | None, end: date | None) -> str:
    return f"{day(start) if start else pgettext('date', 'unknown')} – {day(end) if end else ''}".rstrip()
