"""The JSON Schema of a package: made of the same columns as the package, and published."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.classification import Account
from consent.links import address
from consent.models import Suppression
from registers.inventory import InventoryModel, inventory
from rights.models import Package
from rights.package.collect import AUDIT, columns_of
from rights.package.ways import READ

VERSION = 1
NAME = f"data-package-{VERSION}"
FILE = f"{NAME}.schema.json"
TEXT: dict[str, Any] = {"type": "string"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
LEFT_OUT: dict[str, Any] = {
    "type": "object",
    "properties": {"left_out": TEXT},
    "required": ["left_out"],
    "additionalProperties": False,
}
CHANGES: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": dict.fromkeys(("field", "label", "before", "after", "text"), TEXT),
        "required": ["field", "label"],
        "additionalProperties": False,
    },
}


def schema_address() -> str:
    return address("package_schema", NAME)


def schema() -> dict[str, Any]:
    tables = {entry.label: _table(_columns(entry)) for entry in inventory() if _is_told(entry)}
    bans = {name: _nullable(_type(Suppression, name)) for name in ("controller", "kind", "at", "since")}
    tables[Suppression._meta.label_lower] = _table(bans)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_address(),
        "title": "A person's own data (GDPR Art. 15 and 20)",
        **_object(
            {
                "schema": {"const": schema_address()},
                "kind": {"enum": list(Package.Kind.values)},
                "language": {"enum": ["fi", "sv", "en"]},
                "request": TEXT,
                "made_at": TEXT | {"format": "date-time"},
                "controller": _object(dict.fromkeys(("name", "business_id", "contact", "officer"), TEXT)),
                "purposes": _list(
                    dict.fromkeys(("name", "what", "controller"), TEXT)
                    | {"bases": TEXTS, "categories": TEXTS, "since": _nullable(TEXT)}
                ),
                "categories": _list(dict.fromkeys(("code", "name", "kept"), TEXT)),
                "recipients": _list(dict.fromkeys(("at", "to", "what", "why"), TEXT)),
                "processors": _list(dict.fromkeys(("name", "as", "service"), TEXT)),
                "sources": _list(dict.fromkeys(("field", "label", "source", "on"), TEXT)),
                "rights": TEXTS,
                "complaint": TEXT,
                "automated": TEXT,
                "transfers": TEXTS,
                "exception": _nullable(TEXT),
                "left_out": _list({"why": TEXT, "tables": TEXTS}),
                "tables": {"type": "object", "properties": tables, "additionalProperties": False},
            }
        ),
    }


def _is_told(entry: InventoryModel) -> bool:
    return bool(entry.person_lookups) or isinstance(entry.subject, Account)


def _columns(entry: InventoryModel) -> dict[str, Any]:
    told, _left = columns_of(entry)
    return {name: _cell(entry, name, way) for name, way in told.items()}


def _cell(entry: InventoryModel, name: str, way: str) -> dict[str, Any]:
    if entry.label == AUDIT and name == "changes":
        return _nullable(CHANGES)
    if way == READ:
        return {"anyOf": [TEXT, {"type": "null"}, LEFT_OUT]}
    return _nullable(_type(entry.model, name))


def _type(model: type[models.Model], name: str) -> dict[str, Any]:
    field: Any = model._meta.get_field(name)
    if isinstance(field, ArrayField):
        return TEXTS
    if isinstance(field, models.GeneratedField):
        field = field.output_field
    if isinstance(field, models.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, models.DateTimeField):
        return TEXT | {"format": "date-time"}
    if isinstance(field, models.DateField):
        return TEXT | {"format": "date"}
    if isinstance(field, models.DecimalField):
        return {"type": "number"}
    if isinstance(field, models.IntegerField) and not field.choices:
        return {"type": "integer"}
    return {"type": ["integer", "string"]} if isinstance(field, models.IntegerField) else TEXT


def _nullable(said: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [said, {"type": "null"}]}


def _table(columns: dict[str, Any]) -> dict[str, Any]:
    column = _object(dict.fromkeys(("field", "label", "category"), TEXT))
    row = {"type": "object", "properties": columns, "additionalProperties": False}
    return _object(
        {"name": TEXT, "columns": {"type": "array", "items": column}, "rows": {"type": "array", "items": row}}
    )


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
