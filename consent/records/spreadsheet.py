"""The record as a spreadsheet. Each row of the first two sheets tells all of its item, so that rows can be filtered."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from consent.notices.facts import Facts
from consent.records.tables import Cell, companies_table, data_table, purposes_table, recipients_table, told_once

BOLD, TOP = Font(bold=True), Alignment(vertical="top", wrap_text=True)
FORMULA_STARTS = ("=", "+", "-", "@")
WIDTH, LONGEST = 36, 32_000


def spreadsheet_of(record: Facts, processor: Facts) -> bytes:
    """In the language that is active."""
    workbook = Workbook(write_only=True)
    for table, whole in (
        (purposes_table(record), told_once(record)),
        (companies_table(processor), told_once(processor)),
        (data_table(record), []),
        (recipients_table(record), []),
    ):
        sheet = workbook.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        head = table.head + [name for name, _cell in whole]
        for number in range(1, len(head) + 1):
            sheet.column_dimensions[get_column_letter(number)].width = WIDTH
        sheet.append([_cell(sheet, [name], BOLD) for name in head])
        for row in table.rows:
            sheet.append([_cell(sheet, lines) for lines in [*row, *(lines for _name, lines in whole)]])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _cell(sheet: Any, lines: Cell, font: Font | None = None) -> Any:
    """Text, never a formula: neither when the file is opened nor when somebody edits the cell."""
    text = ILLEGAL_CHARACTERS_RE.sub("", "\n".join(line for line in lines if line))[:LONGEST]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.alignment = TOP
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    if font:
        cell.font = font
    return cell
