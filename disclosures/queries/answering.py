"""Who has been told what: by person, by company, by recipient."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consent.queries.consents import keys_of
from disclosures.asking import Kind
from disclosures.fields import FIELDS
from disclosures.models import DisclosedPerson, Disclosure
from registers.models import FormerKey, HousingCompany, Organisation, Person

VIEW = "disclosures.view_disclosures"


@dataclass(frozen=True)
class Line:
    """A disclosure with its recipient and company by name, as far as they are still in the register.

    `followed` are the rows that correct it, the oldest first.
    """

    record: Disclosure
    recipient: str
    recipient_person: int | None
    company: str
    fields: str
    followed: list[Disclosure]


def log(company: int | None = None, kind: str = "") -> QuerySet[Disclosure]:
    rows = Disclosure.objects.select_related("purpose_version").order_by("-id")
    rows = rows.filter(company_key=company) if company else rows
    return rows.filter(kind=kind) if kind else rows


def lines(records: list[Disclosure], fields: dict[int, list[str]] | None = None) -> list[Line]:
    """5 queries for any number. `fields`: disclosure's key → the fields to show, where not all of the record's."""
    keys = [record.recipient_person_key for record in records if record.recipient_person_key]
    former = dict(FormerKey.objects.filter(key__in=keys).values_list("key", "person_id"))
    people = _named(Person.objects, [former.get(key, key) for key in keys])
    bodies = _named(Organisation.objects, [r.organisation_key for r in records])
    houses = _named(HousingCompany.objects, [r.company_key for r in records])
    followed: dict[int | None, list[Disclosure]] = {}
    for row in Disclosure.objects.filter(follows__in=[r.pk for r in records]).order_by("id"):
        followed.setdefault(row.follows_id, []).append(row)
    return [
        Line(
            record,
            people.get(_now(record, former))
            or bodies.get(record.organisation_key or 0)
            or (_("no longer in the register") if record.recipient_person_key else str(Kind(record.kind).label)),
            _now(record, former) if _now(record, former) in people else None,
            houses.get(record.company_key or 0, ""),
            field_names((fields or {}).get(record.pk, record.fields)),
            followed.get(record.pk, []),
        )
        for record in records
    ]


def _now(record: Disclosure, former: dict[int, int]) -> int:
    """The key under which the recipient stands now; 0 for none."""
    key = record.recipient_person_key or 0
    return former.get(key, key)


def field_names(codes: list[str]) -> str:
    return ", ".join(str(FIELDS[code].label) for code in codes if code in FIELDS)


def _named(rows: Any, keys: list[int | None]) -> dict[int, str]:
    return {row.pk: str(row) for row in rows.filter(pk__in={key for key in keys if key})}


def told_about(person: Person, most: int = 50) -> list[Line]:
    """What was told about a person, newest first (GDPR 15(1)(c), with named recipients: C-154/21)."""
    about = DisclosedPerson.objects.filter(person_key__in=keys_of(person.pk))
    rows = list(about.select_related("disclosure__purpose_version").order_by("-disclosure_id")[:most])
    return lines([row.disclosure for row in rows], {row.disclosure_id: row.fields for row in rows})
