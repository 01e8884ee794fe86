"""An apartment's designation, in one cell or in three."""

from registers.designation import Designation, parse_designation
from registers.imports.problems import CellProblem
from registers.imports.table import Cell
from registers.imports.values.text import text_of


def designation(cell: Cell) -> Designation | None:
    text = text_of(cell)
    if not text:
        return None
    return _parsed(text)


def designation_of_parts(staircase: Cell, number: Cell, suffix: Cell) -> Designation | None:
    """The number's cell may hold the whole designation already."""
    before, middle, after = text_of(staircase), text_of(number), text_of(suffix)
    if not middle:
        return None
    whole = _parsed(middle)
    if before and not whole.staircase:
        whole = _parsed(f"{before} {middle}")
    elif before and whole.staircase != before.upper():
        raise CellProblem("parts_disagree")
    if after and not whole.suffix:
        whole = _parsed(f"{whole.text} {after}")
    elif after and whole.suffix != after.lower():
        raise CellProblem("parts_disagree")
    return whole


def _parsed(text: str) -> Designation:
    parsed = parse_designation(text)
    if parsed is None:
        raise CellProblem("not_a_designation")
    return parsed
