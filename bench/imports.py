"""A resident list of 50,000 rows: reading, review, applying; beside COPY of the same final rows into the same tables."""

import csv
import io
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.databases import RESULTS, ROOT, environment_for

ROWS = int(os.environ.get("BENCH_ROWS", "50000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
AIM = 3.0
HOMES = 2  # residents of a home
TABLES = ("registers_person", "registers_apartment", "registers_residency")


def main() -> None:
    """In a process of its own: its peak of memory is that of an import."""
    command = [sys.executable, "-m", "bench.imports"]
    subprocess.run(command, cwd=ROOT, env=environment_for(1_000), check=True)


def rows() -> list[list[str]]:
    letters = "aeioukmnrst"
    found = []
    for number in range(ROWS):
        home = number // HOMES
        place = f"{'ABCDEFGH'[home // 300 % 8]} {home % 300 + 1}"
        last = "Nimi" + "".join(letters[number // 11**k % 11] for k in range(5)) + "nen"
        born = f"{number % 28 + 1}.{number % 12 + 1}.{1940 + number % 60}"
        moved = f"{number % 28 + 1}.{number % 12 + 1}.{2005 + number % 20}"
        phone = f"040 {1_000_000 + number}"
        role = ("omistaja", "vuokralainen", "muu")[number % 3]
        email = f"asukas{number}@example.fi"
        found.append([f"Esimerkkikatu {home // 2400 + 1}", place, last, "Aino Maria", born, phone, email, role, moved])
    return found


HEADER = [
    "Rakennuksen osoite", "Huoneisto", "Sukunimi", "Etunimet", "Syntymäaika", "Puhelin", "Sähköposti", "Rooli",
    "Muuttopäivä",
]  # fmt: skip


def as_csv(found: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows([HEADER, *found])
    return stream.getvalue().encode()


def as_xlsx(found: list[list[str]]) -> bytes:
    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Asukkaat")
    for row in [HEADER, *found]:
        sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class Undo(Exception):
    """Ends a measurement's transaction."""


def one_import(data: bytes, name: str) -> tuple[dict[str, float], dict[str, bytes]]:
    """Seconds of each part, and the rows as COPY gives them; everything is undone."""
    from django.db import connection, transaction

    from accounts.acting import Program
    from registers.imports.headers import match_header
    from registers.imports.reading import read_table
    from registers.imports.row_reader import Options
    from registers.imports.rows import understand
    from registers.imports.services.applying import apply_import
    from registers.imports.services.deciding import decide_all, start_applying
    from registers.imports.services.reading import read_import
    from registers.imports.services.runs import upload_import
    from registers.models import ImportRun

    by, seconds, copies = Program("bench"), {}, {}

    def parse() -> None:
        from datetime import date

        table = read_table(name, data)
        understand(table, match_header(table), Options(today=date.today()))

    seconds["of which parsing"] = timed(parse)
    try:
        with transaction.atomic():
            company = _company(by)
            with connection.cursor() as cursor:
                marks = {table: _last(cursor, table) for table in (*TABLES, "accounts_auditentry")}
            run = upload_import(file_name=name, data=data, housing_company=company, by=by)
            seconds["preview (parse, stage, differences)"] = timed(lambda: read_import(run=run.pk))
            decide_all(run=run, accepted=True, by=by)
            start_applying(run=run, by=by)
            seconds["apply with audit entries"] = timed(lambda: apply_import(run=run.pk))
            found = ImportRun.objects.get(pk=run.pk)
            if found.counts.get("applied") != ROWS:
                sys.exit(f"Only {found.counts} was applied: {found.failure}")
            with connection.cursor() as cursor:
                for table, mark in marks.items():
                    copies[table] = _copied_out(cursor, table, mark)
            raise Undo
    except Undo:
        pass
    return seconds, copies


def _company(by: Any) -> Any:
    from registers.services.companies import register_company

    return register_company(name="As Oy Mitta", business_id="2829837-1", source="company", by=by)


def _last(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
    return cursor.fetchone()[0]


def columns_of(cursor: Any, table: str) -> str:
    cursor.execute(
        "SELECT string_agg(column_name, ', ' ORDER BY ordinal_position) FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return cursor.fetchone()[0]


def _copied_out(cursor: Any, table: str, mark: int) -> bytes:
    columns = columns_of(cursor, table)
    with cursor.copy(f"COPY (SELECT {columns} FROM {table} WHERE id > {mark} ORDER BY id) TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)


def copy_in(copies: dict[str, bytes], buildings: str) -> dict[str, float]:
    """The same rows by COPY, as they stand, into the same tables with their indexes and constraints."""
    from django.db import connection, transaction

    seconds = {}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(buildings)
            for table, data in copies.items():
                columns = columns_of(cursor, table)

                def write(table: str = table, columns: str = columns, data: bytes = data) -> None:
                    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                        copy.write(data)

                seconds[table] = timed(write)
            seconds["constraints at the end"] = timed(lambda: cursor.execute("SET CONSTRAINTS ALL IMMEDIATE"))
            raise Undo
    except Undo:
        pass
    return seconds
