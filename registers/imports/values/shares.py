"""Share numbers and ownership fractions. Never guessed."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise

from registers.imports.problems import CellProblem
from registers.imports.table import Cell
from registers.imports.values.text import is_several_lines, text_of

MAX_SHARE_NUMBER = 10**9
# 0.66 may be two thirds or thirty-three fiftieths; only decimals that can't be roundings of something else are read.
_EXACT_DENOMINATORS = frozenset({1, 2, 4, 5, 8})
_FRACTION = re.compile(r"(\d{1,9})\s?[/:]\s?(\d{1,9})")
_DECIMAL = re.compile(r"(\d{1,3}(?:[.,]\d{1,12})?)\s?(%)?")
_NUMBER = r"(\d{1,3}(?: \d{3})+|\d+)"
_RANGE = re.compile(rf"{_NUMBER}(?:\s?(?:-|–|—|−|‑|\.\.\.?)\s?{_NUMBER})?")
_SEPARATOR = re.compile(r"\s*(?:[,;+&]|(?<=\d)\s(?:ja|och|and)\s)\s*")

Range = tuple[int, int]


def share_ranges(cell: Cell) -> tuple[Range, ...]:
    """Sorted: ((1, 100), (151, 160)) for "151-160, 1-100"."""
    _refuse_date(cell, "range_became_date")
    # A line break parts ranges; as a blank it could be taken for the thousands' separator.
    text = text_of(cell.strip().replace("\n", ",") if isinstance(cell, str) else cell)
    if not text:
        return ()
    ranges = []
    for part in _SEPARATOR.split(text.rstrip(",;. ")):
        found = _RANGE.fullmatch(part)
        # "1 001-1 250" is clear; "1-5 151" may be two ranges whose comma is missing.
        if found is None or (" " in found[1]) != (" " in (found[2] or "")):
            raise CellProblem("not_a_range")
        start = int(found[1].replace(" ", ""))
        ranges.append(checked_range(start, int(found[2].replace(" ", "")) if found[2] else start))
    return checked_ranges(ranges)


def checked_range(start: int, end: int) -> Range:
    if end < start:
        raise CellProblem("range_reversed")
    if start < 1 or end > MAX_SHARE_NUMBER:
        raise CellProblem("not_a_range")
    return start, end


def checked_ranges(ranges: list[Range]) -> tuple[Range, ...]:
    ordered = sorted(ranges)
    for (_, before), (start, _) in pairwise(ordered):
        if start <= before:
            raise CellProblem("ranges_overlap", number=start)
    return tuple(ordered)


def whole_number(cell: Cell) -> int | None:
    """A share number, a share count, a numerator."""
    text = text_of(cell).replace(" ", "")
    if not text:
        return None
    if is_several_lines(cell) or not (text.isascii() and text.isdigit()) or int(text) > MAX_SHARE_NUMBER:
        raise CellProblem("not_a_whole_number")
    return int(text)


def fraction(cell: Cell) -> Fraction | None:
    """Of a share group, above zero and at most one."""
    _refuse_date(cell, "fraction_became_date")
    text = text_of(cell)
    if not text:
        return None
    if found := _FRACTION.fullmatch(text):
        return fraction_of(int(found[1]), int(found[2]))
    if found := _DECIMAL.fullmatch(text):
        try:
            exact = Fraction(Decimal(found[1].replace(",", "."))) / (100 if found[2] else 1)
        except InvalidOperation:
            raise CellProblem("not_a_fraction") from None
        if exact.denominator not in _EXACT_DENOMINATORS:
            raise CellProblem("rounded_fraction")
        return fraction_of(exact.numerator, exact.denominator)
    raise CellProblem("not_a_fraction")


def fraction_of(numerator: int, denominator: int) -> Fraction:
    if not 0 < numerator <= denominator:
        raise CellProblem("fraction_out_of_bounds")
    return Fraction(numerator, denominator)


def _refuse_date(cell: Cell, code: str) -> None:
    """Excel turns 1/2 and 1-12 into dates as they are typed."""
    if isinstance(cell, date):
        raise CellProblem(code)
