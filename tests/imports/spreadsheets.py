"""Files for the tests, made in memory."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

from registers.imports.headers import match_header
from registers.imports.problems import Problem, Severity
from registers.imports.row_reader import Options
from registers.imports.rows import Understanding, understand
from registers.imports.table import Table, table_from

TODAY = date(2026, 11, 22)
HEADER = ["Huoneisto", "Sukunimi", "Etunimet", "Syntymäaika", "Puhelin", "Muuttopäivä"]
RESIDENT = ["A 12", "Virtanen", "Matti", "1.5.1980", "040 123 4567", "1.6.2020"]


def xlsx(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for index, rows in enumerate(sheets):
        sheet = workbook.create_sheet(names[index] if names else f"Taul{index + 1}")
        for row in rows:
            sheet.append(list(row))
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The zip with one member added or replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return stream.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def ods(rows: Iterable[Iterable[str | float]], *, encrypted: bool = False) -> bytes:
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    namespaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f'<office:document-content{namespaces} office:version="1.2"><office:body><office:spreadsheet>'
        f"<table:table table:name={quoteattr('Asukkaat')}>{body}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = "<manifest><encryption-data/></manifest>" if encrypted else "<manifest/>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return stream.getvalue()


def _ods_cell(value: str | float) -> str:
    if isinstance(value, str):
        return (
            f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
            if value
            else "<table:table-cell/>"
        )
    typed = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {typed}><text:p>{value}</text:p></table:table-cell>"


def text_file(rows: Iterable[Iterable[Any]], *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode(encoding)


def table(*rows: Sequence[Any]) -> Table:
    return table_from("text", "", list(enumerate((list(row) for row in rows), start=1)))


def read(*rows: Sequence[Any], **options: Any) -> Understanding:
    """Header first."""
    sheet = table(*rows)
    return understand(sheet, match_header(sheet), Options(today=TODAY, **options))


def resident(**cells: Any) -> Understanding:
    """One resident, with these titles and cells instead of the usual ones."""
    values = {**dict(zip(HEADER, RESIDENT, strict=True)), **cells}
    return read(list(values), list(values.values()))


def codes(understanding: Understanding) -> list[str]:
    return [problem.code for problem in understanding.problems]


def rejections(understanding: Understanding) -> list[Problem]:
    return [problem for problem in understanding.problems if problem.severity is Severity.REJECT]


def identity_code(day: str, separator: str = "-", individual: int = 900) -> str:
    """Valid, of those that are given to nobody. `day` is ddmmyy."""
    character = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(f"{day}{individual}") % 31]
    return f"{day}{separator}{individual}{character}"
