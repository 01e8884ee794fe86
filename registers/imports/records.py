"""What one row of a file says, in stored forms. "" and None: the file doesn't say."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from fractions import Fraction
from operator import attrgetter
from typing import Any

from registers.designation import Designation
from registers.imports.values.names import PartyKind
from registers.imports.values.shares import Range


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """`non_disclosure` is None when the file has no such column; no file ever lifts an order by saying nothing."""

    row: int
    company_business_id: str
    company_name: str
    kind: PartyKind
    last_name: str
    first_names: str
    organisation_name: str
    business_id: str
    date_of_birth: date | None
    identity_code: str = field(repr=False)
    phone: str
    email: str
    street_address: str
    postal_code: str
    post_office: str
    language: str
    non_disclosure: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRow(PartyRow):
    building: str
    building_code: str
    building_address: str
    apartment: Designation
    moved_in: date | None
    moved_out: date | None
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow(PartyRow):
    """A share group's ranges may stand on several rows, one each, or on one row for all its owners."""

    share_group_id: str
    share_group_name: str
    apartment: Designation | None
    ranges: tuple[Range, ...]
    share_count: int | None
    fraction: Fraction | None
    owned_from: date | None
    owned_to: date | None


_FOLDED = ("last_name", "first_names", "organisation_name", "email", "street_address", "post_office")


def _getter(kind: type) -> Callable[[Any], tuple[object, ...]]:
    return attrgetter(*(field.name for field in fields(kind) if field.name not in ("row", *_FOLDED)))


_EXACT = {kind: _getter(kind) for kind in (ResidentRow, ShareRow)}
_folded = attrgetter(*_FOLDED)


def sameness(row: ResidentRow | ShareRow) -> tuple[object, ...]:
    """Equal for two rows that say the same thing, however names and addresses are capitalised."""
    return _EXACT[type(row)](row), "\0".join(_folded(row)).casefold()


def group_key(row: ShareRow) -> str:
    """Which share group of the file the row belongs to."""
    name = row.share_group_id or row.share_group_name or (row.apartment.text if row.apartment else "")
    return name.casefold()
