"""What a person's, an apartment's and a company's page show."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import User
from registers.models import (
    AccessEntry,
    Apartment,
    BoardSeat,
    FormerKey,
    HousingCompany,
    IdentityCode,
    Ownership,
    Person,
    Residency,
    ShareGroup,
)
from registers.models.person import CONTACT_FIELDS
from registers.queries.visibility import may_see_protected, people_for

NEWEST_FIRST = F("moved_out").desc(nulls_first=True), F("moved_in").desc(nulls_last=True)


@dataclass(frozen=True)
class Datum:
    """One contact detail with where it came from."""

    name: str
    label: str
    value: str
    source: str
    obtained_on: date


def person_for(user: User, pk: int) -> Person | None:
    """The person as `user` may see them; a key from before a merge leads to the person too."""
    people = people_for(user)
    return people.filter(pk=pk).first() or people.filter(former_keys__key=pk).first()


def keys_of(person_id: int) -> list[int]:
    """The person's key, and those of records that were merged into it."""
    return [person_id, *FormerKey.objects.filter(person_id=person_id).values_list("key", flat=True)]


def namesakes(user: User, details: dict[str, Any]) -> list[Person]:
    """People in the register who could be the one about to be registered: same names, no other date of birth."""
    same = people_for(user).filter(last_name__iexact=details["last_name"], first_names__iexact=details["first_names"])
    born = details.get("date_of_birth")
    return list((same.filter(Q(date_of_birth=born) | Q(date_of_birth__isnull=True)) if born else same)[:5])


def hidden_from(user: User, person: Person) -> bool:
    """Whether home, shares and contact data of this person are hidden from `user`."""
    return person.is_protected and not may_see_protected(user)


def contact_data(person: Person) -> list[Datum]:
    data = []
    for name in CONTACT_FIELDS:
        value = getattr(person, f"shown_{name}")
        if value:
            source, on = person.source_of(name)
            label = str(getattr(Person._meta.get_field(name), "verbose_name", name))
            data.append(Datum(name, label, value, source, on))
    return data


def residencies_of(person: Person) -> QuerySet[Residency]:
    return person.residencies.select_related("apartment__building", "apartment__housing_company").order_by(
        *NEWEST_FIRST
    )


def ownerships_of(person: Person) -> QuerySet[Ownership]:
    return (
        person.ownerships.select_related("share_group__housing_company", "share_group__apartment")
        .prefetch_related("share_group__ranges")
        .order_by(F("owned_until").desc(nulls_first=True), F("owned_from").desc(nulls_last=True))
    )


def seats_of(person: Person) -> QuerySet[BoardSeat]:
    return person.board_seats.select_related("housing_company").order_by("-term_from")


def identity_code_of(person: Person) -> IdentityCode | None:
    return IdentityCode.objects.filter(person=person).defer("code", "code_index").select_related("collected_by").first()


def last_identification(person: Person) -> AccessEntry | None:
    entries = AccessEntry.objects.filter(person_key=person.pk, kind=AccessEntry.Kind.IDENTIFIED)
    return entries.order_by("-at").first()


@dataclass(frozen=True)
class Residents:
    present: list[dict[str, Any]]
    coming: list[dict[str, Any]]
    former: list[dict[str, Any]]

    def staying(self) -> list[dict[str, Any]]:
        """Those who live there and whose move-out is not known; none that the user may not see."""
        return [row for row in self.present if not row["masked"] and row["moved_out"] is None]


def people_of_apartment(user: User, apartment: Apartment, on: date) -> Residents:
    """Residents on a day as dicts; a protected person's row says only that it is not shown."""
    see = may_see_protected(user)
    rows = (
        apartment.residencies.annotate(protected=F("person__is_protected"))
        .order_by(*NEWEST_FIRST)
        .values(
            "pk", "role", "moved_in", "moved_out", "protected", "person_id", "person__last_name", "person__first_names"
        )
    )
    if not see:
        rows_open = rows.filter(protected=False)
        masked = rows.filter(protected=True).values("pk", "moved_in", "moved_out", "protected")
        rows = [*rows_open, *masked]  # type: ignore[assignment]
    roles = dict(Residency.Role.choices)
    residents = Residents([], [], [])
    for row in rows:
        name = f"{row.get('person__last_name', '')} {row.get('person__first_names', '')}".strip()
        shown = row | {"name": name, "role_name": roles.get(row.get("role", ""), ""), "masked": not name}
        if row["moved_out"] is not None and row["moved_out"] <= on:
            residents.former.append(shown)
        elif row["moved_in"] is not None and row["moved_in"] > on:
            residents.coming.append(shown)
        else:
            residents.present.append(shown)
    return residents


def owners_of(user: User, groups: QuerySet[ShareGroup], on: date) -> list[dict[str, Any]]:
    """Ownerships of the groups, newest first; a protected owner's row says only that it is protected."""
    see = may_see_protected(user)
    owned = Ownership.objects.filter(share_group__in=groups).annotate(protected=F("person__is_protected"))
    columns = (
        "pk", "share_group_id", "numerator", "denominator", "owned_from", "owned_until", "protected",
        "person_id", "person__last_name", "person__first_names", "organisation_id", "organisation__name",
    )  # fmt: skip
    order = F("owned_until").desc(nulls_first=True), F("owned_from").desc(nulls_last=True)
    if see:
        rows = list(owned.order_by(*order).values(*columns))
    else:
        shown_rows = owned.exclude(protected=True).order_by(*order).values(*columns)
        masked = owned.filter(protected=True).order_by(*order)
        rows = [
            *shown_rows,
            *masked.values("pk", "share_group_id", "numerator", "denominator", "owned_until", "protected"),
        ]
    for row in rows:
        person = f"{row.get('person__last_name') or ''} {row.get('person__first_names') or ''}".strip()
        row["name"] = person or row.get("organisation__name") or ""
        row["masked"] = not row["name"]
        row["fraction"] = f"{row['numerator']}/{row['denominator']}"
        row["present"] = row["owned_until"] is None or row["owned_until"] > on
    return rows


def apartments_of(user: User, company: HousingCompany, on: date) -> list[Apartment]:
    """The company's apartments in natural order, each with `.residents` (present, masked where needed); 2 queries."""
    apartments = list(company.apartments.select_related("building"))
    rows = (
        Residency.objects.filter(apartment__in=apartments)
        .filter(Q(moved_in__isnull=True) | Q(moved_in__lte=on), Q(moved_out__isnull=True) | Q(moved_out__gt=on))
        .order_by("person__sort_key")
        .annotate(protected=F("person__is_protected"))
    )
    columns = ("apartment_id", "person_id", "person__last_name", "person__first_names", "protected")
    see = may_see_protected(user)
    living: dict[int, list[dict[str, Any]]] = {}
    for row in (rows if see else rows.exclude(protected=True)).values(*columns):
        name = f"{row['person__last_name']} {row['person__first_names']}".strip()
        living.setdefault(row["apartment_id"], []).append(
            {"pk": row["person_id"], "name": name, "masked": False, "protected": row["protected"]}
        )
    if not see:
        for row in rows.filter(protected=True).values("apartment_id"):
            living.setdefault(row["apartment_id"], []).append({"masked": True})
    for apartment in apartments:
        apartment.residents = living.get(apartment.pk, [])  # type: ignore[attr-defined]
    return apartments


def board_of(company: HousingCompany) -> QuerySet[BoardSeat]:
    return company.board_seats.select_related("person").order_by("-term_from", "role")
