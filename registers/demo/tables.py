"""Rows on their way into the tables: ids from the sequences, writing by COPY."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models

Value = Any
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _text(value: Value) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    return value.translate(ESCAPES) if type(value) is str else str(value)


class Rows:
    """Waiting rows of one model. Ids follow on from the sequence; the tables are locked, so nobody else takes them."""

    def __init__(self, model: type[models.Model], columns: str) -> None:
        self.model, self.table = model, model._meta.db_table
        self.columns = ["id", *columns.split()]
        self.waiting: list[tuple[Value, ...]] = []
        self.first = self.last = self._next_of_sequence() - 1
        self.written = 0

    def add(self, *values: Value) -> int:
        self.last += 1
        self.waiting.append((self.last, *values))
        return self.last

    def write(self) -> None:
        if not self.waiting:
            return
        columns = ", ".join(self.columns)
        with connection.cursor() as cursor, cursor.copy(f"COPY {self.table} ({columns}) FROM STDIN") as copy:
            copy.write("".join("\t".join(map(_text, row)) + "\n" for row in self.waiting))
        self.written += len(self.waiting)
        self.waiting.clear()

    def finish(self) -> None:
        """The sequence goes on after the last id."""
        if self.last > self.first:
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [self.table, self.last])

    def _next_of_sequence(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [self.table])
            return int(cursor.fetchone()[0])


def lock(tables: Iterable[str]) -> None:
    """Against other writers; readers are not disturbed."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")


def analyze(tables: Iterable[str]) -> None:
    """Before more rows come in: the checks of constraints are planned by what the tables hold."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
