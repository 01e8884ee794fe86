"""The registers of one housing company as rows of plain values: what goes back to it when its management ends.

A row: {"person": key, "register": name, "keys": {…}, field: {column: value}}. What is about nobody (buildings,
apartments, shares, organisations that own) stands in the extract's `frame`, ready to be written.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Model, Q, QuerySet

from registers.fields import Sealed
from registers.models import (
    Apartment,
    BoardSeat,
    Building,
    HousingCompany,
    IdentityCode,
    Organisation,
    Ownership,
    Person,
    Residency,
    ShareGroup,
    ShareRange,
)

if TYPE_CHECKING:
    from disclosures.extracts import Extract

# register → the field of an extract → the columns of the model that it stands for.
OF_PEOPLE: dict[str, tuple[type[Model], str, dict[str, tuple[str, ...]]]] = {
    "people": (
        Person,
        "pk",
        {
            "name": ("last_name", "first_names"),
            "date_of_birth": ("date_of_birth",),
            "email": ("email",),
            "phone": ("phone",),
            "address": ("street_address", "postal_code", "post_office"),
            "country": ("country",),
            "language": ("language",),
            "non_disclosure": ("is_protected",),
            "restriction": ("restricted_at",),
            "source": ("source", "obtained_on", "field_sources"),
        },
    ),
    "residencies": (
        Residency,
        "apartment__housing_company",
        {
            "apartment": ("apartment_id",),
            "residency_role": ("role",),
            "moved_in": ("moved_in",),
            "moved_out": ("moved_out",),
            "source": ("source", "obtained_on"),
        },
    ),
    "ownerships": (
        Ownership,
        "share_group__housing_company",
        {
            "share_group": ("share_group_id",),
            "fraction": ("numerator", "denominator"),
            "owned_from": ("owned_from",),
            "owned_until": ("owned_until",),
            "source": ("source", "obtained_on"),
        },
    ),
    "board_seats": (
        BoardSeat,
        "housing_company",
        {
            "board_role": ("role",),
            "board_term": ("term_from", "term_until"),
            "source": ("source", "obtained_on"),
        },
    ),
}
# What the columns are called outside: keys of other tables without the "_id", facts instead of times.
CALLED = {
    "apartment_id": "apartment", "share_group_id": "share_group", "building_id": "building",
    "is_protected": "non_disclosure", "restricted_at": "restricted", "pk": "id",
}  # fmt: skip
SAYS_WHERE_FROM = ("source", "obtained_on")
FRAME: dict[str, tuple[str, ...]] = {
    "company": (
        "pk", "name", "business_id", "street_address", "postal_code", "post_office", "managed_from", "managed_until",
        *SAYS_WHERE_FROM,
    ),
    "buildings": (
        "pk", "name", "street_address", "postal_code", "post_office", "permanent_building_id", *SAYS_WHERE_FROM,
    ),
    "apartments": (
        "pk", "building_id", "staircase", "number", "suffix", "kind", "floor", "area_m2", "rooms",
        "permanent_apartment_id", *SAYS_WHERE_FROM,
    ),
    "share_groups": ("pk", "name", "identifier", "apartment_id", *SAYS_WHERE_FROM),
    "share_ranges": ("share_group_id", "first", "last"),
    # As the share register names them; their contact persons are nobody of this company.
    "organisations": ("pk", "kind", "name", "business_id", "street_address", "postal_code", "post_office"),
}  # fmt: skip


def people_of_house(company: HousingCompany) -> QuerySet[Person]:
    """Everybody who lives, owns or sits on the board there, did, or is about to."""
    return Person.objects.filter(
        Q(pk__in=Residency.objects.filter(apartment__housing_company=company).values("person"))
        | Q(pk__in=Ownership.objects.filter(share_group__housing_company=company).values("person"))
        | Q(pk__in=BoardSeat.objects.filter(housing_company=company).values("person"))
    )


def house_extract(made: "Extract", company: HousingCompany, may_be_told: Q) -> "Extract":
    """Fills the extract; a fixed number of queries. Nothing of another company's, also of who has homes in both."""
    people = people_of_house(company)
    hindered = dict(people.exclude(may_be_told).values_list("pk", "is_protected"))
    made.left_out_protected = sum(hindered.values())
    made.left_out_restricted = len(hindered) - made.left_out_protected
    for register, (model, path, columns) in OF_PEOPLE.items():
        rows: QuerySet[Any] = people if model is Person else model._default_manager.filter(**{path: company})
        rows = rows.exclude(**{f"{'pk' if model is Person else 'person'}__in": list(hindered)})
        made.rows += _rows(register, rows, columns, made.fields)
    _add_codes(made)
    _add_shares(made, company)
    made.frame = _frame(company, made)
    return made


