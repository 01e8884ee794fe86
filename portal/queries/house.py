"""What a board member sees of a company: read inside `as_member`, where PostgreSQL leaves out what is not theirs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from consent.models import PrivacyNotice
from consent.words import RegisterKind
from disclosures.models import Disclosure
from disclosures.models.disclosure import Channel
from registers.designation import Designation, parse_designation
from registers.models import HousingCompany, Ownership, Residency, ShareRange

SHOWN_DOCUMENTS = 50
FOUND_AT_MOST = 50
Told = dict[int, tuple[str, ...]]


@dataclass
class Page:
    """`told`: whose data it shows, person → fields. `protected`: how many are not shown."""

    groups: list[dict[str, Any]] = field(default_factory=list)
    told: Told = field(default_factory=dict)
    protected: int = 0
    more: bool = False

    def tell(self, person: int, fields: Iterable[str]) -> None:
        known = self.told.get(person, ())
        self.told[person] = known + tuple(name for name in fields if name not in known)


def company_of(company: int) -> HousingCompany | None:
    return (
        HousingCompany.objects.only("name", "street_address", "postal_code", "post_office").filter(pk=company).first()
    )


def residents(company: int, on: date) -> Page:
    """By building and staircase, apartment by apartment in natural order."""
    page = Page(protected=protected("residents"))
    group: dict[str, Any] = {}
    home: dict[str, Any] = {}
    roles = dict(Residency.Role.choices)
    for row in _living(company).filter(Q(moved_out__isnull=True) | Q(moved_out__gt=on)).order_by(*PLACE, *NAME):
        place = (row["building"], row["street"], row["staircase"])
        if group.get("place") != place:
            group = {"place": place, "title": _title(row), "homes": []}
            page.groups.append(group)
            home = {}
        if home.get("pk") != row["home"]:
            home = {"pk": row["home"], "designation": _designation(row), "residents": []}
            group["homes"].append(home)
        home["residents"].append({"name": _name(row), "role": roles.get(row["role"], "")})
        page.tell(row["person_id"], ("name", "apartment", "residency_role"))
    return page


def moves(company: int, on: date) -> Page:
    """Those of the last twelve months that were in the time of the management, the newest first."""
    page = Page()
    since = _since()
    ins, outs = [], []
    for row in _living(company).order_by(*NAME):
        said = {"name": _name(row), "designation": _designation(row), "street": row["street"]}
        if row["moved_in"] is not None and since is not None and row["moved_in"] >= since:
            ins.append(said | {"on": row["moved_in"]})
            page.tell(row["person_id"], ("name", "apartment", "moved_in"))
        if row["moved_out"] is not None and row["moved_out"] <= on:
            outs.append(said | {"on": row["moved_out"]})
            page.tell(row["person_id"], ("name", "apartment", "moved_out"))
    for code, rows in (("in", ins), ("out", outs)):
        page.groups.append({"code": code, "rows": sorted(rows, key=lambda row: row["on"], reverse=True)})
    return page


def owners(company: int) -> Page:
    page = Page(protected=protected("owners"))
    ranges: dict[int, list[str]] = {}
    numbers = ShareRange.objects.filter(housing_company=company).order_by("first")
    for key, first, last in numbers.values_list("share_group_id", "first", "last"):
        ranges.setdefault(key, []).append(f"{first}–{last}" if last != first else str(first))
    group: dict[str, Any] = {}
    for row in _owning(company).order_by("share_group__sort_key", "share_group_id", *NAME):
        if group.get("pk") != row["share_group_id"]:
            shares = ", ".join(ranges.get(row["share_group_id"], []))
            group = {"pk": row["share_group_id"], "name": row["group"], "shares": shares, "owners": []}
            page.groups.append(group)
        whole = row["numerator"] == row["denominator"]
        fraction = "" if whole else f"{row['numerator']}/{row['denominator']}"
        name = _name(row) or row["organisation_name"]
        group["owners"].append({"name": name, "fraction": fraction, "since": row["owned_from"]})
        if row["person_id"] is not None:
            said = {"shares": group["shares"], "fraction": fraction, "owned_from": row["owned_from"]}
            page.tell(row["person_id"], ("name", "share_group", *(name for name in said if said[name])))
    return page


def found(company: int, words: str, on: date) -> Page:
    """Residents and owners of today, by the beginnings of their names or by an apartment."""
    page = Page()
    place = parse_designation(words)
    living = _living(company).filter(Q(moved_out__isnull=True) | Q(moved_out__gt=on))
    if place is None:
        living = living.filter(person__words__begin=words)
        owning = _owning(company).filter(person__words__begin=words)
    else:
        living = living.filter(
            apartment__staircase=place.staircase, apartment__number=place.number, apartment__suffix=place.suffix
        )
        owning = _owning(company).filter(person__isnull=False, share_group__name__iexact=place.text)
    people: dict[int, dict[str, Any]] = {}
    for row in living.order_by(*NAME)[: FOUND_AT_MOST + 1]:
        one = people.setdefault(row["person_id"], {"name": _name(row), "says": []})
        one["says"].append({"kind": "lives", "what": _designation(row)})
        page.tell(row["person_id"], ("name", "apartment"))
    for row in owning.order_by(*NAME)[: FOUND_AT_MOST + 1]:
        one = people.setdefault(row["person_id"], {"name": _name(row), "says": []})
        one["says"].append({"kind": "owns", "what": row["group"]})
        page.tell(row["person_id"], ("name", "share_group"))
    page.more = len(people) > FOUND_AT_MOST
    shown = list(people)[:FOUND_AT_MOST]
    page.told = {key: page.told[key] for key in shown}
    page.groups = [people[key] for key in shown]
    return page


def notices(company: int) -> list[dict[str, Any]]:
    """The company's own published notices, then the management company's."""
    rows = (
        PrivacyNotice.objects.filter(versions__number=1)
        .order_by(F("controller__housing_company").asc(nulls_last=True), "register")
        .values("slug", "register", controller_name=F("controller__name"))
    )
    names = dict(RegisterKind.choices)
    return [row | {"register_name": names.get(row["register"], "")} for row in rows]


def documents(company: int) -> list[dict[str, Any]]:
    """Files that were made for this member, the newest first; those that still wait can be taken out once."""
    rows = Disclosure.objects.filter(channel=Channel.FILE, what=Disclosure.What.DISCLOSED).order_by("-pk")
    file = {name: F(f"artefact__{name}") for name in ("extension", "expires_at", "taken_at")}
    return [dict(row) for row in rows.values("pk", "at", **file)[:SHOWN_DOCUMENTS]]


def protected(register: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fluxio_portal_protected(%s)", [register])
        return int(cursor.fetchone()[0])


def _since() -> date | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fluxio_portal_since()")
        found: date | None = cursor.fetchone()[0]
        return found


PLACE = (
    "apartment__building__street_address",
    "apartment__building__name",
    "apartment__building_id",
    "apartment__staircase",
    "apartment__number",
    "apartment__suffix",
    "apartment_id",
)
NAME = ("person__sort_key", "person_id")


def _living(company: int) -> QuerySet[Residency, Any]:
    return Residency.objects.filter(apartment__housing_company=company).values(
        "person_id",
        "role",
        "moved_in",
        "moved_out",
        home=F("apartment_id"),
        staircase=F("apartment__staircase"),
        number=F("apartment__number"),
        suffix=F("apartment__suffix"),
        building=F("apartment__building__name"),
        street=F("apartment__building__street_address"),
        last_name=F("person__last_name"),
        first_names=F("person__first_names"),
    )


def _owning(company: int) -> QuerySet[Ownership, Any]:
    return Ownership.objects.filter(share_group__housing_company=company).values(
        "person_id",
        "share_group_id",
        "numerator",
        "denominator",
        "owned_from",
        group=F("share_group__name"),
        organisation_name=F("organisation__name"),
        last_name=F("person__last_name"),
        first_names=F("person__first_names"),
    )


def _name(row: dict[str, Any]) -> str:
    return f"{row['last_name'] or ''} {row['first_names'] or ''}".strip()


def _designation(row: dict[str, Any]) -> str:
    return Designation(row["staircase"], row["number"], row["suffix"]).text


def _title(row: dict[str, Any]) -> str:
    street = f"{row['street']}, {row['building']}" if row["building"] else row["street"]
    return f"{street} {row['staircase']}".strip()
