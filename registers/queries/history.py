"""The history of changes of one object or of one person, readable."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from registers.dates import day
from registers.models import Apartment, Building, HousingCompany, Organisation, Person, ShareGroup
from registers.queries.visibility import may_see_protected

EMPTY = {"None", "", "{}", None}
NAMED = (Apartment, Building, HousingCompany, Organisation, Person, ShareGroup)


# Tables whose changes are read by those alone who may read the table.
_readers: dict[type[models.Model], str] = {}


def only_for(model: type[models.Model], right: str) -> None:
    """For rooms that the registers do not know, in their apps.py."""
    _readers[model] = right


@dataclass(frozen=True)
class Change:
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Event:
    at: datetime
    actor: str
    action: str
    register: str
    changes: list[Change]
    scrubbed: bool
    created: bool


def entries_about(user: User, person: Person) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.filter(person_key=person.pk)
    return entries if may_see_protected(user) or not person.is_protected else entries.none()


def entries_of(user: User, row: models.Model) -> QuerySet[AuditEntry]:
    """Changes of one row; for apartments and share groups those of the rows in them are asked for by `entries_in`."""
    content_type = ContentType.objects.get_for_model(row)
    return visible(AuditEntry.objects.filter(content_type=content_type, object_pk=str(row.pk)), user)


def visible(entries: QuerySet[AuditEntry], user: User) -> QuerySet[AuditEntry]:
    """Without what tells of protected people, unless `user` may see them, and without tables of others."""
    closed = [ContentType.objects.get_for_model(m).pk for m, right in _readers.items() if not user.has_perm(right)]
    entries = entries.exclude(content_type__in=closed) if closed else entries
    if may_see_protected(user):
        return entries
    protected = Person.objects.filter(is_protected=True).values("pk")
    return entries.filter(Q(person_key__isnull=True) | ~Q(person_key__in=protected))


def names_of_people(keys: set[int]) -> dict[int, str]:
    """key → name of those who are in the register; the caller has left out who may not be seen."""
    return {
        person.pk: person.full_name for person in Person.objects.filter(pk__in=keys).only("last_name", "first_names")
    }


def readable_events(entries: Iterable[AuditEntry]) -> list[Event]:
    """Entries as people read them: fields, choices, dates and keys by their names; 8 queries at most."""
    entries = list(entries)
    names = names_of_keys(entries)
    return [_event(entry, names) for entry in entries]


def _event(entry: AuditEntry, names: dict[tuple[Any, str], str]) -> Event:
    model = entry.content_type.model_class()
    changes = []
    for field_name, values in (entry.changes or {}).items():
        if field_name == "field_sources":
            continue
        if isinstance(values, dict):  # many-to-many: {"operation": "add", "objects": […]}
            changes.append(Change(field_name, "", ", ".join(values.get("objects", []))))
            continue
        old, new = (readable(model, field_name, value, names) for value in values)
        if old != new:
            changes.append(Change(_label(model, field_name), old, new))
    return Event(
        at=localtime(entry.timestamp),
        actor=str(entry.actor or entry.actor_email or _("Program: %(name)s") % {"name": entry.program}),
        action=str(entry.get_action_display()),
        register=str(model._meta.verbose_name) if model else "",
        changes=changes,
        scrubbed=entry.scrubbed_at is not None,
        created=entry.action == AuditEntry.Action.CREATE,
    )


def _label(model: Any, name: str) -> str:
    try:
        return str(model._meta.get_field(name).verbose_name)
    except (FieldDoesNotExist, AttributeError):
        return name


def readable(model: Any, name: str, value: Any, names: dict[tuple[Any, str], str]) -> str:
    if value in EMPTY:
        return ""
    value = str(value)
    try:
        field = model._meta.get_field(name)
    except (FieldDoesNotExist, AttributeError):
        return value
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.is_relation:
        return names.get((field.related_model, value), f"#{value}")
    if isinstance(field, models.BooleanField):
        return str(_("yes") if value == "True" else _("no"))
    if isinstance(field, models.DateTimeField):
        at = parse_datetime(value)
        return f"{day(at)} {at:%H:%M}" if at else value
    if isinstance(field, models.DateField):
        on: date | None = parse_date(value)
        return day(on) if on else value
    return value


def names_of_keys(entries: list[AuditEntry]) -> dict[tuple[Any, str], str]:
    """(model, key as text) → name, for the keys in the changes: one query for each kind of row."""
    keys: dict[Any, set[int]] = {}
    for entry in entries:
        model = entry.content_type.model_class()
        for name, values in (entry.changes or {}).items():
            try:
                related = model._meta.get_field(name).related_model if model else None
            except FieldDoesNotExist:
                continue
            if related in NAMED and isinstance(values, list):
                keys.setdefault(related, set()).update(int(v) for v in values if str(v).isdecimal())
    return {
        (model, str(row.pk)): str(row)
        for model, wanted in keys.items()
        for row in model._base_manager.filter(pk__in=wanted)
    }
