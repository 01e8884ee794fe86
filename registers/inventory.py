"""The inventory: what personal data every table holds, how a row leads to its person, and how it ends.

Everything that must cover all data (notices, access reports, erasure, the disclosure gate) reads it; nothing keeps a
list of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, JSONObject

from accounts.classification import Account, Category, FieldEnd, NoPerson, RegisterPerson, RowEnd, Subject
from registers.fields import MASK, EncryptedTextField
from registers.library_models import LIBRARY_MODELS


@dataclass(frozen=True)
class InventoryField:
    model: type[models.Model]
    name: str
    category: Category
    end: FieldEnd

    @property
    def field(self) -> models.Field:
        return self.model._meta.get_field(self.name)  # type: ignore[return-value]


@dataclass(frozen=True)
class InventoryModel:
    model: type[models.Model]
    subject: Subject
    ends: RowEnd
    fields: tuple[InventoryField, ...]

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def row_category(self) -> Category:
        """The category with which a row that is deleted goes: the first that it names, but for who wrote it."""
        return next((f.category for f in self.fields if f.category != Category.ACCOUNT), Category.ACCOUNT)

    @property
    def company_path(self) -> str:
        """How a row leads to the housing company through which it is kept; "" where it does not."""
        return str(getattr(_declaration(self.model), "company", ""))

    @property
    def person_lookups(self) -> tuple[str, ...]:
        return self.subject.lookups if isinstance(self.subject, RegisterPerson) else ()


def _declaration(model: type[models.Model]) -> type | None:
    return LIBRARY_MODELS.get(model._meta.label) or model.__dict__.get("PersonalData")


def all_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]


@lru_cache(maxsize=1)
def inventory() -> tuple[InventoryModel, ...]:
    """Every model that is classified, in the order of the apps."""
    entries = []
    for model in all_models():
        says: Any = _declaration(model)
        if says is None:
            continue
        fields = tuple(
            InventoryField(model, name, category, end)
            for category, ends in says.personal.items()
            for name, end in ends.items()
        )
        entries.append(InventoryModel(model, says.subject, says.ends, fields))
    return tuple(entries)


def fields_by_category() -> dict[Category, list[InventoryField]]:
    by_category: dict[Category, list[InventoryField]] = {category: [] for category in Category}
    for entry in inventory():
        for field in entry.fields:
            by_category[field.category].append(field)
    return by_category


def entry_of(model: type[models.Model]) -> InventoryModel | None:
    return next((entry for entry in inventory() if entry.model is model), None)


def faults() -> Iterator[str]:
    """Everything that is wrong with the classification, in words that say what to add."""
    for model in all_models():
        yield from _faults_of(model)


def _faults_of(model: type[models.Model]) -> Iterator[str]:
    label = model._meta.label
    says: Any = _declaration(model)
    if says is None:
        yield f"{label} does not say what personal data it holds: add an inner class PersonalData."
        return
    missing = [part for part in ("subject", "ends", "personal", "not_personal") if not hasattr(says, part)]
    if missing:
        yield f"{label}.PersonalData lacks {', '.join(missing)}."
        return
    personal = [name for ends in says.personal.values() for name in ends]
    told = personal + list(says.not_personal)
    has = {f.name for f in model._meta.get_fields() if not f.auto_created or f.concrete}
    for name in sorted(has - set(told)):
        yield f"{label}.{name} is not classified: name it in PersonalData.personal or not_personal."
    for name in sorted(set(told) - has):
        yield f"{label}.PersonalData names {name}, which is no field."
    for name in sorted({name for name in told if told.count(name) > 1}):
        yield f"{label}.{name} is classified twice."
    if not isinstance(says.subject, RegisterPerson | Account | NoPerson):
        yield f"{label}.PersonalData.subject must be RegisterPerson, Account or NoPerson."
    elif not isinstance(says.subject, NoPerson):
        for lookup in says.subject.lookups:
            if not _resolves(model, lookup):
                yield f"{label}.PersonalData.subject: {lookup} leads nowhere."


def _resolves(model: type[models.Model], lookup: str) -> bool:
    if lookup == "pk":
        return True
    current: Any = model
    for part in lookup.split("__"):
        try:
            current = current._meta.get_field(part).related_model
        except (FieldDoesNotExist, AttributeError):
            return False
    return True


def is_log_key(lookup: str) -> bool:
    """A person's key in a log: a number without a foreign key, so that nothing of the log stands in erasure's way."""
    return lookup.endswith("person_key")


def about_person(entry: InventoryModel, person_id: int) -> Q:
    """The condition under which a row of `entry` is about this person."""
    condition = Q(pk__in=[])
    for lookup in entry.person_lookups:
        condition |= Q(**{lookup: person_id})
        if is_log_key(lookup):  # written before two records were merged, and never changed since
            former = apps.get_model("registers", "FormerKey")._base_manager.filter(person_id=person_id)
            condition |= Q(**{f"{lookup}__in": former.values("key")})
    return condition


def person_key_of(instance: models.Model) -> int | None:
    """The key of the person whom a row is about, or None."""
    entry = entry_of(type(instance))
    for lookup in entry.person_lookups if entry else ():
        value: Any = instance
        for part in lookup.split("__"):
            if value is None:
                break
            if part == "pk":
                value = value.pk
            else:
                value = getattr(value, value._meta.get_field(part).attname if "__" not in lookup else part)
        value = getattr(value, "pk", value)
        if value is not None:
            return int(value)
    return None


def rows_about(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Everything the tables hold about one person: model label → rows, in one query. Identity codes stay masked."""
    parts = []
    for entry in inventory():
        if not entry.person_lookups:
            continue
        columns: dict[str, Any] = {}
        for field in entry.model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                columns[field.name] = Value(MASK)
            elif isinstance(field, models.BinaryField):
                continue
            elif isinstance(field, models.GeneratedField):
                columns[field.name] = Cast(F(field.name), TextField())
            else:
                columns[field.name] = F(field.attname)
        rows = entry.model._base_manager.filter(about_person(entry, person_id)).order_by()
        parts.append(rows.annotate(_label=Value(entry.label), _row=JSONObject(**columns)).values_list("_label", "_row"))
    found: dict[str, list[dict[str, Any]]] = {}
    for label, row in parts[0].union(*parts[1:], all=True):
        found.setdefault(label, []).append(row)
    return found