def _rows(
    register: str, rows: QuerySet[Any], columns: dict[str, tuple[str, ...]], wanted: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    who = {"people": ("pk",), "ownerships": ("pk", "person_id", "organisation_id")}.get(register, ("pk", "person_id"))
    read = {name: columns[name] for name in wanted if name in columns}
    asked = {column for names in read.values() for column in names}
    for item in rows.order_by("pk").values(*who, *asked).iterator(chunk_size=2000):
        keys = {name.removesuffix("_id") if name != "pk" else "id": item[name] for name in who}
        row: dict[str, Any] = {"person": keys.get("person", None if register != "people" else item["pk"])}
        row |= {"register": register, "keys": keys}
        for name, names in read.items():
            said = {CALLED.get(column, column): _plain(column, item[column]) for column in names}
            if any(value not in (None, "", False, {}) for value in said.values()):
                row[name] = said
        yield row


def _plain(column: str, value: Any) -> Any:
    """As JSON writes it: days as ISO 8601, and of a restriction that it stands, not since when."""
    if column == "restricted_at":
        return value is not None
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _add_codes(made: "Extract") -> None:
    if "identity_code" not in made.fields:
        return
    people = {row["person"]: row for row in made.rows if row["register"] == "people"}
    for code in IdentityCode.objects.filter(person__in=people).iterator(chunk_size=2000):
        people[code.person_id]["identity_code"] = {"identity_code": cast(Sealed, code.code).reveal()}


def _add_shares(made: "Extract", company: HousingCompany) -> None:
    """Share numbers beside each ownership: which shares somebody has is told of them, by whatever table it is read."""
    if "shares" not in made.fields:
        return
    ranges: dict[int, list[str]] = {}
    for span in ShareRange.objects.filter(housing_company=company).order_by("share_group", "first"):
        ranges.setdefault(span.share_group_id, []).append(f"{span.first}-{span.last}")
    groups = dict(Ownership.objects.filter(share_group__housing_company=company).values_list("pk", "share_group"))
    for row in made.rows:
        if row["register"] == "ownerships" and (said := ranges.get(groups.get(row["keys"]["id"], 0))):
            row["shares"] = {"shares": ", ".join(said)}


def _frame(company: HousingCompany, made: "Extract") -> dict[str, list[dict[str, Any]]]:
    """Companies and things; organisations only if they own here, and share numbers only where they are told."""
    owners = {row["keys"]["organisation"] for row in made.rows if row["register"] == "ownerships"} - {None}
    tables: dict[str, QuerySet[Any]] = {
        "company": HousingCompany.objects.filter(pk=company.pk),
        "buildings": Building.objects.filter(housing_company=company),
        "apartments": Apartment.objects.filter(housing_company=company),
        "share_groups": ShareGroup.objects.filter(housing_company=company),
        "share_ranges": ShareRange.objects.filter(housing_company=company if "shares" in made.fields else None),
        "organisations": Organisation.objects.filter(pk__in=owners),
    }
    return {
        name: [
            {CALLED.get(column, column): _plain(column, row[column]) for column in FRAME[name]}
            for row in rows.order_by("pk").values(*FRAME[name])
        ]
        for name, rows in tables.items()
    }
