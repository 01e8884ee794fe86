"""An extract as a file: PDF, spreadsheet or CSV. Each says to whom, when and under which number it left."""

import csv
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from disclosures.extracts import Extract
from disclosures.fields import FIELDS, LIVING, OWNING, TOLD
from registers.imports.rejected_file import harmless
from registers.pdf import pdf_of

FORMATS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}
LISTS = ("pdf", "xlsx", "csv")  # of rows; a ZIP holds registers (`package.py`)
PARTS = (LIVING, OWNING, ("board_role",), TOLD)  # the tables of a card


@dataclass(frozen=True)
class Heading:
    """What stands on the file beside the rows."""

    title: str
    footer: str


def heading(title: str, recipient: str, moment: str, number: int) -> Heading:
    says = _("To: %(recipient)s. %(moment)s. Disclosure %(number)s.")
    return Heading(title, says % {"recipient": recipient, "moment": moment, "number": number})


def file_of(extract: Extract, head: Heading, extension: str) -> bytes:
    names = [capfirst(str(FIELDS[name].label)) for name in extract.fields]
    rows = [[str(row.get(name, "")) for name in extract.fields] for row in extract.rows]
    if extension == "pdf" and extract.of == "people":
        return _card(extract, head)
    return {"pdf": _pdf, "xlsx": _xlsx, "csv": _csv}[extension](head, names, rows)


def _pdf(head: Heading, names: list[str], rows: list[list[str]]) -> bytes:
    context: dict[str, Any] = {"head": head, "names": names, "rows": rows}
    return pdf_of("disclosures/list.html", context, language=(get_language() or "fi")[:2])


def _card(extract: Extract, head: Heading) -> bytes:
    """People one after the other, each with a table for what belongs together."""
    people: dict[int, list[dict[str, Any]]] = {}
    for row in extract.rows:
        people.setdefault(row["person"], []).append(row)
    cards = [_parts_of(extract.fields, rows) for rows in people.values()]
    language = (get_language() or "fi")[:2]
    return pdf_of("disclosures/card.html", {"head": head, "cards": cards}, language=language)


def _parts_of(fields: tuple[str, ...], rows: list[dict[str, Any]]) -> dict[str, Any]:
    details = [(capfirst(str(FIELDS[name].label)), rows[0][name]) for name in fields if name in rows[0]]
    tables: dict[tuple[str, ...], list[list[str]]] = {}
    for part in PARTS:
        names = tuple(name for name in fields if name in part)
        found = [[str(row.get(name, "")) for name in names] for row in rows[1:] if any(name in row for name in names)]
        if found:
            tables[tuple(capfirst(str(FIELDS[name].label)) for name in names)] = found
    return {"details": details, "tables": list(tables.items())}


def _xlsx(head: Heading, names: list[str], rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("List"))
    sheet.freeze_panes = "A2"
    sheet.append(names)
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    sheet.append([])
    sheet.append([_cell(sheet, head.footer)])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _cell(sheet: Any, text: str) -> Any:
    """Text stays text: a name that begins with = is no formula."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell


def _csv(head: Heading, names: list[str], rows: list[list[str]]) -> bytes:
    made = StringIO()
    writer = csv.writer(made, delimiter=";")
    writer.writerow(names)
    writer.writerows([[harmless(text) for text in row] for row in rows])
    writer.writerow([head.footer])
    return b"\xef\xbb\xbf" + made.getvalue().encode()
