"""From a table and its header to rows in stored forms and located problems."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from registers.imports.headers import HeaderMatch
from registers.imports.problems import Problem, Severity
from registers.imports.records import ResidentRow, ShareRow, sameness
from registers.imports.resident_rows import read_resident
from registers.imports.row_reader import Options, RowReader, RowRejected
from registers.imports.share_rows import disagreeing_groups, read_share
from registers.imports.table import Cell, Table
from registers.imports.titles import Kind, letters_and_digits

Row = ResidentRow | ShareRow
# "Summa" is a surname, too: a total has figures beside it and nothing else.
_TOTAL = re.compile(
    r"\s*(?:kaikki\s+)?(?:yhteensä|loppusumma|summa|totalt|sammanlagt|total|sum)\b[\s:]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Understanding:
    """`data_rows` counts the rows below the header that hold someone: the understood and the rejected.

    `protected_rows` have a non-disclosure order, rejected ones included: whatever shows or exports rows must ask.
    """

    kind: Kind
    rows: list[ResidentRow] | list[ShareRow]
    problems: list[Problem]
    data_rows: int
    rejected_rows: frozenset[int]
    skipped_rows: frozenset[int]
    protected_rows: frozenset[int]
    identity_codes_ignored: int


def understand(table: Table, match: HeaderMatch, options: Options) -> Understanding:
    """`match` must be complete. Never raises because of what a cell holds."""
    if not match.complete:
        raise ValueError("map the missing columns first")
    reader = RowReader(match, options)
    read: Callable[[RowReader], Row | None] = read_resident if match.kind is Kind.RESIDENTS else read_share
    rows: list[Row] = []
    seen: dict[tuple[object, ...], int] = {}
    rejected: set[int] = set()
    skipped: set[int] = set()
    assert match.header_row is not None
    header = _Header(table.rows[match.header_row])
    for number, cells in list(table.numbered())[match.header_row + 1 :]:
        if (note := _not_data(cells, header)) is not None:
            skipped.add(number)
            reader.problems.append(Problem(number, "", note, {}, Severity.NOTE))
            continue
        reader.start(number, cells)
        try:
            row = read(reader)
        except RowRejected:
            rejected.add(number)
            continue
        if row is None:
            skipped.add(number)
            continue
        first = seen.setdefault(sameness(row), number)
        if first != number:
            reader.problems.append(Problem(number, "", "duplicate_row", {"first": first}))
            rejected.add(number)
            continue
        rows.append(row)
    rows = _agreeing(rows, reader, rejected) if match.kind is Kind.SHARES else rows
    _file_notes(reader)
    return Understanding(
        kind=match.kind,
        rows=rows,  # type: ignore[arg-type]
        problems=sorted(reader.problems, key=lambda problem: problem.row or 0),
        data_rows=len(rows) + len(rejected),
        rejected_rows=frozenset(rejected),
        skipped_rows=frozenset(skipped),
        protected_rows=frozenset(reader.protected_rows),
        identity_codes_ignored=reader.counts["identity_codes_ignored"],
    )


class _Header:
    def __init__(self, cells: list[Cell]) -> None:
        self.comparable = _comparable(cells)
        self.words = frozenset(cell.strip().casefold() for cell in cells if isinstance(cell, str))


def _not_data(cells: list[Cell], header: _Header) -> str | None:
    first = next((cell for cell in cells if cell is not None), None)
    if type(first) is not str:
        return None
    if _TOTAL.match(first):
        others = [_TOTAL.sub("", cell) if type(cell) is str else "" for cell in cells if cell is not None]
        if all(not other or any(map(str.isdigit, other)) for other in others):
            return "total_row"
    if first.strip().casefold() in header.words and _comparable(cells) == header.comparable:
        return "repeated_header"
    return None


def _comparable(cells: list[Cell]) -> list[str]:
    return [letters_and_digits(cell) if type(cell) is str else "" for cell in cells]


def _agreeing(rows: list[Row], reader: RowReader, rejected: set[int]) -> list[Row]:
    shares = [row for row in rows if isinstance(row, ShareRow)]
    disagreeing = disagreeing_groups(shares)
    field_of = {"share_count_differs": "share_count"}
    for row in shares:
        if row.row in disagreeing:
            code, params = disagreeing[row.row]
            ranges = "ranges" if reader.has("ranges") else "range_start"
            reader.row = row.row
            reader.report(code, field_of.get(code, ranges), params)
            rejected.add(row.row)
    return [row for row in rows if row.row not in disagreeing]


def _file_notes(reader: RowReader) -> None:
    for code, field in (
        ("name_order_assumed", "full_name"),
        ("identity_codes_ignored", "identity_code"),
        ("further_phone", "phone"),
        ("further_email", "email"),
    ):
        if count := reader.counts[code]:
            title = next(reader.match.titles[index] for index, name in reader.match.columns.items() if name == field)
            reader.problems.append(Problem(None, title, code, {"count": count}, Severity.NOTE))
