"""Rows that many tests begin with: written once by the service that writes them, then put back by COPY.

Triggers and foreign keys look away meanwhile: what is put back is what was there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

TABLES = """
SELECT c.oid::regclass::text, array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
    bool_or(a.attname = 'id')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'django_migrations'
GROUP BY c.oid ORDER BY 1
"""


@dataclass
class Kept:
    """Table → its rows, as COPY writes them."""

    columns: dict[str, str] = field(default_factory=dict)
    rows: dict[str, bytes] = field(default_factory=dict)

    def put_back(self) -> None:
        with connection.cursor() as cursor, looking_away(cursor):
            for table, content in self.rows.items():
                with cursor.copy(f"COPY {table} ({self.columns[table]}) FROM STDIN") as copy:
                    copy.write(content)


@contextmanager
def looking_away(cursor: Any) -> Iterator[None]:
    cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        cursor.execute("SET session_replication_role = DEFAULT")


def tables(cursor: Any) -> dict[str, tuple[str, bool]]:
    """Name → its columns that can be written, and whether it has a column `id`."""
    cursor.execute(TABLES)
    return {name: (", ".join(columns), has_id) for name, columns, has_id in cursor.fetchall()}


def not_empty(cursor: Any, names: list[str]) -> list[str]:
    cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in names))
    return [name for (name,) in cursor.fetchall()]


def everything() -> Kept:
    """What stands in the database now."""
    kept = Kept()
    with connection.cursor() as cursor:
        known = tables(cursor)
        for name in not_empty(cursor, list(known)):
            _keep(cursor, kept, name, known[name][0], "")
    return kept


def what_is_written_by(write: Callable[[], object]) -> Kept:
    """The rows that are there after it and were not before; it changes none that were."""
    kept = Kept()
    with connection.cursor() as cursor:
        known = tables(cursor)
        before = {name: _keys(cursor, name) for name, (_columns, has_id) in known.items() if has_id}
        write()
        for name, keys in before.items():
            if fresh := _keys(cursor, name) - keys:
                _keep(cursor, kept, name, known[name][0], f"WHERE id::text IN ({', '.join(map(repr, sorted(fresh)))})")
    return kept


def _keys(cursor: Any, name: str) -> set[str]:
    cursor.execute(f"SELECT id::text FROM {name}")
    return {key for (key,) in cursor.fetchall()}


def _keep(cursor: Any, kept: Kept, name: str, columns: str, where: str) -> None:
    with cursor.copy(f"COPY (SELECT {columns} FROM {name} {where}) TO STDOUT") as copy:
        content = b"".join(bytes(part) for part in copy)
    if content:
        kept.columns[name], kept.rows[name] = columns, content


def back_to(kept: Kept, *, new_files: bool = False) -> None:
    """Everything else goes. `new_files`: also from the disk, which takes as long as a test."""
    with connection.cursor() as cursor:
        known = list(tables(cursor))
        with looking_away(cursor):
            if new_files:
                cursor.execute(f"TRUNCATE {', '.join(known)}")
            else:
                for name in not_empty(cursor, known):
                    cursor.execute(f"DELETE FROM {name}")
    kept.put_back()
