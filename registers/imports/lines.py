"""Staged rows as people read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from registers.designation import Designation
from registers.imports.messages import MESSAGES, describe
from registers.imports.review import restored
from registers.models import Organisation, Ownership, Person, Residency, ShareGroup

_MODEL_OF = {
    "role": Residency, "moved_in": Residency, "moved_out": Residency, "owned_from": Ownership,
    "owned_until": Ownership, "identifier": ShareGroup, "apartment": ShareGroup,
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    key: int
    numbers: str
    change: str
    name: str
    place: str
    new_place: str
    details: list[Difference]
    differences: list[Difference]
    problems: list[str]
    accepted: bool | None
    skipped: bool
    hidden: bool
    locked: bool
    protected: bool
    person: int | None
    suggested: Person | None
    linked: bool


class Lines:
    """Puts rows of one run into words."""

    def __init__(self, *, buildings: Mapping[int, str], places: Iterable[Mapping[str, Any]], ended_on: date) -> None:
        self.buildings = buildings
        self.places = {place["number"]: place for place in places}
        self.ended_on = ended_on

    def of(self, row: Any, *, may_see: bool) -> Line:
        person = row.person
        is_protected = row.protected or bool(person and person.is_protected)
        common: dict[str, Any] = {
            "key": row.pk,
            "numbers": ", ".join(map(str, row.numbers)),
            "change": row.change,
            "accepted": row.accepted,
            "skipped": row.skipped,
            "hidden": row.hidden,
            "locked": not may_see and bool(person and person.is_protected),
            "protected": is_protected,
            "linked": row.linked,
        }
        if row.hidden:
            return Line(
                name="", place="", new_place="", details=[], differences=[], problems=[], person=None, suggested=None,
                **common,
            )  # fmt: skip
        values = row.shown_values or {}
        place, new = self._place(values)
        return Line(
            name=self._name(values, person),
            place=place,
            new_place=new,
            details=self._details(values) if row.change == "new" else [],
            differences=[self._difference(*item) for item in (row.shown_differences or {}).items()],
            problems=[_without_place(entry) for entry in row.shown_problems or []],
            person=row.person_id,
            suggested=row.suggested,
            **common,
        )

    def _name(self, values: Mapping[str, Any], person: Person | None) -> str:
        said = values.get("organisation_name") or " ".join(
            values[part] for part in ("last_name", "first_names") if values.get(part)
        )
        return said or (person.full_name if person else "")

    def _place(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """(where, what is new there)"""
        if group := values.get("group"):
            return str(group), _("new share group") if values.get("new_group") else ""
        if "number" not in values:
            return "", ""
        home = Designation(values.get("staircase") or "", values["number"], values.get("suffix") or "").text
        if number := values.get("new_building"):
            place = self.places.get(number, {})
            name = ", ".join(part for part in (place.get("street_address"), place.get("name")) if part)
            return f"{name} {home}", _("new building and apartment")
        new = "" if values.get("apartment_known", True) else _("new apartment")
        return f"{self.buildings.get(values.get('building_id') or 0, '')} {home}".strip(), new

    def _details(self, values: Mapping[str, Any]) -> list[Difference]:
        names = (
            "born", "phone", "email", "street_address", "postal_code", "post_office", "language", "role", "moved_in",
            "moved_out", "business_id", "fraction", "owned_from", "owned_until",
        )  # fmt: skip
        return [Difference(label_of(name), "", shown(name, values[name])) for name in names if values.get(name)]

    def _difference(self, name: str, pair: list[Any]) -> Difference:
        old, new = pair
        if name in ("moved_out", "owned_until") and new is None:
            new = self.ended_on.isoformat()
        return Difference(label_of(name), shown(name, old), shown(name, new))


def label_of(name: str) -> str:
    if name == "non_disclosure":
        return _("non-disclosure order")
    if name == "identity_code":
        return _("personal identity code")
    if name == "ranges":
        return _("share numbers")
    if name == "fraction":
        return _("fraction owned")
    name = "date_of_birth" if name == "born" else name
    model: Any = Organisation if name == "business_id" else _MODEL_OF.get(name, Person)
    return str(model._meta.get_field(name).verbose_name)


def shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "role":
        return str(dict(Residency.Role.choices).get(value, value))
    if name == "language":
        return str(dict(settings.LANGUAGES).get(value, value))
    if name in {"born", "date_of_birth", "moved_in", "moved_out", "owned_from", "owned_until"}:
        day = date.fromisoformat(str(value))
        return f"{day.day}.{day.month}.{day.year}"
    return str(value)


def problem_kind(code: str) -> str:
    """What a kind of problem is about, without a place and without cells."""
    blank = dict.fromkeys(("value", "about", "first", "day", "number", "limit", "error", "apartment", "name"), "…")
    more = dict.fromkeys(("declared", "counted", "earliest", "latest", "count", "columns", "sheet", "others"), "…")
    return str(_(MESSAGES[code]) % (blank | more | {"extension": "…", "format": "…", "file": "…"}))


def _without_place(entry: list[Any]) -> str:
    return describe(restored(entry))


def file_notes(notes: Iterable[list[Any]]) -> list[str]:
    return [describe(restored(note)) for note in notes]
