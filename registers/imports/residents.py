"""From the understood rows of a resident list to staged ones."""

from collections.abc import Callable, Iterator
from typing import Any

from accounts import crypto
from registers.fields import EncryptedTextField
from registers.imports.places import Place, Places, without_home
from registers.imports.problems import Problem
from registers.imports.records import ResidentRow
from registers.imports.values.names import PartyKind
from registers.models import HousingCompany, IdentityCode

_CODE = IdentityCode._meta.get_field("code")
assert isinstance(_CODE, EncryptedTextField)
CODE_COLUMN = _CODE.column_name

Report = Callable[[Problem], None]


def incoming_residents(
    rows: list[ResidentRow], places: Places, company: HousingCompany, report: Report
) -> Iterator[tuple[Any, ...]]:
    """Rows as `resident_plan.INCOMING` has them. What can't be staged is reported."""
    for row in rows:
        problem = _problem(row, company)
        place = places.of(row) if problem is None else None
        if place is None:
            report(Problem(row.row, "", problem or "building_unclear"))
            continue
        street, code, office = _mailing_address(row, place)
        sealed = crypto.encrypt(row.identity_code.encode(), column=CODE_COLUMN) if row.identity_code else None
        yield (
            row.row,
            place.building,
            place.number,
            row.apartment.staircase,
            row.apartment.number,
            row.apartment.suffix,
            row.last_name,
            row.first_names,
            row.date_of_birth,
            row.phone,
            row.email.lower(),
            street,
            code,
            office,
            row.language,
            row.role,
            row.moved_in,
            row.moved_out,
            row.non_disclosure or None,
            None,
            crypto.blind_index(row.identity_code) if row.identity_code else None,
            sealed,
        )


def _problem(row: ResidentRow, company: HousingCompany) -> str | None:
    if row.company_business_id and row.company_business_id != company.business_id:
        return "other_company"
    if row.kind is PartyKind.ORGANISATION:
        return "organisation_as_resident"
    if row.kind is PartyKind.ESTATE:
        return "estate_as_resident"
    return None


def _mailing_address(row: ResidentRow, place: Place) -> tuple[str, str, str]:
    """Where the person is reached elsewhere: the home's own address is known, and a code alone is no address."""
    street = row.street_address
    if not street or without_home(street).casefold() == without_home(place.street_address).casefold():
        return "", "", ""
    return street, row.postal_code, row.post_office
