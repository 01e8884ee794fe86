"""A resident list of 50,000 rows: preview and applying, beside COPY of the same final rows into the same tables."""

import csv
import gc
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from bench.databases import RESULTS, ROOT, environment_for

ROWS = int(os.environ.get("BENCH_ROWS", "50000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
AIM = 3.0
HOMES = 2  # residents of a home
# The first two are there before the rows that are measured.
TABLES = (
    "registers_housingcompany", "registers_building", "registers_apartment", "registers_person", "registers_residency",
    "accounts_auditentry",
)  # fmt: skip


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


def one_round(data: bytes, name: str) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds of each part of an import, and of COPY of the rows that it made; both are undone.

    The rows are copied with their own keys after they were deleted, into the same tables with the same indexes,
    constraints and triggers, checked to the end.
    """
    from django.db import connection, transaction

    from accounts.acting import Program
    from registers.imports.services.applying import apply_import
    from registers.imports.services.deciding import decide_all, start_applying
    from registers.imports.services.reading import read_import
    from registers.imports.services.runs import upload_import
    from registers.models import ImportRun

    by, seconds = Program("bench"), {"parse": timed(lambda: parse(data, name))}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            before = {table: _last(cursor, table) for table in TABLES}
            company = _company(by)
            run = upload_import(file_name=name, data=data, housing_company=company, by=by)
            seconds["stage and differences"] = timed(lambda: read_import(run=run.pk)) - seconds["parse"]
            decide_all(run=run, accepted=True, by=by)
            start_applying(run=run, by=by)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            marks = {table: _last(cursor, table) for table in TABLES} | {t: before[t] for t in TABLES[:2]}

            def apply() -> None:
                apply_import(run=run.pk)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

            seconds["apply with audit entries"] = timed(apply)
            found = ImportRun.objects.get(pk=run.pk)
            if found.counts.get("applied") != ROWS:
                sys.exit(f"Not all was applied: {found.counts} {found.failure}")
            copies = {table: _copied_out(cursor, table, mark) for table, mark in marks.items()}
            raise Undo
    except Undo:
        pass
    _vacuum()
    copied = copy_in(copies)
    _vacuum()
    return seconds, copied


def _vacuum() -> None:
    """What was undone is in nobody's way."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}, registers_importrow, registers_importrun")


def parse(data: bytes, name: str) -> None:
    from registers.imports.headers import match_header
    from registers.imports.reading import read_table
    from registers.imports.row_reader import Options
    from registers.imports.rows import understand

    gc.disable()  # as the import does
    table = read_table(name, data)
    understand(table, match_header(table), Options(today=date.today()))
    gc.enable()


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


def copy_in(copies: dict[str, bytes]) -> dict[str, float]:
    """Seconds for each table, the company and the buildings being there already."""
    from django.db import connection, transaction

    seconds = {}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in ("registers_housingcompany", "registers_building"):
                _copy(cursor, table, copies[table])
            for table in TABLES[2:]:
                seconds[table] = timed(lambda table=table: _copy(cursor, table, copies[table]))
            seconds["deferred constraints"] = timed(lambda: cursor.execute("SET CONSTRAINTS ALL IMMEDIATE"))
            raise Undo
    except Undo:
        pass
    return seconds


def _copy(cursor: Any, table: str, data: bytes) -> None:
    with cursor.copy(f"COPY {table} ({columns_of(cursor, table)}) FROM STDIN") as copy:
        copy.write(data)


def measure() -> None:
    """Import and COPY in turns; the ratio of their medians."""
    found, report = rows(), {}
    for kind, name, make in (("CSV", "list.csv", as_csv), ("XLSX", "list.xlsx", as_xlsx)):
        data = make(found)
        rounds = [one_round(data, name) for _ in range(ROUNDS)]
        parts = {part: statistics.median(one[part] for one, _ in rounds) for part in rounds[0][0]}
        total = statistics.median(sum(one.values()) for one, _ in rounds)
        copied = statistics.median(sum(one.values()) for _, one in rounds)
        registers = statistics.median(sum(s for t, s in one.items() if "audit" not in t) for _, one in rounds)
        print(f"{kind}, {ROWS:,} rows, {len(data) / 1e6:.1f} MB, median of {ROUNDS}")
        for part, seconds in parts.items():
            print(f"  {part:28} {seconds:6.2f} s")
        print(f"  {'import in all':28} {total:6.2f} s")
        print(f"  {'COPY, audit entries too':28} {copied:6.2f} s   import is {total / copied:.2f} × that (aim {AIM})")
        print(f"  {'COPY of the registers alone':28} {registers:6.2f} s   import is {total / registers:.2f} × that")
        report[kind] = parts | {"total": total, "copy": copied, "copy_registers": registers, "ratio": total / copied}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  peak memory {peak:.0f} MB, of the process that opens workbooks {child:.0f} MB")
    report["memory_mb"] = {"import": peak, "workbook": child}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "imports.json").write_text(json.dumps({"rows": ROWS, "aim": AIM, **report}, indent=1))


if __name__ == "__main__":
    import django

    django.setup()
    measure()
