"""Figures of buildings that have been closed, for the office's pages."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from registers.models import HousingCompany
from retention.models import BuildingQuarter, BuildingYear

BANDS = ("under_1", "from_1", "from_3", "from_5", "from_10")
MEASURES = ("homes", "homes_lived_in", "residents", "moved_in", "moved_out")
SUMS: dict[str, Any] = {name: Sum(name) for name in MEASURES}


@dataclass
class Quarter:
    year: int
    quarter: int
    homes: int
    homes_lived_in: int | None
    residents: int | None
    moved_in: int | None
    moved_out: int | None


@dataclass
class Year:
    """`moved_in` and `moved_out` are empty where quarters of the year tell them: see `by_quarter_in` and `…_out`."""

    year: int
    moved_in: int | None
    moved_out: int | None
    bands: list[int | None]
    by_quarter_in: bool = False
    by_quarter_out: bool = False


@dataclass
class Place:
    """A building; without a name the company's smaller buildings together. Newest periods first."""

    name: str
    quarters: list[Quarter] = field(default_factory=list)
    years: list[Year] = field(default_factory=list)


def places_of(company: HousingCompany) -> list[Place]:
    """What has been closed of a company, building by building. 2 queries."""
    found: dict[int, Place] = {}
    by_quarter: dict[tuple[int, int], list[bool]] = defaultdict(lambda: [False, False])
    quarters = BuildingQuarter.objects.filter(housing_company=company).select_related("building")
    for row in quarters.order_by("building__street_address", "building__name", "building", "-year", "-quarter"):
        place = found.setdefault(row.building_id or 0, Place(str(row.building or "")))
        place.quarters.append(Quarter(row.year, row.quarter, *(getattr(row, name) for name in MEASURES)))
        told = by_quarter[(row.building_id or 0, row.year)]
        told[0], told[1] = told[0] or row.moved_in is not None, told[1] or row.moved_out is not None
    for year in BuildingYear.objects.filter(housing_company=company).order_by("-year"):
        key = year.building_id or 0
        bands = [getattr(year, name) for name in BANDS]
        if key in found:
            says = by_quarter[(key, year.year)]
            found[key].years.append(Year(year.year, year.moved_in, year.moved_out, bands, *says))
    return list(found.values())


def office_quarters() -> list[Quarter]:
    """What is told of all buildings, added up: at least so many. Newest first."""
    return [_added_up(row) for row in _by_quarter(BuildingQuarter.objects.all())]


def last_quarter(company: HousingCompany) -> Quarter | None:
    """The newest closed quarter of a company, its buildings added up."""
    row = _by_quarter(BuildingQuarter.objects.filter(housing_company=company)).first()
    return _added_up(row) if row else None


def _by_quarter(rows: Any) -> Any:
    return rows.order_by("-year", "-quarter").values("year", "quarter").annotate(**SUMS)


def _added_up(row: Any) -> Quarter:
    return Quarter(row["year"], row["quarter"], *(row[name] for name in MEASURES))
