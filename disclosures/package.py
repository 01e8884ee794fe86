"""The registers of a housing company as one file: a ZIP with a CSV for each register, one JSON, its schema, a README.

It is made of the extract alone, which the door has shaped. Names of files hold no data of anybody.
"""

import csv
import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from django.conf import settings
from django.utils import translation

from disclosures.extracts import Extract
from disclosures.house import CALLED, FRAME, OF_PEOPLE
from disclosures.package_texts import read_me
from registers.imports.rejected_file import harmless

VERSION = 1
SCHEMA_ID = f"urn:fluxio:return-package:{VERSION}"
MADE_AT = (1980, 1, 1, 0, 0, 0)  # of the files inside: the time stands in the package, once

# Columns that are no plain text: name → what JSON calls it. Days are text of ISO 8601; everything may be empty.
TYPES: dict[str, Any] = {
    **dict.fromkeys(("id", "person", "organisation", "building", "apartment", "share_group"), "integer"),
    **dict.fromkeys(("number", "floor", "first", "last", "numerator", "denominator"), "integer"),
    "area_m2": "number",
    **dict.fromkeys(("non_disclosure", "restricted"), "boolean"),
    "field_sources": "object",
}


# By titles that an import knows (registers/imports/titles.toml).
RESIDENTS = (
    "building_address", "staircase", "number", "suffix", "last_name", "first_names", "date_of_birth", "email", "phone",
    "street_address", "postal_code", "post_office", "language", "non_disclosure", "role", "moved_in", "moved_out",
)  # fmt: skip


@dataclass(frozen=True)
class Cover:
    """What stands on the package: to whom, when, under which number of the log."""

    company: str
    recipient: str
    moment: str  # ISO 8601
    number: int


def columns_of(register: str) -> tuple[str, ...]:
    """Of a register, in their order; the same ones whatever was chosen."""
    if register in FRAME:
        return tuple(CALLED.get(column, column) for column in FRAME[register])
    keys = {"people": (), "ownerships": ("person", "organisation")}.get(register, ("person",))
    _model, _path, fields = OF_PEOPLE[register]
    columns = [CALLED.get(column, column) for names in fields.values() for column in names]
    more = {"people": ("identity_code",), "ownerships": ("shares",)}.get(register, ())
    return ("id", *keys, *columns, *more)


REGISTERS: dict[str, tuple[str, ...]] = {name: columns_of(name) for name in (*FRAME, *OF_PEOPLE)}


def tables_of(extract: Extract) -> dict[str, list[dict[str, Any]]]:
    """register → its rows, all columns in each; what was not told is null."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in REGISTERS}
    for name, rows in extract.frame.items():
        found[name] = rows
    for row in extract.rows:
        said = dict(row["keys"])
        for field in extract.fields:
            said |= row.get(field, {})
        if row["register"] == "people":  # a flag that is not set says so, if it is told at all
            said |= {
                flag: said.get(flag, False)
                for flag, field in (("non_disclosure", "non_disclosure"), ("restricted", "restriction"))
                if field in extract.fields
            }
        found[row["register"]].append({column: said.get(column) for column in REGISTERS[row["register"]]})
    return found


def package_of(extract: Extract, cover: Cover) -> bytes:
    tables = tables_of(extract)
    files: dict[str, bytes] = {f"csv/{name}.csv": as_csv(REGISTERS[name], rows) for name, rows in tables.items()}
    document = {
        "schema": SCHEMA_ID,
        "disclosure": cover.number,
        "company": cover.company,
        "recipient": cover.recipient,
        "made_at": cover.moment,
        "fields": list(extract.fields),
        "registers": tables,
    }
    files["import/residents.csv"] = as_csv(RESIDENTS, _residents(tables))
    files["registers.json"] = as_json(document)
    files["registers.schema.json"] = as_json(schema(), indent=2)
    counts = {name: len(rows) for name, rows in tables.items()}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            files[f"README.{language}.txt"] = read_me(cover, counts, extract.fields).encode()
    files["SHA256SUMS"] = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in files).encode()
    return zipped(files)


def _residents(tables: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Residencies with their person and place in one row each: what an import of residents reads, ours too."""
    people = {row["id"]: row for row in tables["people"]}
    places = {row["id"]: row for row in tables["apartments"]}
    houses = {row["id"]: row["street_address"] for row in tables["buildings"]}
    found = []
    for row in tables["residencies"]:
        place = places.get(row["apartment"], {})
        said = people.get(row["person"], {}) | place | row | {"building_address": houses.get(place.get("building"))}
        found.append({column: said.get(column) for column in RESIDENTS})
    return found


def zipped(files: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, MADE_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return made.getvalue()


def as_json(document: dict[str, Any], indent: int | None = None) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=indent, separators=None if indent else (",", ":")).encode()


def as_csv(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> bytes:
    """UTF-8 with its mark and semicolons, as spreadsheet programs in Finland open it; no cell runs as a formula."""
    made = StringIO()
    writer = csv.writer(made, delimiter=";")
    writer.writerow(columns)
    writer.writerows([harmless(_text(row[column])) for column in columns] for row in rows)
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def schema() -> dict[str, Any]:
    """JSON Schema of `registers.json`, made of the same columns as the package."""
    text = {"type": "string"}
    registers = {name: {"type": "array", "items": _row_schema(columns)} for name, columns in REGISTERS.items()}
    top: dict[str, Any] = {
        "schema": {"const": SCHEMA_ID},
        "disclosure": {"type": "integer"},
        "company": text,
        "recipient": text,
        "made_at": text,
        "fields": {"type": "array", "items": text},
        "registers": _object(registers),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "The registers of a housing company, returned at the end of its management",
        **_object(top),
    }


def _row_schema(columns: tuple[str, ...]) -> dict[str, Any]:
    return _object({column: {"type": list(_types(column))} for column in columns})


def _types(column: str) -> Iterator[str]:
    yield TYPES.get(column, "string")
    if column != "id":
        yield "null"


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
