"""Finds the header row, decides what the file is, and says which column holds which field."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from registers.imports.limits import HEADER_SEARCHED_ROWS
from registers.imports.table import Cell, Table
from registers.imports.titles import FIELDS, IGNORED, Kind, field_of, letters_and_digits, normal

# Each line is one thing that must be there, in any of its forms; "a+b" means both.
REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.RESIDENTS: (("designation", "number"), ("full_name", "last_name")),
    Kind.SHARES: (
        ("share_group_name", "share_group_id", "designation"),
        ("ranges", "range_start+range_end"),
        ("full_name", "last_name", "organisation_name"),
    ),
}
# A person may have several; the first that is filled counts.
REPEATABLE = frozenset({"phone", "email"})


class NameOrder(StrEnum):
    LAST_FIRST = "last_first"
    FIRST_LAST = "first_last"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """`header_row` is an index into the table's rows, None when no row looks like one. Column indexes are zero-based.

    `titles` are made unique ("Nimi", "Nimi (2)"), so that a mapping can name each column. `duplicates` hold a field
    that an earlier column has already; they are not read. `missing` lists alternatives: one of each line is needed.
    """

    kind: Kind
    header_row: int | None
    titles: tuple[str, ...]
    columns: dict[int, str]
    unknown: tuple[tuple[int, str], ...]
    ignored: tuple[tuple[int, str], ...]
    duplicates: tuple[tuple[int, str, str], ...]
    missing: tuple[tuple[str, ...], ...]
    name_order: NameOrder
    signature: str

    @property
    def complete(self) -> bool:
        return self.header_row is not None and not self.missing

    def mapping(self) -> dict[str, str]:
        """What to remember for the next file with this signature."""
        return {title: self.columns.get(index, "") for index, title in enumerate(self.titles) if title}


def match_header(table: Table, *, kind: Kind | None = None, mapping: Mapping[str, str] | None = None) -> HeaderMatch:
    """`mapping` (title to field, "" for a column to leave out) overrides what the titles say; so does `kind`."""
    row = _header_row(table, mapping or {})
    titles = unique_titles(table.rows[row]) if row is not None else ("",) * table.width
    if kind is None:
        kind = _kind(titles, mapping or {})
    return _match(kind, row, titles, mapping or {})


def recognised_titles(row: list[Cell] | list[str]) -> int:
    """How many different fields a row's cells name, as the kind that fits best."""
    texts = [cell for cell in row if type(cell) is str and len(cell) <= 60]
    return max(len({field for text in texts if (field := field_of(text, kind))}) for kind in Kind)


def recognised_fields(table: Table) -> int:
    return max((recognised_titles(row) for row in table.rows[:HEADER_SEARCHED_ROWS]), default=0)


def unique_titles(row: list[Cell]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    titles = []
    for cell in row:
        title = " ".join(cell.split())[:100] if isinstance(cell, str) else "" if cell is None else str(cell)[:100]
        if title:
            seen[title] = seen.get(title, 0) + 1
            title = title if seen[title] == 1 else f"{title} ({seen[title]})"
        titles.append(title)
    return tuple(titles)


def signature_of(titles: tuple[str, ...]) -> str:
    """The same for the same titles in the same order, however they are capitalised or spaced."""
    return hashlib.sha256("\x1f".join(map(letters_and_digits, titles)).encode()).hexdigest()[:32]


def _header_row(table: Table, mapping: Mapping[str, str]) -> int | None:
    mapped = {letters_and_digits(title) for title, field in mapping.items() if field}
    best, best_score = None, 1
    for index, row in enumerate(table.rows[:HEADER_SEARCHED_ROWS]):
        by_hand = sum(1 for cell in row if type(cell) is str and letters_and_digits(cell) in mapped)
        if (score := max(recognised_titles(row), by_hand)) > best_score:
            best, best_score = index, score
    if best is not None:
        return best
    # Nothing is recognised: the first row of texts alone, to map by hand.
    for index, row in enumerate(table.rows[:HEADER_SEARCHED_ROWS]):
        filled = [cell for cell in row if cell is not None]
        if len(filled) > 1 and all(type(cell) is str for cell in filled):
            return index
    return None


def _kind(titles: tuple[str, ...], mapping: Mapping[str, str]) -> Kind:
    def fit(kind: Kind) -> tuple[int, int]:
        match = _match(kind, None, titles, mapping)
        return -len(match.missing), len(match.columns)

    # A resident list that names the shares as well has no owner's fraction or number range that it needs.
    return max((Kind.RESIDENTS, Kind.SHARES), key=fit)


def _match(kind: Kind, row: int | None, titles: tuple[str, ...], mapping: Mapping[str, str]) -> HeaderMatch:
    by_hand = {letters_and_digits(title): field for title, field in mapping.items()}
    columns: dict[int, str] = {}
    unknown: list[tuple[int, str]] = []
    ignored: list[tuple[int, str]] = []
    duplicates: list[tuple[int, str, str]] = []
    for index, title in enumerate(titles):
        if not title:
            continue
        chosen = by_hand.get(letters_and_digits(title))
        field = chosen if chosen is not None else field_of(title, kind)
        if field is None or field not in ("", IGNORED, *FIELDS[kind]):
            unknown.append((index, title))
        elif field in ("", IGNORED):
            ignored.append((index, title))
        elif field in columns.values() and field not in REPEATABLE:
            duplicates.append((index, title, field))
        else:
            columns[index] = field
    _company_or_owner(columns, titles, by_hand)
    present = set(columns.values())
    missing = tuple(
        alternatives
        for alternatives in REQUIRED[kind]
        if not any(present.issuperset(alternative.split("+")) for alternative in alternatives)
    )
    return HeaderMatch(
        kind=kind,
        header_row=row,
        titles=titles,
        columns=columns,
        unknown=tuple(unknown),
        ignored=tuple(ignored),
        duplicates=tuple(duplicates),
        missing=missing,
        name_order=_name_order(columns, titles),
        signature=signature_of(titles),
    )


def _company_or_owner(columns: dict[int, str], titles: tuple[str, ...], by_hand: Mapping[str, str]) -> None:
    """A bare "Y-tunnus" right beside the housing company's name is the housing company's, as in HTJ."""
    if "company_business_id" in columns.values():
        return
    for index, field in columns.items():
        beside = {columns.get(index - 1), columns.get(index + 1)}
        if field == "business_id" and "company_name" in beside and letters_and_digits(titles[index]) not in by_hand:
            columns[index] = "company_business_id"
            return


def _name_order(columns: dict[int, str], titles: tuple[str, ...]) -> NameOrder:
    last_words = ("sukunim", "suku", "efternamn", "lastname", "surname")
    first_words = ("etunim", "etu", "fornamn", "firstname", "forename")
    for index, field in columns.items():
        if field != "full_name":
            continue
        title = normal(titles[index])
        last = min((title.find(word) for word in last_words if word in title), default=-1)
        first = min((title.find(word) for word in first_words if word in title), default=-1)
        if last >= 0 and first >= 0:
            return NameOrder.LAST_FIRST if last < first else NameOrder.FIRST_LAST
    return NameOrder.UNSAID
