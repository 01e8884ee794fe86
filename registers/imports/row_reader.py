"""Reads the fields that residents and owners have in common, and keeps the problems found on the way."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any, Final, TypeVar

from registers.imports.headers import HeaderMatch
from registers.imports.problems import CellProblem, Params, Problem, Severity
from registers.imports.table import BadCell, Cell
from registers.imports.values import choices, contacts, dates, names, official_ids
from registers.imports.values.names import Party, PartyKind
from registers.imports.values.text import short_text, text_of, without_identity_codes

T = TypeVar("T")
SHOWN_CHARACTERS: Final = 60
REMEMBERED: Final = 1 << 14
_ADULT_YEARS: Final = 18
_ABOUT_A_PERSON = ("date_of_birth", "phone", "email", "identity_code", "business_id", "moved_in")


@dataclass(frozen=True, slots=True)
class Options:
    """Without an `identity_code_ground` (Data Protection Act s.29) the identity codes of a file are not read at all.

    `allow_temporary_identity_codes`: individual numbers 900-999, for the demo and tests alone.
    """

    today: date
    identity_code_ground: str = ""
    allow_temporary_identity_codes: bool = False


class RowRejected(Exception):
    """The row's problems are already kept."""


class RowReader:
    """One for each file: what it remembers of cells it has seen must not outlive the file."""

    def __init__(self, match: HeaderMatch, options: Options) -> None:
        self.match = match
        self.options = options
        self.problems: list[Problem] = []
        self.counts: Counter[str] = Counter()
        self.protected_rows: set[int] = set()
        self.row = 0
        self.cells: list[Cell] = []
        self.rejected = False
        self.protected = False
        self._columns: dict[str, list[int]] = {}
        for index, field in match.columns.items():
            self._columns.setdefault(field, []).append(index)
        today = options.today
        self.birth_date = _remembering(partial(dates.birth_date, today=today))
        self.move_date = _remembering(partial(dates.move_date, today=today))
        self.end_date = _remembering(partial(dates.end_date, today=today))
        # As long as the registers' own columns.
        self.text = _remembering(partial(short_text, limit=200))
        self.short_name = _remembering(partial(short_text, limit=80))
        self.key = _remembering(partial(short_text, limit=40))
        self._name_text = _remembering(names.name_text)
        self._two_column_name = lru_cache(maxsize=REMEMBERED)(names.two_column_name)
        self._postal_code = _remembering(contacts.postal_code)
        self._postal_line = _remembering(contacts.postal_line)
        self._street = _remembering(contacts.street_address)
        self._language = _remembering(choices.language)
        self.yes_or_no = _remembering(choices.yes_or_no)

    def start(self, row: int, cells: list[Cell]) -> None:
        self.row, self.cells, self.rejected = row, cells, False
        # First of all, so that no message about this row shows what the order protects.
        self.protected = False
        self.protected = bool(self._non_disclosure())
        if self.protected:
            self.protected_rows.add(row)

    def has(self, field: str) -> bool:
        return field in self._columns

    def cell(self, field: str) -> Cell:
        columns = self._columns.get(field)
        return self.cells[columns[0]] if columns else None

    def value(self, field: str, parse: Callable[[Cell], T], empty: T) -> T:
        """The field's value; `empty` where there is none, or where it is a problem (which is then kept)."""
        columns = self._columns.get(field)
        if columns is None or (cell := self.cells[columns[0]]) is None:
            return empty
        try:
            return parse(cell)
        except CellProblem as problem:
            self.report(problem.code, field, problem.params, shows=field)
            return empty

    def report(
        self,
        code: str,
        field: str,
        params: Params | None = None,
        *,
        severity: Severity = Severity.REJECT,
        shows: str = "",
    ) -> None:
        """`shows` names the field whose cell the message may quote."""
        if severity is Severity.REJECT:
            self.rejected = True
        params = dict(params or {})
        if shows and shows != "identity_code" and not self.protected:
            params["value"] = _quoted(self.cell(shows))
        columns = self._columns.get(field)
        title = self.match.titles[columns[0]] if columns else ""
        self.problems.append(Problem(self.row, title, code, params, severity))

    def party_fields(self) -> dict[str, Any]:
        """The part of a row that residents and owners share. Raises RowRejected when nobody is named."""
        party = self._party()
        if self.value("estate", self.yes_or_no, False):
            party = names.as_estate(party)
        born, code = self._birth_and_identity_code()
        if party.kind is PartyKind.ORGANISATION and born is not None:
            self.report("birth_date_of_organisation", "date_of_birth")
        business_id = self.value("business_id", official_ids.business_id, "")
        if party.kind is PartyKind.PERSON and business_id:
            self.report("business_id_of_person", "business_id")
        street, street_code, street_office = self.value("street_address", self._street, ("", "", ""))
        line_code, line_office = self.value("postal_line", self._postal_line, ("", ""))
        return {
            "row": self.row,
            "company_business_id": self.value("company_business_id", official_ids.business_id, ""),
            "company_name": self.value("company_name", self.text, ""),
            "kind": party.kind,
            "last_name": party.last_name,
            "first_names": party.first_names,
            "organisation_name": party.organisation_name,
            "business_id": business_id,
            "date_of_birth": born,
            "identity_code": code,
            "phone": self._first_filled("phone", contacts.phone),
            "email": self._first_filled("email", contacts.email),
            "street_address": street,
            "postal_code": self.value("postal_code", self._postal_code, "") or line_code or street_code,
            "post_office": self.value("post_office", self.short_name, "") or line_office or street_office,
            "language": self._known_language(),
            "non_disclosure": self.protected if self.has("non_disclosure") else None,
        }

    def names_nobody(self) -> bool:
        """No name, or "Tyhjä" in its place, and nothing else that is about a person."""
        named = [self.cell(field) for field in ("full_name", "last_name", "first_names", "organisation_name")]
        if any(type(cell) is BadCell or (text_of(cell) and not names.is_nobody(text_of(cell))) for cell in named):
            return False
        return all(self.cell(field) is None for field in _ABOUT_A_PERSON)

    def _party(self) -> Party:
        before = len(self.problems)
        organisation = self.value("organisation_name", self._name_text, "")
        last = self.value("last_name", self._name_text, "")
        first = self.value("first_names", self._name_text, "")
        whole = self.value("full_name", self._name_text, "") if not (last or first or organisation) else ""
        if len(self.problems) > before:
            raise RowRejected
        field = "full_name"
        try:
            if last or first:
                field = "last_name" if last else "first_names"
                return self._two_column_name(last, first)
            if organisation:
                return Party(PartyKind.ORGANISATION, "", "", organisation)
            if not whole:
                raise CellProblem("name_missing")
            named = names.one_column_name(whole, self.match.name_order)
            self.counts["name_order_assumed"] += named.order_assumed
            return named.party
        except CellProblem as problem:
            if not self.has(field):
                field = next(name for name in ("last_name", "organisation_name", "full_name") if self.has(name))
            self.report(problem.code, field, problem.params, shows=field)
            raise RowRejected from None

    def _birth_and_identity_code(self) -> tuple[date | None, str]:
        born = self.value("date_of_birth", self.birth_date, None)
        if self.cell("identity_code") is None:
            return born, ""
        if not self.options.identity_code_ground:
            self.counts["identity_codes_ignored"] += 1
            return born, ""
        parse = partial(
            official_ids.identity_code,
            today=self.options.today,
            allow_temporary=self.options.allow_temporary_identity_codes,
        )
        read = self.value("identity_code", parse, None)
        if read is None:
            return born, ""
        code, said = read
        if born is not None and born != said:
            self.report("birth_date_differs", "identity_code")
        if self._is_minor(said):
            self.report("identity_code_of_minor", "identity_code", severity=Severity.NOTE)
            return said, ""
        return said, code

    def _is_minor(self, born: date) -> bool:
        today = self.options.today
        return (today.year - born.year - ((today.month, today.day) < (born.month, born.day))) < _ADULT_YEARS

    def _first_filled(self, field: str, parse: Callable[[Cell], str]) -> str:
        """Of several phone columns the first that is filled; the others are counted, not kept."""
        columns = self._columns.get(field)
        if columns is None:
            return ""
        if len(columns) == 1:
            return self.value(field, parse, "")
        first = ""
        for index in columns:
            cell = self.cells[index]
            if cell is None:
                continue
            try:
                value = parse(cell)
            except CellProblem as problem:
                self.rejected = True
                params = dict(problem.params) if self.protected else {**problem.params, "value": _quoted(cell)}
                self.problems.append(Problem(self.row, self.match.titles[index], problem.code, params))
                continue
            if not first:
                first = value
            elif value and value != first:
                self.counts[f"further_{field}"] += 1
        return first

    def _known_language(self) -> str:
        cell = self.cell("language")
        if cell is None:
            return ""
        try:
            return self._language(cell)
        except CellProblem as problem:
            self.report(problem.code, "language", problem.params, severity=Severity.NOTE, shows="language")
            return ""

    def _non_disclosure(self) -> bool:
        """Whatever stands in the cell and is not a clear no counts as an order."""
        cell = self.cell("non_disclosure")
        if cell is None:
            return False
        try:
            return self.yes_or_no(cell)
        except CellProblem:
            self.report("non_disclosure_assumed", "non_disclosure", severity=Severity.NOTE, shows="non_disclosure")
            return True


def _remembering(parse: Callable[[Cell], T]) -> Callable[[Cell], T]:
    # typed: 1, 1.0 and True are equal, but not the same cell
    return lru_cache(maxsize=REMEMBERED, typed=True)(parse)


def _quoted(cell: Cell) -> str:
    if type(cell) is BadCell:
        return cell.text
    text = without_identity_codes(text_of(cell) or str(cell))
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
