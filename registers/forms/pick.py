"""Choosing a person, an owner or an apartment: search by words, then say which one is meant. Nothing is guessed."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from registers.dates import day
from registers.models import Apartment, Organisation, Person
from registers.queries.search import apartments_matching, attach_homes, matching, people_matching
from registers.queries.visibility import may_see_protected
from registers.validation import contains_identity_code, is_key

MOST, LONGEST = 12, 200


class PickForm(forms.Form):
    """`picks` names the fields that are searched for: name → finder. Each is two inputs: the words and the choice."""

    picks: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.refused_words: set[str] = set()
        for name, finder in self.picks.items():
            words = self.data.get(f"{name}_words", "").strip()[:LONGEST] if self.is_bound else ""
            if contains_identity_code(words):  # neither searched for here nor shown again
                cleared: Any = cast(QueryDict, self.data).copy()
                cleared[f"{name}_words"] = words = ""
                self.data = cleared
                self.refused_words.add(name)
            chosen = self.data.get(name, "") if self.is_bound else self.initial.get(name, "")
            found = list(finder(words, user))[: MOST + 1] if words else []
            rows = found[:MOST]
            if chosen and str(chosen) not in {key for key, _label in rows}:
                rows = [*finder.by_key(str(chosen), user), *rows]
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = rows
            field.more = len(found) > MOST  # type: ignore[attr-defined]
            field.searched = bool(words)  # type: ignore[attr-defined]

    def add_pick_error(self, name: str) -> None:
        """Say what is missing: words that find nobody, or the choice among those found."""
        field = self.fields[name]
        self.errors.pop(name, None)
        if not field.choices and field.searched:  # type: ignore[attr-defined]
            self.add_error(name, _("Nothing was found. Try fewer or other words."))
        elif field.choices:  # type: ignore[attr-defined]
            self.add_error(name, _("Choose which one you mean."))
        else:
            self.add_error(name, _("Write whom or what you are looking for, and search."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, finder in self.picks.items():
            field = self.fields[name]
            value = cleaned.get(name)
            if name in self.refused_words:
                self.errors.pop(name, None)
                self.add_error(f"{name}_words", _("Identity codes are searched for in the box at the top alone."))
            elif value:
                chosen = cleaned[name] = finder.get(str(value), self.user)
                if isinstance(chosen, Person) and chosen.is_protected and not may_see_protected(self.user):
                    self.add_error(name, _("This person is under a non-disclosure order: ask the privacy officer."))
            elif field.required or field.searched:  # type: ignore[attr-defined]
                self.add_pick_error(name)
        return cleaned


class Finder:
    def __call__(self, words: str, user: User) -> Iterable[tuple[str, str]]:
        raise LookupError

    def get(self, key: str, user: User) -> Any:
        raise LookupError

    def by_key(self, key: str, user: User) -> list[tuple[str, str]]:
        row = self.get(key, user)
        return [(key, self.label(row))] if row else []

    def label(self, row: Any) -> str:
        return str(row)


class PersonFinder(Finder):
    def __call__(self, words: str, user: User) -> Iterable[tuple[str, str]]:
        people = list(people_matching(words, user)[: MOST + 1])
        attach_homes(people, user)
        return [(str(person.pk), self.label(person)) for person in people]

    def get(self, key: str, user: User) -> Person | None:
        return Person.objects.filter(pk=key).first() if is_key(key) else None

    def label(self, row: Person) -> str:
        born = f", {day(row.date_of_birth)}" if row.date_of_birth else ""
        home = getattr(row, "homes", [])
        where = f" – {home[0].apartment.housing_company}, {home[0].apartment.designation}" if home else ""
        return f"{row.full_name}{born}{where}"


class ApartmentFinder(Finder):
    def __call__(self, words: str, user: User) -> Iterable[tuple[str, str]]:
        return [(str(row.pk), self.label(row)) for row in apartments_matching(words)[: MOST + 1]]

    def get(self, key: str, user: User) -> Apartment | None:
        rows = Apartment.objects.select_related("building", "housing_company")
        return rows.filter(pk=key).first() if is_key(key) else None

    def label(self, row: Apartment) -> str:
        return f"{row.housing_company}, {row.building.street_address} {row.designation}"


class OwnerFinder(Finder):
    """People and organisations; keys are "p12" and "o7"."""

    people = PersonFinder()

    def __call__(self, words: str, user: User) -> Iterable[tuple[str, str]]:
        people = [("p" + key, label) for key, label in self.people(words, user)]
        organisations = Organisation.objects.filter(matching(words))[:MOST]
        return people + [(f"o{row.pk}", str(row)) for row in organisations]

    def get(self, key: str, user: User) -> Person | Organisation | None:
        kind, number = key[:1], key[1:]
        if not is_key(number) or kind not in {"o", "p"}:
            return None
        return (Organisation.objects if kind == "o" else Person.objects).filter(pk=number).first()  # type: ignore[attr-defined]

    def label(self, row: Any) -> str:
        return str(row)


class OrganisationFinder(Finder):
    def __call__(self, words: str, user: User) -> Iterable[tuple[str, str]]:
        return [(str(row.pk), str(row)) for row in Organisation.objects.filter(matching(words))[: MOST + 1]]

    def get(self, key: str, user: User) -> Organisation | None:
        return Organisation.objects.filter(pk=key).first() if is_key(key) else None


PEOPLE, APARTMENTS, OWNERS, ORGANISATIONS = PersonFinder(), ApartmentFinder(), OwnerFinder(), OrganisationFinder()


def pick(label: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required, widget=forms.RadioSelect, choices=[])
