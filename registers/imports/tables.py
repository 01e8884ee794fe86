"""Temporary tables that live until the transaction ends, filled by COPY."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_BATCH = 5_000


def execute(statement: str, **params: Any) -> int:
    """Returns how many rows the statement touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return int(cursor.rowcount)


def fetch(statement: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return cursor.fetchall()


def script(statements: Iterable[str], **params: Any) -> None:
    for statement in statements:
        execute(statement, **params)


def drop(*tables: str) -> None:
    """Left by an earlier run of the same transaction."""
    execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{table}' for table in tables)}")


def copy_rows(table: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """None and "" become NULL: in a staged row both mean that the file doesn't say."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        waiting: list[str] = []
        for row in rows:
            waiting.append("\t".join(map(_text, row)))
            if len(waiting) == _BATCH:
                copy.write("\n".join(waiting) + "\n")
                waiting.clear()
        if waiting:
            copy.write("\n".join(waiting) + "\n")


def _text(value: Any) -> str:
    if value is None or value == "":
        return r"\N"
    if type(value) is str:
        return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)
    if type(value) is bytes:
        return rf"\\x{value.hex()}"
    return str(value)
