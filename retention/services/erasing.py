"""Erasing people, or one category of theirs, with all that repeats it: set-based, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from registers.models import Person
from retention.events import EVENTS
from retention.queries.needs import needs_sql, scheme_params
from retention.queries.rules import BITS, Scheme
from retention.queries.targets import Target, array_of, column_of, ending_whole, quote, targets_of

OPEN_RUNS = "('uploaded', 'mapping', 'review')"
HISTORY = """
UPDATE accounts_auditentry SET object_repr = '', changes = NULL, changes_text = '', serialized_data = NULL,
    additional_data = NULL, scrubbed_at = statement_timestamp()
WHERE {condition} AND scrubbed_at IS NULL
"""


class StillNeeded(Exception):
    """A row that was being deleted had become needed again, by a change that committed at that very moment."""


@dataclass
class Counted:
    """Rows by table or table and category."""

    rows: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, number: int) -> None:
        if number:
            self.rows[name] = self.rows.get(name, 0) + number

    def take(self, other: "Counted") -> None:
        for name, number in other.rows.items():
            self.add(name, number)


def erase_people(people: Sequence[int], speaks: Scheme | None, on: Any) -> Counted:
    """Everything about these people. With a scheme, rows that became needed meanwhile raise `StillNeeded`."""
    counted = Counted()
    ids = array_of(people)
    with connection.cursor() as cursor:
        keys = array_of([*people, *_former_keys(cursor, ids)])
        end_imports(cursor, ids, counted)
        empty_files(cursor, keys, counted)
        scrub_history(cursor, "person_key = ANY(%(keys)s)", {"keys": keys}, counted)
        for target in ending_whole():
            known = keys if target.is_logged_by_key else ids
            _end_rows(cursor, target, {"people": known}, counted, speaks, on)
    return counted


def erase_category(
    category: str, people: Sequence[int], companies: Sequence[int | None] | None, speaks: Scheme | None, on: Any
) -> Counted:
    """One category of these people; with `companies`, what is kept through the company beside each person."""
    counted = Counted()
    params: dict[str, Any] = {"people": array_of(people)}
    if companies is not None:
        params["companies"] = array_of(companies)
    with connection.cursor() as cursor:
        for target in targets_of(category):
            if bool(target.entry.company_path) == (companies is not None):
                _end_rows(cursor, target, params, counted, speaks, on, history=True)
    return counted


def _former_keys(cursor: Any, people: str) -> list[int]:
    cursor.execute("SELECT key FROM registers_formerkey WHERE person_id = ANY(%s)", [people])
    return [row[0] for row in cursor.fetchall()]


def _end_rows(
    cursor: Any,
    target: Target,
    params: dict[str, Any],
    counted: Counted,
    speaks: Scheme | None,
    on: Any,
    history: bool = False,
) -> None:
    if target.deletes:
        _delete(cursor, target, params, counted, speaks, on, history)
    else:
        _empty(cursor, target, params, counted, history)


def _which(target: Target, params: dict[str, Any]) -> str:
    """The condition by which rows `t` are found."""
    by_column = target.lookup == "pk" or "__" not in target.lookup
    if by_column and "companies" not in params:
        return f"t.{quote(column_of(target.model, target.lookup))} = ANY(%(people)s)"
    if "companies" in params:
        return (
            f"t.ctid IN (SELECT x.ctid FROM ({target.rows_sql()}) x JOIN unnest(%(people)s::bigint[],"
            " %(companies)s::bigint[]) AS w(person, company) ON w.person = x.person AND w.company = x.company)"
        )
    return f"t.ctid IN (SELECT x.ctid FROM ({target.rows_sql()}) x WHERE x.person = ANY(%(people)s))"


def _delete(
    cursor: Any,
    target: Target,
    params: dict[str, Any],
    counted: Counted,
    speaks: Scheme | None,
    on: Any,
    history: bool,
) -> None:
    key = target.key
    sql = f"DELETE FROM {quote(target.table)} t WHERE {_which(target, params)}"
    event = next((e for e in EVENTS.values() if e.table == target.table and e.sql), None)
    asked = speaks is not None and event is not None and any(rule.event == event.code for rule in speaks.rules)
    if asked and event is not None and speaks is not None and target.model is not Person:
        # The versions that are really deleted are asked once more: an UPDATE may have reopened one since the check.
        days = f"SELECT person_id, company_id, '{event.code}' AS event, day FROM ({event.sql.format(rows='gone')}) s"
        clauses = needs_sql(speaks, people=False, days=days).lstrip().removeprefix("WITH ")
        own = "" if not history else f" & {BITS[target.category.value]}"
        cursor.execute(
            f"WITH gone AS ({sql} RETURNING t.*), {clauses}"
            f" SELECT (SELECT count(*) FROM gone), coalesce((SELECT bit_or(needed) FROM need), 0){own},"
            f" (SELECT array_agg({key}) FROM gone WHERE {history})",
            params | scheme_params(speaks, on),
        )
        number, needed, gone = cursor.fetchone()
        if needed:
            raise StillNeeded
    elif history:
        cursor.execute(f"WITH gone AS ({sql} RETURNING t.{key}) SELECT count(*), array_agg({key}) FROM gone", params)
        number, gone = cursor.fetchone()
    else:
        cursor.execute(sql, params)
        number, gone = cursor.rowcount, None
    counted.add(target.name, number)
    if gone:
        scrub_history(
            cursor,
            "content_type_id = %(type)s AND person_key = ANY(%(people)s) AND object_id = ANY(%(gone)s)",
            {"type": _content_type(cursor, target), "people": params["people"], "gone": array_of(gone)},
            counted,
        )


def _empty(cursor: Any, target: Target, params: dict[str, Any], counted: Counted, history: bool) -> None:
    cursor.execute(
        f"UPDATE {quote(target.table)} t SET {target.settings()}"
        f" WHERE {_which(target, params)} AND ({target.filled()})",
        params,
    )
    counted.add(target.name, cursor.rowcount)
    if history:
        names = [name for name, _value in target.values]
        cursor.execute(
            "UPDATE accounts_auditentry SET changes = changes - %(names)s::text[], changes_text = '',"
            " serialized_data = NULL, additional_data = NULL"
            " WHERE content_type_id = %(type)s AND person_key = ANY(%(people)s) AND scrubbed_at IS NULL"
            " AND changes ?| %(names)s::text[]",
            {"type": _content_type(cursor, target), "people": params["people"], "names": names},
        )
        counted.add("accounts.auditentry", cursor.rowcount)


def _content_type(cursor: Any, target: Target) -> int:
    label, model = target.entry.label.split(".")
    cursor.execute("SELECT id FROM django_content_type WHERE app_label = %s AND model = %s", [label, model])
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def scrub_history(cursor: Any, condition: str, params: dict[str, Any], counted: Counted) -> None:
    """What entries of the audit trail said; that a change was made, when and by whom, stays."""
    cursor.execute(HISTORY.format(condition=condition), params)
    counted.add("accounts.auditentry", cursor.rowcount)


def end_imports(cursor: Any, people: str, counted: Counted) -> None:
    """Imports under review that name any of these people are discarded: their file names them too.

    Those that a worker is reading or applying hold the person until it is done (`queries/holds.py`).
    """
    cursor.execute(
        "SELECT DISTINCT run_id FROM registers_importrow WHERE person_id = ANY(%(people)s)"
        " UNION SELECT DISTINCT run_id FROM registers_importrow WHERE suggested_id = ANY(%(people)s)",
        {"people": people},
    )
    runs = [row[0] for row in cursor.fetchall()]
    if not runs:
        return
    cursor.execute("DELETE FROM registers_importrow WHERE run_id = ANY(%s)", [runs])
    counted.add("registers.importrow", cursor.rowcount)
    cursor.execute(
        "UPDATE registers_importrun SET state = 'discarded', content = ''::bytea, notes = '[]'::jsonb,"
        f" changed_at = statement_timestamp() WHERE id = ANY(%s) AND state IN {OPEN_RUNS}",
        [runs],
    )
    counted.add("registers.importrun", cursor.rowcount)


def empty_files(cursor: Any, keys: str, counted: Counted) -> None:
    """Files of disclosures about these people that nobody has taken out yet."""
    cursor.execute(
        "UPDATE disclosures_artefact f SET content = NULL WHERE f.content IS NOT NULL AND EXISTS (SELECT FROM"
        " disclosures_disclosedperson p WHERE p.disclosure_id = f.disclosure_id AND p.person_key = ANY(%s))",
        [keys],
    )
    counted.add("disclosures.artefact", cursor.rowcount)
