"""What erasing touches, read from the inventory: rows to delete and fields to empty, by category."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models.fields.json import JSONField

from accounts.classification import Category, DeleteRow, Erase, EraseWithPerson
from accounts.models import AuditEntry
from registers.inventory import InventoryModel, inventory, is_log_key
from registers.models import ImportRow, Person

# Ended by code of their own: the history keeps its rows, an import ends as a whole with its file.
BY_HAND: tuple[type[models.Model], ...] = (AuditEntry, ImportRow)


def quote(name: str) -> str:
    return connection.ops.quote_name(name)


def array_of(keys: Iterable[int | None]) -> str:
    """Keys as PostgreSQL writes an array: made once for all questions of a batch, where a list is made for each."""
    return "{" + ",".join("NULL" if key is None else str(key) for key in keys) + "}"


def column_of(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(field.column)


def path_sql(model: type[models.Model], path: str) -> tuple[str, str]:
    """(joins, column) by which a row `t` of the model leads to the key at the end of `path`."""
    joins, alias, current = "", "t", model
    steps = path.split("__")
    for number, step in enumerate(steps):
        field: Any = current._meta.pk if step == "pk" else current._meta.get_field(step)
        column = f"{alias}.{quote(field.column)}"
        if number == len(steps) - 1:
            return joins, column
        current, alias = field.related_model, f"j{number}"
        joins += f" JOIN {quote(current._meta.db_table)} {alias} ON {alias}.{quote(current._meta.pk.column)} = {column}"
    raise AssertionError(path)


@dataclass(frozen=True)
class Target:
    """Rows of one model that lead to a person by one lookup, and what happens to them with a category."""

    entry: InventoryModel
    lookup: str
    category: Category
    deletes: bool
    values: tuple[tuple[str, Any], ...]  # of the fields that are emptied: name → what it is set to
    with_person: bool = False  # only when the person's row has gone

    @property
    def model(self) -> type[models.Model]:
        return self.entry.model

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def name(self) -> str:
        """What a plan counts it as: "registers.residency", or "registers.person.contact" for fields."""
        return self.entry.label if self.deletes else f"{self.entry.label}.{self.category.value}"

    @property
    def is_logged_by_key(self) -> bool:
        return is_log_key(self.lookup)

    @property
    def columns(self) -> list[str]:
        return [column_of(self.model, name) for name, _value in self.values]

    @property
    def key(self) -> str:
        return quote(column_of(self.model, "pk"))

    def rows_sql(self) -> str:
        """Rows `t` of the table with `person` and `company` (null where a row belongs to none)."""
        joins, person = path_sql(self.model, self.lookup)
        company = "NULL::bigint"
        if self.entry.company_path:
            more, company = path_sql(self.model, self.entry.company_path)
            joins += more
        return f"SELECT t.ctid, {person} AS person, {company} AS company FROM {quote(self.table)} t{joins}"

    def filled(self) -> str:
        """The condition under which a row `t` still holds something to empty."""
        if self.with_person:  # most texts of a log are empty, and stay so
            return " OR ".join(f"t.{quote(column)} NOT IN ('', '–')" for column in self.columns)
        return " OR ".join(
            f"t.{quote(column)} IS DISTINCT FROM {self._literal(name, value)}"
            for column, (name, value) in zip(self.columns, self.values, strict=True)
        )

    def settings(self) -> str:
        return ", ".join(
            f"{quote(column)} = {self._literal(name, value)}"
            for column, (name, value) in zip(self.columns, self.values, strict=True)
        )

    def _literal(self, name: str, value: Any) -> str:
        if value is None:
            return "NULL"
        field = self.model._meta.get_field(name)
        if isinstance(field, JSONField):
            assert value in ({}, []), f"{self.entry.label}.{name}"
            return "'{}'::jsonb" if value == {} else "'[]'::jsonb"
        assert isinstance(value, str), f"{self.entry.label}.{name}"
        assert not set(value) & set("'%"), f"{self.entry.label}.{name}"
        return f"'{value}'"


@lru_cache(maxsize=1)
def targets() -> tuple[Target, ...]:
    """Everything that ends with a person or one of their categories; the person's own row, then texts of the logs."""
    found: list[Target] = []
    for entry in inventory():
        if entry.model in BY_HAND:
            continue
        for lookup in entry.person_lookups:
            found += _of(entry, lookup)
    return tuple(sorted(found, key=lambda t: (t.with_person, t.model is Person, t.deletes)))


@lru_cache(maxsize=1)
def ending_whole() -> tuple[Target, ...]:
    """What ends with everything of a person: fields of rows that are deleted the same way need no emptying before."""
    deleted = {(target.model, target.lookup) for target in targets() if target.deletes}
    return tuple(t for t in targets() if t.deletes or (t.model, t.lookup) not in deleted)


def _of(entry: InventoryModel, lookup: str) -> list[Target]:
    made = []
    deletes = isinstance(entry.ends, DeleteRow)
    if deletes:
        made.append(Target(entry, lookup, entry.row_category, True, ()))
    for category in Category:
        if deletes and category == entry.row_category:
            continue
        values = tuple(
            (field.name, field.end.to)
            for field in entry.fields
            if field.category == category and isinstance(field.end, Erase)
        )
        if values:
            made.append(Target(entry, lookup, category, False, values))
        texts = tuple((f.name, f.end.to) for f in _texts(entry, category))
        if texts:
            made.append(Target(entry, lookup, category, False, texts, with_person=True))
    return made


def _texts(entry: InventoryModel, category: Category) -> list[Any]:
    return [f for f in entry.fields if f.category == category and isinstance(f.end, EraseWithPerson)]


def targets_of(category: str) -> list[Target]:
    """What ends when this category ends by itself; a person's own row ends with everything else alone."""
    own = [t for t in targets() if t.category == category and not t.with_person]
    return [t for t in own if not (t.model is Person and t.deletes)]
