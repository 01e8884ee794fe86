"""Values of people who are being erased, in the memory of the worker alone, and the search for them afterwards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import ahocorasick
from django.db import connection

from accounts.crypto import decrypt
from retention.queries.targets import array_of, quote
from retention.words import WHOLE

SHORTEST = 6  # characters: a shorter value stands in other words by chance
CODE_COLUMN = "registers_identitycode.code"
# Values that live on in their own right: a couple's common address, a namesake, a colleague of the office.
OTHERS = (
    "SELECT street_address FROM registers_person UNION SELECT street_address FROM registers_building"
    " UNION SELECT street_address FROM registers_organisation UNION SELECT street_address FROM registers_housingcompany"
    " UNION SELECT street_address FROM registers_controller",
    "SELECT email FROM registers_person UNION SELECT email FROM registers_organisation UNION SELECT email FROM"
    " accounts_user UNION SELECT contact_email FROM registers_controller UNION SELECT contact FROM"
    " disclosures_outsiderecipient",
    "SELECT phone FROM registers_person UNION SELECT phone FROM registers_organisation"
    " UNION SELECT contact_phone FROM registers_controller",
    "SELECT last_name || ' ' || first_names FROM registers_person UNION SELECT first_names || ' ' || last_name FROM"
    " registers_person UNION SELECT name FROM registers_organisation UNION SELECT contact_name FROM"
    " registers_organisation UNION SELECT name FROM accounts_user UNION SELECT contact_name FROM registers_controller"
    " UNION SELECT name FROM disclosures_outsiderecipient",
)

# The names of others may hold a whole name: Anna Maria is somebody else than Anna, an estate outlives the deceased.
NAMES_OF_OTHERS = {
    "registers_person.last_name",
    "registers_person.first_names",
    "registers_person.sort_key",
    "registers_person.words",
    "registers_organisation.name",
    "registers_organisation.contact_name",
    "registers_organisation.words",
    "accounts_user.name",
    "registers_controller.contact_name",
    "disclosures_outsiderecipient.name",
}


@dataclass(frozen=True)
class Hit:
    """Where an erased value was found: never which."""

    table: str
    column: str
    rows: int


@dataclass
class Values:
    """Lower-case values that must not be found any more. Nothing of it is written, logged or passed on."""

    found: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    people: int = 0

    def __repr__(self) -> str:
        return f"<values of {self.people} people>"

    def take(self, rows: Sequence[Sequence[str]], people: Sequence[int], what: str, cursor: Any) -> None:
        """Before they go, which proves that they were there; `rows`: last name, first names, contacts, lower-case."""
        self.people += len(people)
        for last, first, *contacts in rows:
            self.found.update(value for value in contacts if len(value) >= SHORTEST)
            if what == WHOLE and last and first:
                self.names.update((f"{last} {first}", f"{first} {last}"))
        if what in (WHOLE, "identity_code"):
            cursor.execute("SELECT code FROM registers_identitycode WHERE person_id = ANY(%s)", [array_of(people)])
            for (token,) in cursor.fetchall():
                self.found.add(decrypt(bytes(token), column=CODE_COLUMN).decode().lower())

    def without_others(self) -> "Values":
        """Less what stands in somebody's own right elsewhere: it is not the erased person's alone."""
        left = self.found | self.names
        with connection.cursor() as cursor:
            for sql in OTHERS:
                cursor.execute(f"SELECT lower(v) FROM ({sql}) s(v) WHERE lower(v) = ANY(%s)", [sorted(left)])
                left -= {row[0] for row in cursor.fetchall()}
        return Values(self.found & left, self.names & left, self.people)


class SearchIn:
    """Looks for the values as whole words, in texts of any case."""

    def __init__(self, values: Values) -> None:
        self.tables = 0
        self._automaton = ahocorasick.Automaton()
        for value in values.names:
            self._automaton.add_word(value, (len(value), True))
        for value in values.found:
            self._automaton.add_word(value, (len(value), False))
        self._is_empty = not values.found and not values.names
        if not self._is_empty:
            self._automaton.make_automaton()

    def everywhere(self) -> list[Hit]:
        """Every column of every table of the application, as a stream."""
        hits: list[Hit] = []
        if self._is_empty:
            return hits
        for table, columns in _tables():
            self.tables += 1
            found = [0] * len(columns)
            names = [f"{table}.{column}" not in NAMES_OF_OTHERS for column in columns]
            for row in _rows(table, columns):
                for number, text in enumerate(row):
                    if text and self.stands_in(text, names=names[number]):
                        found[number] += 1
            hits += [Hit(table, column, n) for column, n in zip(columns, found, strict=True) if n]
        return hits

    def stands_in(self, text: str, names: bool = True) -> bool:
        if self._is_empty:
            return False
        text = text.lower()
        for last, (length, is_name) in self._automaton.iter(text):
            if is_name and not names:
                continue
            before = text[last - length] if last >= length else " "
            after = text[last + 1] if last + 1 < len(text) else " "
            if not before.isalnum() and not after.isalnum():
                return True
        return False


def _tables() -> list[tuple[str, dict[str, bool]]]:
    """Every table of the schema with its columns that can hold text (column → whether it holds bytes)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum),"
            " array_agg(t.typname = 'bytea' ORDER BY a.attnum) FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'm') AND c.relpersistence <> 't'"
            " AND (t.typcategory IN ('S', 'A', 'U') OR t.typname IN ('jsonb', 'json', 'bytea', 'tsvector', 'xml'))"
            " GROUP BY c.relname ORDER BY c.relname"
        )
        return [(name, dict(zip(columns, bytes_, strict=True))) for name, columns, bytes_ in cursor.fetchall()]


def _rows(table: str, columns: dict[str, bool]) -> Iterator[Sequence[str | None]]:
    """The rows as text, bytes read as text too: a stream of constant memory."""
    chosen = ", ".join(
        f"encode({quote(column)}, 'escape')" if is_bytes else f"{quote(column)}::text"
        for column, is_bytes in columns.items()
    )
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(
        f"COPY (SELECT {chosen} FROM {quote(table)}) TO STDOUT"
    ) as copy:  # fmt: skip
        copy.set_types(["text"] * len(columns))
        yield from copy.rows()
