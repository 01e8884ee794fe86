"""A company's buildings, apartments and share groups."""

from decimal import Decimal
from itertools import count
from random import Random
from typing import NamedTuple

from registers.demo import numbers
from registers.demo.places import City, street
from registers.demo.tables import Rows
from registers.models import Apartment, Building, ShareGroup, ShareRange

LAYOUTS = ((24, 36, "1h+kk"), (38, 58, "2h+k"), (52, 68, "2h+k+s"), (64, 84, "3h+k"), (80, 105, "4h+k+s"))


class Home(NamedTuple):
    apartment: int
    share_group: int


class Plan(NamedTuple):
    company: int
    buildings: list[int]
    staircases: str
    apartments_each: int


class Homes:
    def __init__(self) -> None:
        start = "source obtained_on "
        self.buildings = Rows(
            Building,
            start + "housing_company_id name street_address postal_code post_office permanent_building_id",
        )
        self.apartments = Rows(
            Apartment,
            start + "building_id housing_company_id staircase number suffix kind floor area_m2 rooms",
        )
        self.groups = Rows(ShareGroup, start + "housing_company_id name identifier apartment_id")
        self.ranges = Rows(ShareRange, "share_group_id housing_company_id first last")

    def plan(
        self, random: Random, company: int, city: City, address: str, code: str, homes: int, since: object
    ) -> Plan:
        """Up to five staircases; a big company has two buildings, a small one may be a row house without staircases."""
        staircases = "" if homes < 9 and random.random() < 0.5 else "ABCDE"[: max(1, min(5, homes // 8))]
        addresses = [(address, "")]
        if len(staircases) > 2:
            other = f"{street(random)} {random.randint(1, 60)}" if random.random() < 0.5 else address
            addresses.append((other, "Talo 2" if other == address else ""))
        built = []
        for text, name in addresses:
            number = self.buildings.last - self.buildings.first
            place = (company, name, text, code, city.finnish, numbers.building_id(number))
            built.append(self.buildings.add("official", since, *place))
        return Plan(company, built, staircases, -(-homes // max(1, len(staircases))))

    def all_of(self, random: Random, plan: Plan, since: object) -> "HomesOfCompany":
        return HomesOfCompany(self, random, plan, since)


class HomesOfCompany:
    """Hands out the next home for as long as there are people to live in it. Share numbers follow one another."""

    def __init__(self, homes: Homes, random: Random, plan: Plan, since: object) -> None:
        self.homes, self.random, self.plan, self.since = homes, random, plan, since
        self.next_share, self.index, self.number = 1, 0, 0
        self.pending_suffix = ""
        self.extra_numbers = count(1)
        self.with_second_range: list[int] = []

    def next_home(self) -> Home:
        random, plan = self.random, self.plan
        place = min(self.index // plan.apartments_each, max(0, len(plan.staircases) - 1))
        staircase = plan.staircases[place] if plan.staircases else ""
        building = plan.buildings[place * len(plan.buildings) // max(1, len(plan.staircases))]
        if self.pending_suffix:
            suffix, self.pending_suffix = self.pending_suffix, ""
        else:
            self.number += 1
            suffix, self.pending_suffix = ("a", "b") if random.random() < 0.03 else ("", "")
        smallest, largest, rooms = random.choice(LAYOUTS)
        area = Decimal(random.randint(smallest * 2, largest * 2)) / 2
        floor = self.index % plan.apartments_each // 3 + 1 if staircase else 1
        self.index += 1
        return self._add(building, staircase, self.number, suffix, "home", floor, area, rooms)

    def other_space(self, kind: str) -> Home:
        """A garage ("AT 1") or business premises ("LH 2")."""
        letters = {"garage": "AT", "business": "LH"}[kind]
        area = Decimal(15) if kind == "garage" else Decimal(self.random.randint(40, 160))
        return self._add(self.plan.buildings[0], letters, next(self.extra_numbers), "", kind, 1, area, "")

    def finish(self) -> None:
        """Second ranges come after all first ones, as in a company that issued more shares later."""
        for group in self.with_second_range:
            self._range(group, 10)

    def _add(
        self, building: int, stairs: str, number: int, suffix: str, kind: str, floor: int, area: Decimal, rooms: str
    ) -> Home:
        homes, company = self.homes, self.plan.company
        row = (building, company, stairs, number, suffix, kind, floor, area, rooms)
        apartment = homes.apartments.add("company", self.since, *row)
        name = " ".join(part for part in (stairs, str(number), suffix) if part)
        group = homes.groups.add("official", self.since, company, name, "", apartment)
        self._range(group, int(area * 10) if kind != "garage" else 20)
        if kind == "home" and self.random.random() < 0.06:
            self.with_second_range.append(group)
        return Home(apartment, group)

    def _range(self, group: int, shares: int) -> None:
        self.homes.ranges.add(group, self.plan.company, self.next_share, self.next_share + shares - 1)
        self.next_share += shares
