"""A sheet as read: typed cells with the row numbers that the person sees in their spreadsheet program."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import NamedTuple

from registers.imports.problems import Problem


class BadCell(NamedTuple):
    """A cell without a usable value: a formula that was never computed, or an error such as #REF!."""

    code: str
    text: str


# datetime is a date
Cell = str | int | float | bool | date | time | timedelta | BadCell | None


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are all equally wide and hold no row without a value; `row_numbers` are 1-based, one for each row."""

    format: str
    sheet: str
    rows: list[list[Cell]]
    row_numbers: list[int]
    notes: list[Problem] = field(default_factory=list)

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def numbered(self) -> Iterator[tuple[int, list[Cell]]]:
        return zip(self.row_numbers, self.rows, strict=True)


def table_from(format: str, sheet: str, numbered: list[tuple[int, list[Cell]]]) -> Table:
    """Drops empty rows and empty columns at the right, fills short rows."""
    filled = [(number, cells) for number, cells in numbered if any(cell is not None for cell in cells)]
    width = max((_last_value(cells) for _, cells in filled), default=0)
    rows = [cells if len(cells) == width else cells[:width] + [None] * (width - len(cells)) for _, cells in filled]
    return Table(format, sheet, rows, [number for number, _ in filled])


def _last_value(cells: list[Cell]) -> int:
    for index in range(len(cells), 0, -1):
        if cells[index - 1] is not None:
            return index
    return 0
