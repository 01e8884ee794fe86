"""Who belongs to a class of data subjects, found in the registers, for any number of people at once."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, DateField, F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast

from consent.models import ConsentEvent, PurposeVersion
from consent.words import SubjectClass
from registers.models import BoardSeat, FormerKey, HousingCompany, Ownership, Residency

# Gives rows of (person_id, company_id, since) for a day.
Condition = Callable[[date], list[QuerySet[Any]]]
CONDITIONS: dict[str, Condition] = {}


@dataclass(frozen=True)
class Belongs:
    """That a person belongs to a class, through which housing company, and since when (None: nobody knows)."""

    person_id: int
    subject: str
    company_id: int | None
    since: date | None


def condition(*subjects: str) -> Callable[[Condition], Condition]:
    """A register says here whose people it holds; later registers add theirs."""

    def register(rows: Condition) -> Condition:
        CONDITIONS.update(dict.fromkeys(subjects, rows))
        return rows

    return register


def _rows(rows: QuerySet[Any], company: str, since: str) -> QuerySet[Any]:
    return rows.order_by().values("person_id", company=F(company)).annotate(since=Min(since))


def _residencies(on: date) -> QuerySet[Residency]:
    begun = Q(moved_in__isnull=True) | Q(moved_in__lte=on)
    return Residency.objects.filter(begun, Q(moved_out__isnull=True) | Q(moved_out__gt=on))


@condition(SubjectClass.RESIDENT)
def residents(on: date) -> list[QuerySet[Any]]:
    return [_rows(_residencies(on), "apartment__housing_company_id", "moved_in")]


@condition(SubjectClass.OWNER)
def owners(on: date) -> list[QuerySet[Any]]:
    begun = Q(owned_from__isnull=True) | Q(owned_from__lte=on)
    owned = Ownership.objects.filter(begun, Q(owned_until__isnull=True) | Q(owned_until__gt=on), person__isnull=False)
    return [_rows(owned, "share_group__housing_company_id", "owned_from")]


@condition(SubjectClass.BOARD_MEMBER)
def board_members(on: date) -> list[QuerySet[Any]]:
    seats = BoardSeat.objects.filter(Q(term_until__isnull=True) | Q(term_until__gt=on), term_from__lte=on)
    return [_rows(seats, "housing_company_id", "term_from")]


@condition(SubjectClass.PAYER)
def payers(on: date) -> list[QuerySet[Any]]:
    """Shareholders owe the charge (Housing Companies Act 1599/2009 3:1), tenants their rent."""
    tenants = _residencies(on).filter(role=Residency.Role.TENANT)
    return [*owners(on), _rows(tenants, "apartment__housing_company_id", "moved_in")]


@condition(SubjectClass.CUSTOMER)
def customers(on: date) -> list[QuerySet[Any]]:
    """The management company's customers are housing companies: their boards, and people recorded as customers.

    Residents are not: their lists are the housing companies', and serve no other controller (law.md, roles).
    """
    recorded = ConsentEvent.objects.filter(kind="customer", ended_by=None, person_key__isnull=False)
    merged = FormerKey.objects.filter(key__in=recorded.values("person_key"))
    nowhere = Value(None, output_field=BigIntegerField())
    known_since = Min(Cast("at", DateField()))
    return [
        *board_members(on),
        recorded.order_by().values(company=nowhere, person_id=F("person_key")).annotate(since=known_since),
        merged.order_by().values("person_id", company=nowhere).annotate(since=Min(Cast("merged_at", DateField()))),
    ]


def _key(rows: QuerySet[Any]) -> str:
    return "person_key" if rows.model is ConsentEvent else "person_id"


def belonging(people: QuerySet[Any], on: date, subjects: Iterable[str]) -> list[Belongs]:
    """The rows of these people (a queryset of their keys) in these classes; one query."""
    parts = [
        rows.filter(**{f"{_key(rows)}__in": people}).annotate(subject=Value(str(subject)))
        for subject in dict.fromkeys(subjects)
        if subject in CONDITIONS
        for rows in CONDITIONS[subject](on)
    ]
    if not parts:
        return []
    columns = ("person_id", "company", "since", "subject")
    found = parts[0].values_list(*columns).union(*(part.values_list(*columns) for part in parts[1:]), all=True)
    return [Belongs(person, subject, company, since) for person, company, since, subject in found]


def managed(on: date) -> set[int]:
    """Companies whose management contract is in force."""
    begun = Q(managed_from__isnull=True) | Q(managed_from__lte=on)
    rows = HousingCompany.objects.filter(begun, Q(managed_until__isnull=True) | Q(managed_until__gt=on))
    return set(rows.values_list("pk", flat=True))


def own_purposes(companies: Collection[int], codes: Collection[str]) -> set[tuple[str, int]]:
    """(code, housing company) of purposes that housing companies have in force themselves; one query."""
    rows = PurposeVersion.objects.filter(
        purpose__code__in=codes, purpose__controller__housing_company__in=companies
    ).order_by("purpose_id", "-number")
    newest = rows.distinct("purpose_id").values_list(
        "purpose__code", "purpose__controller__housing_company_id", "in_force"
    )
    return {(code, company) for code, company, in_force in newest if in_force}


def concerned(
    version: PurposeVersion, rows: Iterable[Belongs], managed_now: set[int], own: set[tuple[str, int]]
) -> list[Belongs]:
    """Of the rows those that this purpose concerns.

    A housing company's purpose concerns its own people; the management company's those of the companies under contract,
    but where a housing company has the same purpose of its own, that takes its place (decision 11).
    """
    code, company = version.purpose.code, version.purpose.controller.housing_company_id
    if company is not None:
        return [row for row in rows if row.company_id == company]
    return [
        row
        for row in rows
        if row.company_id is None or (row.company_id in managed_now and (code, row.company_id) not in own)
    ]
