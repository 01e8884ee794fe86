"""What a person sees of themselves: by category, with sources and ends in words."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.classification import Category
from consent.models import PurposeVersion
from consent.queries.consents import standing
from consent.services.web import asked_on_the_web
from disclosures.asking import Kind
from disclosures.models import DisclosedPerson
from disclosures.queries.answering import HANDED_OVER, Line, lines
from registers.dates import day, span
from registers.models import AccessEntry, Person
from registers.models.base import Source
from registers.models.person import CONTACT_FIELDS
from registers.queries.cards import identity_code_of, keys_of, ownerships_of, residencies_of, seats_of
from retention.explain import category_name, sentence
from retention.queries.explained import explained
from rights.models import SubjectRequest
from rights.queries.cases import cases
from rights.words import State, Whom

MOST_TOLD = 200


def may_see_own(person: Person) -> bool:
    """By an emailed code alone: nobody under a non-disclosure order or a restriction, nobody who shares the address."""
    return (
        not person.is_protected
        and person.restricted_at is None
        and (not person.email or not Person.objects.filter(email=person.email).exclude(pk=person.pk).exists())
    )


@dataclass(frozen=True)
class Datum:
    label: str
    value: str
    source: str
    on: date


@dataclass(frozen=True)
class Section:
    name: str
    kept: str  # until when and why, in words
    data: list[Datum] = field(default_factory=list)


def own_data(person: Person, on: date) -> list[Section]:
    """Every category that is held; where its rows stand on pages of their own, the words alone."""
    kept, words = explained(person.pk)
    data = {
        Category.IDENTITY: _identity(person),
        Category.CONTACT: [d for name in CONTACT_FIELDS if (d := _datum(person, name))],
        Category.RESIDENCE: _homes(person),
        Category.OWNERSHIP: [*_shares(person), *_seats(person)],
    }
    return [
        Section(category_name(one.category), sentence(one, words, on), data.get(Category(one.category), []))
        for one in kept
    ]


def _datum(person: Person, name: str) -> Datum | None:
    value: Any = getattr(person, name)
    if not value:
        return None
    model_field: Any = Person._meta.get_field(name)
    text = getattr(person, f"get_{name}_display")() if model_field.choices else value
    source, obtained = person.source_of(name)
    return Datum(
        model_field.verbose_name, day(value) if isinstance(value, date) else str(text), _source(source), obtained
    )


def _source(code: str) -> str:
    return str(dict(Source.choices).get(code, code))


def _identity(person: Person) -> list[Datum]:
    names = ("first_names", "last_name", "date_of_birth", "language")
    found = [d for name in names if (d := _datum(person, name))]
    code = identity_code_of(person)
    if code is not None:  # the code itself is given in the copy of one's data, for a reason
        on = timezone.localdate(code.collected_at)
        found.append(Datum(_("personal identity code"), _("recorded, not shown here"), _source(code.source), on))
    return found


def _homes(person: Person) -> list[Datum]:
    return [
        Datum(
            f"{row.apartment.building.street_address} {row.apartment.designation}",
            f"{row.get_role_display()}, {span(row.moved_in, row.moved_out)}",
            _source(row.source),
            row.obtained_on,
        )
        for row in residencies_of(person)
    ]


def _shares(person: Person) -> list[Datum]:
    return [
        Datum(
            f"{row.share_group.housing_company}, {row.share_group.name}",
            f"{row.numerator}/{row.denominator}, {span(row.owned_from, row.owned_until)}",
            _source(row.source),
            row.obtained_on,
        )
        for row in ownerships_of(person)
    ]


def _seats(person: Person) -> list[Datum]:
    return [
        Datum(
            str(row.housing_company),
            f"{row.get_role_display()}, {span(row.term_from, row.term_until)}",
            _source(row.source),
            row.obtained_on,
        )
        for row in seats_of(person)
    ]


def told_of_own(person: Person) -> list[Line]:
    """Recipients by name (C-154/21), the board's members who looked included; the newest first.

    Names of recipients who are protected or restricted are left out.
    """
    about = DisclosedPerson.objects.filter(HANDED_OVER, person_key__in=keys_of(person.pk))
    rows = list(about.select_related("disclosure__purpose_version").order_by("-disclosure_id")[:MOST_TOLD])
    found = lines([row.disclosure for row in rows], {row.disclosure_id: row.fields for row in rows})
    recipients = {line.recipient_person for line in found if line.recipient_person} - {person.pk}
    hindered = Q(is_protected=True) | Q(restricted_at__isnull=False)
    unnamed = set(Person.objects.filter(hindered, pk__in=recipients).values_list("pk", flat=True))
    return [
        replace(line, recipient=str(Kind(line.record.kind).label)) if line.recipient_person in unnamed else line
        for line in found
    ]


@dataclass(frozen=True)
class Looks:
    on: date
    times: int


def looks_of_office(person: Person) -> list[Looks]:
    """The days on which somebody of the office opened the data; who it was is not told (C-579/21)."""
    rows = AccessEntry.objects.filter(person_key__in=keys_of(person.pk)).annotate(day=TruncDate("at"))
    counted = rows.order_by().values("day").annotate(times=Count("pk")).order_by("-day")
    return [Looks(row["day"], row["times"]) for row in counted]


@dataclass(frozen=True)
class Consent:
    version: PurposeVersion
    text: str
    given_on: date | None  # none: it does not stand
    can_be_given: bool


def consents_of(person: Person, language: str, on: date) -> list[Consent]:
    """What is asked for now, and whatever else stands."""
    asked = {version.purpose_id: version for version in asked_on_the_web()}
    found = []
    said = standing(person)
    for purpose, by_channel in said.items():
        stand = [e for e in by_channel.values() if e.kind == "given" and (e.expires_on is None or e.expires_on > on)]
        if stand:
            newest = max(stand, key=lambda event: event.pk)
            found.append(Consent(newest.version, newest.text, timezone.localdate(newest.at), False))
            asked.pop(purpose, None)
    for version in asked.values():
        found.append(Consent(version, version.consent_sentence(language), None, bool(person.email)))
    return found


def requests_of(person: Person) -> Any:
    """Those that the person has made for themselves and was identified in; newest first."""
    rows = cases().filter(person_key__in=keys_of(person.pk), whom=Whom.SELF, identified_at__isnull=False)
    return rows.exclude(state=State.UNCONFIRMED).order_by("-received_at", "-pk")


def request_of(person: Person, pk: int) -> SubjectRequest | None:
    found: SubjectRequest | None = requests_of(person).filter(pk=pk).first()
    return found
