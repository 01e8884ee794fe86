"""The files of a package: one document to read, one JSON with its schema, a CSV for each table, a word about them."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.package import as_csv, as_json, zipped
from registers.dates import day
from registers.pdf import pdf_of
from rights.letters import barred
from rights.models import Package
from rights.package.collect import Collected
from rights.package.facts import About
from rights.package.paper import on_paper, recipients_by_year
from rights.package.schema import FILE, schema, schema_address
from rights.package.values import Cell
from rights.package.ways import WHY_NOT

TOLD = "disclosures.disclosedperson"  # told above the tables, with recipients by name


@dataclass(frozen=True)
class Cover:
    kind: str
    language: str
    reference: str
    name: str
    made_at: datetime
    exception: str = ""
    asked_by_other: bool = False


@dataclass(frozen=True)
class Files:
    pdf: bytes
    archive: bytes


def files_of(found: Collected, about: About, cover: Cover) -> Files:
    """In the language that is active."""
    document = document_of(found, about, cover)
    pdf = pdf_of("rights/package.html", _context(found, about, cover), language=cover.language)
    files: dict[str, bytes] = {f"{_('my-data')}.pdf": pdf, "data.json": as_json(document, indent=1)}
    files[FILE] = as_json(schema(), indent=1)
    for table in found.tables:
        columns = tuple(one.field for one in table.columns)
        rows = [{name: _for_csv(row[name]) for name in columns} for row in table.rows.values()]
        files[f"csv/{table.label}.csv"] = as_csv(columns, rows)
    files |= found.files
    files["README.txt"] = _read_me(cover, has_files=bool(found.files)).encode()
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in files)
    return Files(pdf, zipped(files | {"SHA256SUMS": sums.encode()}))


def document_of(found: Collected, about: About, cover: Cover) -> dict[str, Any]:
    return {
        "schema": schema_address(),
        "kind": cover.kind,
        "language": cover.language,
        "request": cover.reference,
        "made_at": cover.made_at.isoformat(timespec="seconds"),
        **asdict(about),
        "exception": f"{cover.exception}\n\n{barred()}" if cover.exception else None,
        "left_out": [{"why": str(WHY_NOT[why]), "tables": sorted(names)} for why, names in found.left_out.items()],
        "tables": {
            table.label: {
                "name": table.name,
                "columns": [asdict(column) for column in table.columns],
                "rows": [{name: _for_json(cell) for name, cell in row.items()} for row in table.rows.values()],
            }
            for table in found.tables
        },
    }


def _for_json(cell: Cell) -> Any:
    return {"left_out": cell.left_out} if cell.left_out else cell.value


def _for_csv(cell: Cell) -> Any:
    if cell.left_out:
        return cell.text
    return cell.text if isinstance(cell.value, list) else cell.value


def _context(found: Collected, about: About, cover: Cover) -> dict[str, Any]:
    return {
        "cover": cover,
        "title": str(Package.Kind(cover.kind).label),
        "is_access": cover.kind == Package.Kind.ACCESS,
        "made": f"{day(timezone.localtime(cover.made_at).date())}",
        "about": about,
        "barred": barred(),
        "recipients": recipients_by_year(about.recipients),
        "tables": [on_paper(table) for table in found.tables if table.label != TOLD],
        "left_out": [str(WHY_NOT[why]) for why in found.left_out],
        "has_files": bool(found.files),
    }


def _read_me(cover: Cover, *, has_files: bool) -> str:
    lines = [
        f"{Package.Kind(cover.kind).label}: {cover.reference}",
        "",
        _("The PDF is for reading. data.json and the folder csv hold the same data for programs."),
        _("%(name)s is the JSON Schema of data.json; it stands at %(address)s, too.")
        % {"name": FILE, "address": schema_address()},
        _("CSV files are UTF-8, their columns are separated by semicolons; days are written year-month-day."),
        *([_("The folder files holds what you sent us with your requests.")] if has_files else []),
        _("SHA256SUMS lets you check that no file was changed."),
        _("This is personal: keep it where nobody else reads it, and delete it when you need it no longer."),
    ]
    return "\r\n".join([*lines, ""])
