"""One box that searches everything: names, homes, addresses, phone numbers, emails, identity codes, business IDs."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from registers.designation import Designation, parse_designation
from registers.models import Apartment, Building, HousingCompany, Organisation, Ownership, Person, Residency
from registers.queries.visibility import may_see_protected, people_for, without_protected
from registers.validation import clean_phone, contains_identity_code

LIMIT = 20
PHONE = re.compile(r"^[\s+()\d\-]{5,20}$")
TRAILING_DESIGNATION = re.compile(r"(?:^|\s)([A-ZÅÄÖ]{1,2}\s*\d{1,4}\s*[A-ZÅÄÖ]?|as\.?\s*\d{1,4})\s*$", re.IGNORECASE)


@dataclass
class Found:
    people: list[Person] = field(default_factory=list)
    apartments: list[Apartment] = field(default_factory=list)
    companies: list[HousingCompany] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    more_people: bool = False

    def __bool__(self) -> bool:
        return bool(self.people or self.apartments or self.companies or self.organisations)


def matching(text: str) -> Q:
    """Every word of `text` begins a word of the row. No words: no rows."""
    return Q(words__begin=text)


def people_matching(text: str, user: User) -> QuerySet[Person]:
    """People by name, or by name and home ("virtanen a 12"), by phone number or by email; residents now and before."""
    text = text.replace("\x00", " ").strip()
    people = people_for(user)
    if "@" in text:
        return _not_protected(people, user).filter(email__startswith=text.lower()).exclude(email="")
    if _is_phone(text):
        return _not_protected(people, user).filter(phone__startswith=_phone_prefix(text)).exclude(phone="")
    name, designation = split_designation(text)
    if designation is None:
        return people.filter(matching(text))
    lived = Residency.objects.filter(person=OuterRef("pk")).filter(at_designation(designation, "apartment__"))
    people = _not_protected(people, user).filter(Exists(lived))
    return people.filter(matching(name)) if name else people.none()


def _is_phone(text: str) -> bool:
    digits = sum(character.isdecimal() for character in text)
    return bool(PHONE.match(text)) and digits >= 5 and parse_designation(text) is None


def _not_protected(people: QuerySet[Person], user: User) -> QuerySet[Person]:
    """Who asks by an address learns nothing of a protected person."""
    return people if may_see_protected(user) else people.filter(is_protected=False)


def _phone_prefix(text: str) -> str:
    try:
        return clean_phone(text)
    except ValidationError:
        digits = re.sub(r"\D", "", text)
        return "+358" + digits[1:] if digits.startswith("0") else "+" + digits


def split_designation(text: str) -> tuple[str, Designation | None]:
    """("virtanen", A 12) from "virtanen a 12"; (text, None) when no apartment stands at the end."""
    match = TRAILING_DESIGNATION.search(text)
    if match is None:
        return text, None
    designation = parse_designation(match[1])
    return (text[: match.start()].strip(" ,"), designation) if designation else (text, None)


def at_designation(designation: Designation, path: str = "") -> Q:
    """Apartments with this designation; without a staircase or a suffix in the question, any."""
    condition = Q(**{f"{path}number": designation.number})
    if designation.staircase:
        condition &= Q(**{f"{path}staircase": designation.staircase})
    if designation.suffix:
        condition &= Q(**{f"{path}suffix": designation.suffix})
    return condition


def apartments_matching(text: str) -> QuerySet[Apartment]:
    """Apartments by address or company, and designation: "mannerheimintie 5 a 12", "a 12", "mannerheimintie 5"."""
    place, designation = split_designation(text)
    apartments = Apartment.objects.select_related("building", "housing_company")
    if designation is None:
        buildings = Building.objects.filter(matching(text))
        return apartments.filter(building__in=buildings)
    apartments = apartments.filter(at_designation(designation))
    if place:
        apartments = apartments.filter(
            Q(building__in=Building.objects.filter(matching(place)))
            | Q(housing_company__in=HousingCompany.objects.filter(matching(place)))
        )
    return apartments


def _organisation(text: str) -> Q:
    if "@" in text:
        return Q(email__istartswith=text)
    if _is_phone(text):
        return Q(phone__startswith=_phone_prefix(text))
    return matching(text)


def search(text: str, user: User, *, limit: int = LIMIT) -> Found:
    """Everything that fits `text`, each kind up to `limit`. Identity codes have a service of their own, which logs."""
    text = " ".join(text.replace("\x00", " ").split())
    if len(text) < 2 or contains_identity_code(text):
        return Found()
    found = Found()
    if user.has_perm("registers.view_person"):
        people = list(people_matching(text, user)[: limit + 1])
        found.people, found.more_people = people[:limit], len(people) > limit
        attach_homes(found.people, user)
        found.organisations = list(Organisation.objects.filter(_organisation(text))[:limit])
    if user.has_perm("registers.view_housingcompany"):
        found.companies = list(HousingCompany.objects.filter(matching(text))[:limit])
        found.apartments = list(apartments_matching(text)[:limit])
    return found


def attach_homes(people: list[Person], user: User, on: date | None = None) -> None:
    """Give each person `.homes`: present residencies first, then the latest former one. Two queries for any number."""
    on = on or timezone.localdate()
    rows = without_protected(
        Residency.objects.filter(person__in=people)
        .select_related("apartment__building", "apartment__housing_company")
        .order_by(F("moved_out").desc(nulls_first=True), "-moved_in"),
        user,
    )
    homes: dict[int, list[Residency]] = {}
    for row in rows:
        homes.setdefault(row.person_id, []).append(row)
    owned = without_protected(
        Ownership.objects.filter(person__in=people).select_related("share_group__housing_company"), user
    )
    shares: dict[int, list[Ownership]] = {}
    for ownership in owned:
        shares.setdefault(ownership.person_id or 0, []).append(ownership)
    for person in people:
        mine: list[Any] = homes.get(person.pk, [])
        present = [row for row in mine if row.moved_out is None or row.moved_out > on]
        person.homes = present or mine[:1]  # type: ignore[attr-defined]
        person.lives_here = bool(present)  # type: ignore[attr-defined]
        person.owns = shares.get(person.pk, [])  # type: ignore[attr-defined]
