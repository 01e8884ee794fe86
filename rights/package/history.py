"""The history of changes of a person's data, field by field: each as the field itself is told."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from registers.inventory import InventoryModel, entry_of
from registers.queries.history import names_of_keys, readable
from rights.package.values import label_of
from rights.package.ways import GIVEN, NAMED, READ, way_of

Change = dict[str, str]


def changes_of(entries: Iterable[Any]) -> Iterator[tuple[int, list[Change], list[tuple[str, str, str]]]]:
    """(entry's key, changes, [(field, its name, what somebody typed)]); a fixed number of queries."""
    rows = list(entries)
    names = names_of_keys(rows)
    for row in rows:
        model = row.content_type.model_class()
        entry = entry_of(model) if model else None
        changes: list[Change] = []
        texts: list[tuple[str, str, str]] = []
        for name, values in (row.changes or {}).items():
            way = _way(entry, name) if entry else ""
            if entry is None or way not in (GIVEN, READ) or not isinstance(values, list):
                continue
            before, after = (readable(entry.model, name, value, names) for value in values)
            if before == after:
                continue
            if way == READ:
                texts.append((name, label_of(entry.model, name), f"{before} → {after}" if before else after))
            else:
                label = label_of(entry.model, name)
                changes.append({"field": name, "label": label, "before": before, "after": after})
        yield row.pk, changes, texts


def _way(entry: InventoryModel, name: str) -> str:
    try:
        field: Any = entry.model._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    if name == "id" or (field.is_relation and field.related_model._meta.label_lower not in NAMED):
        return ""
    category = next((item.category for item in entry.fields if item.name == name), None)
    return way_of(entry, name, category)
