"""Tables as they stand in the document: whole, and short enough to be read, also after ten years."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from rights.package.collect import Table

WIDEST = 6  # columns side by side on a page
MOST_ROWS = 40  # of one table: a longer one is laid out in parts, which takes a tenth of the time
LOOKS = "registers.accessentry"


def on_paper(table: Table) -> dict[str, Any]:
    """Side by side where it fits, else row by row; looks by year, with their days."""
    columns = [one for one in table.columns if any(row[one.field].text for row in table.rows.values())]
    rows = [[row[one.field].text for one in columns] for row in table.rows.values()]
    labels = [one.label for one in columns]
    if table.label == LOOKS:
        labels, rows = _looks(table)
    upright = len(labels) > WIDEST or len(rows) == 1
    return {
        "name": table.name,
        "labels": labels,
        "parts": [] if upright else list(parts(rows)),
        "upright": [[pair for pair in zip(labels, row, strict=True) if pair[1]] for row in rows] if upright else [],
    }


def parts(rows: Sequence[list[str]]) -> Iterator[Sequence[list[str]]]:
    for start in range(0, len(rows), MOST_ROWS):
        yield rows[start : start + MOST_ROWS]


def _looks(table: Table) -> tuple[list[str], list[list[str]]]:
    names = ("kind", "page", "reason")
    labels = {one.field: one.label for one in table.columns}
    found = _by_year((row["at"].text, tuple(row[name].text for name in names)) for row in table.rows.values())
    return [_("Year"), *(labels[name] for name in names), _("Days")], found


def recipients_by_year(rows: Iterable[dict[str, str]]) -> list[Sequence[list[str]]]:
    """Year, to whom, what, why, on which days."""
    return list(parts(_by_year((row["at"], (row["to"], row["what"], row["why"])) for row in rows)))


def _by_year(said: Iterable[tuple[str, tuple[str, ...]]]) -> list[list[str]]:
    """Of "1.5.2024 12:30" and what it says: a line for each year and saying, with its days in order."""
    days: dict[tuple[str, ...], dict[tuple[int, int], int]] = {}
    for at, what in said:
        date, month, year = at.partition(" ")[0].split(".")
        counted = days.setdefault((year, *what), {})
        counted[int(month), int(date)] = counted.get((int(month), int(date)), 0) + 1
    return [[*key, _days(counted)] for key, counted in sorted(days.items(), reverse=True)]


def _days(counted: dict[tuple[int, int], int]) -> str:
    """ "1.5., 2.5. (3)" """
    return ", ".join(f"{date}.{month}." + (f" ({n})" if n > 1 else "") for (month, date), n in sorted(counted.items()))
