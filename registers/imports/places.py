"""Which building a row of a resident list means. A file that leaves it open, where there are several, is asked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from registers.designation import Designation
from registers.imports.records import ResidentRow
from registers.models import Apartment, Building, HousingCompany
from registers.validation import PERMANENT_BUILDING_ID


class Said(NamedTuple):
    """What a row says of its building, compared without case."""

    name: str
    code: str
    address: str


@dataclass(frozen=True)
class Place:
    """A building of the register (`building`), or one that accepting a row of it makes (`number`, from 1)."""

    building: int | None
    number: int | None
    name: str
    street_address: str
    permanent_building_id: str = ""


class Places:
    """Answers `of(row)` with a place or None: the file doesn't say enough."""

    def __init__(self, company: HousingCompany, rows: Iterable[ResidentRow], *, default: str = "") -> None:
        """`default` is the street address for rows that name no building, when somebody was asked for it."""
        self.company = company
        self.default = default
        self.known = list(Building.objects.filter(housing_company=company).order_by("pk"))
        self.new: dict[Said, Place] = {}
        self._answers: dict[Said, Place | None] = {}
        self._said = Counter(_said(row) for row in rows)
        self._homes: dict[Designation, list[int]] = {}
        if len(self.known) > 1:
            homes = Apartment.objects.filter(housing_company=company)
            for building, *home in homes.values_list("building_id", "staircase", "number", "suffix"):
                self._homes.setdefault(Designation(*home), []).append(building)  # type: ignore[arg-type]

    def of(self, row: ResidentRow) -> Place | None:
        said = _said(row)
        if said not in self._answers:
            self._answers[said] = self._find(said, row)
        place = self._answers[said]
        if place is None and not any(said):
            only = self._homes.get(row.apartment, [])
            return self._known(only[0]) if len(only) == 1 else None
        return place

    def _find(self, said: Said, row: ResidentRow) -> Place | None:
        for matches in (
            lambda b: bool(said.code) and (b.permanent_building_id or "").casefold() == said.code,
            lambda b: bool(said.address) and _first_part(said.address) == b.street_address.casefold(),
            lambda b: bool(said.name) and said.name in (b.name.casefold(), b.street_address.casefold()),
            lambda b: bool(said.code) and said.code == b.name.casefold(),
            lambda b: not any(said) and self.default.casefold() == b.street_address.casefold(),
        ):
            found = [building for building in self.known if matches(building)]
            if len(found) == 1:
                return _place_of(found[0])
            if found:
                return None
        if not any(said):
            if self.default:
                return self._made(said, "", self.default, "")
            if len(self.known) > 1 or (self.known and self._several_new()):
                return None
            if self.known:
                return _place_of(self.known[0])
            return self._made(said, "", self.company.street_address, "") if self.company.street_address else None
        # The company's one building, which the file calls by one name that the register doesn't have.
        if len(self.known) == 1 and len(self._said) == 1 and not said.address and not self.known[0].name:
            return _place_of(self.known[0])
        street = row.building_address or self.default or self.company.street_address
        permanent = row.building_code.upper().replace(" ", "")
        if not PERMANENT_BUILDING_ID.match(permanent):
            permanent = ""
        name = row.building or ("" if permanent else row.building_code)
        return self._made(said, name, without_home(street), permanent) if street else None

    def _several_new(self) -> bool:
        return len([said for said in self._said if any(said)]) > 0

    def _made(self, said: Said, name: str, street: str, permanent: str) -> Place:
        for place in self.new.values():
            if (place.name.casefold(), place.street_address.casefold()) == (name.casefold(), street.casefold()):
                self.new[said] = place
                return place
        number = len({place.number for place in self.new.values()}) + 1
        self.new[said] = Place(None, number, name[:80], street[:200], permanent)
        return self.new[said]

    def _known(self, key: int) -> Place:
        return next(_place_of(building) for building in self.known if building.pk == key)


def _said(row: ResidentRow) -> Said:
    address = row.building_address.casefold()
    return Said(row.building.casefold(), row.building_code.casefold().replace(" ", ""), without_home(address))


def _first_part(address: str) -> str:
    return address.partition(",")[0].strip()


def without_home(address: str) -> str:
    """ "Rantatie 5 A 12" is the building Rantatie 5: what follows the house number is the home."""
    words = _first_part(address).split()
    for index, word in enumerate(words):
        if index and word[0].isdigit():
            return " ".join(words[: index + 1])
    return " ".join(words)


def _place_of(building: Building) -> Place:
    return Place(building.pk, None, building.name, building.street_address)
