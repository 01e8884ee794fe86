"""The rejected rows as a file to correct and bring in again."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from django.utils.translation import gettext

from registers.imports.messages import describe
from registers.imports.review import restored
from registers.models import ImportRow, ImportRun

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rejected_csv(titles: Sequence[str], rows: Iterable[tuple[Sequence[str], str]], problem_title: str) -> bytes:
    """Semicolons and a byte order mark, as Finnish spreadsheet programs open it. Each row ends with its problem."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([*map(harmless, titles), problem_title])
    for cells, problem in rows:
        writer.writerow([*map(harmless, cells), harmless(problem)])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def rejected_xlsx(titles: Sequence[str], rows: Iterable[tuple[Sequence[str], str]], problem_title: str) -> bytes:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Fluxio")
    sheet.append([*(_cell(sheet, title) for title in titles), _cell(sheet, problem_title)])
    for cells, problem in rows:
        sheet.append([*(_cell(sheet, cell) for cell in cells), _cell(sheet, problem)])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def harmless(text: str) -> str:
    """A cell that a spreadsheet program would compute begins with an apostrophe; phone numbers stay as they are."""
    plain_number = text[1:].replace(" ", "").replace("-", "").isdigit() and text[:1] in "+-"
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not plain_number else text


def _cell(sheet: Any, text: str) -> Any:
    """Text, never a formula."""
    cell = openpyxl.cell.WriteOnlyCell(sheet, openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell


def rejected_file(run: ImportRun, rows: Iterable[ImportRow], *, text: bool) -> bytes:
    lines = []
    for row in rows:
        cells = row.values.get("cells") or []
        lines.append((cells, " ".join(describe(restored(entry)) for entry in row.problems)))
    make = rejected_csv if text else rejected_xlsx
    return make(run.options.get("titles", []), lines, gettext("Problem"))
