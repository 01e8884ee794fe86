"""A value as a program reads it, and as a person does."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from disclosures.fields import FIELDS
from registers.admin.pages import PAGES
from registers.dates import day
from registers.fields import Sealed
from registers.models import Apartment, Person, ShareGroup
from rights.models import ProposedChange

SHOWN_OF_CODE = 7  # the day of birth and the separator


@dataclass(frozen=True)
class Cell:
    """`value` goes into JSON and CSV, `text` into the document; `left_out`: why the value is not there."""

    value: Any
    text: str
    left_out: str = ""


def label_of(model: type[Model], name: str) -> str:
    return str(capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name))))


def cell_of(row: Any, name: str) -> Cell:
    """Of a field that is given as it is. What a row points at is told by its name."""
    field: Any = row._meta.get_field(name)
    value = getattr(row, name)
    label = row._meta.label_lower
    if value is None or value == "" or value == [] or value == {}:
        return Cell(None, "")
    if field.is_relation:
        return _same(_name(value))
    if isinstance(value, Sealed):
        text = value.reveal()
        return _same(_address(text) if label == "rights.movenotification" else text)
    if isinstance(field, ArrayField):
        return Cell([str(one) for one in value], ", ".join(_word(field, str(one)) for one in value))
    if field.choices:
        return Cell(value, str(dict(field.flatchoices).get(value, value)))
    if (label, name) == ("registers.accessentry", "page"):
        return Cell(value, _page(value))
    if (label, name) == ("rights.proposedchange", "field"):
        other = value == ProposedChange.OTHER
        return Cell(value, str(_("another datum")) if other else label_of(Person, value))
    return _plain(value)


def _same(text: str) -> Cell:
    return Cell(text, text)


def _plain(value: Any) -> Cell:
    if isinstance(value, bool):
        return Cell(value, str(_("yes") if value else _("no")))
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return Cell(local.isoformat(timespec="seconds"), f"{day(local.date())} {local:%H:%M}")
    if isinstance(value, date):
        return Cell(value.isoformat(), day(value))
    if isinstance(value, Decimal):
        return Cell(float(value), str(value))
    return Cell(value, str(value)) if isinstance(value, int) else _same(str(value))


def _name(value: Any) -> str:
    if isinstance(value, Apartment):
        return f"{value.housing_company}, {value.building.street_address} {value.designation}"
    if isinstance(value, ShareGroup):
        ranges = ", ".join(str(one) for one in value.ranges.all())
        return ", ".join(filter(None, (str(value.housing_company), str(value), ranges)))
    if isinstance(value, ContentType):
        model = value.model_class()
        return str(model._meta.verbose_name) if model else value.model
    return str(value)


def _word(field: Any, code: str) -> str:
    if field.base_field.choices:
        return str(dict(field.base_field.flatchoices).get(code, code))
    return str(FIELDS[code].label) if code in FIELDS else code


@cache
def _titles() -> dict[str, Any]:
    return {known.name: known.title for known in PAGES}


def _page(name: str) -> str:
    return str(_titles().get(name) or name)


def _address(text: str) -> str:
    try:
        said = json.loads(text)
    except ValueError:
        return text
    return ", ".join(str(part) for part in said.values() if part) if isinstance(said, dict) else text


def masked_code(code: Sealed) -> Cell:
    return _same(f"{code.reveal()[:SHOWN_OF_CODE]}****")
