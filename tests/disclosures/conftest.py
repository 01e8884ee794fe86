"""A house with residents and owners, and one recipient of each class."""

from datetime import date
from types import SimpleNamespace

import pytest

from accounts.acting import Program, acting
from consent.models import Purpose, Recipient
from tests.disclosures.noticing import waiting
from tests.disclosures.telling import tells
from tests.factories import (
    ApartmentFactory,
    BoardSeatFactory,
    BuildingFactory,
    HousingCompanyFactory,
    OrganisationFactory,
    OwnershipFactory,
    PersonFactory,
    ProtectedPersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
    ShareRangeFactory,
)
from tests.shipped import shipped_management

PURPOSES = {
    "board": "charges",
    "maintenance": "services",
    "collection": "collection",
    "anyone": "informing",
    "entitled": "informing",
    "residents": "informing",
    "authority": "accountability",
    "subject": "accountability",
    "controller": "accountability",
    "messages": "informing",
}


@pytest.fixture
def office(db):
    management = shipped_management()
    company = HousingCompanyFactory(name="As Oy Kaislaranta")
    building = BuildingFactory(housing_company=company, street_address="Rantatie 5")
    people = []
    for number in range(4):
        apartment = ApartmentFactory(building=building, staircase="AB"[number % 2], number=number + 1)
        group = ShareGroupFactory(housing_company=company, apartment=apartment)
        ShareRangeFactory(share_group=group, first=number * 100 + 1, last=number * 100 + 100)
        person = PersonFactory(
            phone=f"+3584012345{number}0", email=f"a{number}@example.com", date_of_birth=date(1980, 1, 1 + number)
        )
        ResidencyFactory(person=person, apartment=apartment, moved_in=date(2020, 1, 1))
        OwnershipFactory(person=person, share_group=group)
        people.append(person)
    protected = ProtectedPersonFactory()
    ResidencyFactory(person=protected, apartment=apartment)
    member = people[0]
    BoardSeatFactory(person=member, housing_company=company)
    recipients = {
        "board": member, "anyone": people[1], "entitled": people[1], "residents": None, "subject": people[2], "controller": None,
        "authority": OrganisationFactory(name="Esimerkkivirasto", kind="public"),
    }  # fmt: skip
    for kind in ("maintenance", "collection", "messages"):
        recipients[kind] = OrganisationFactory(name=f"{kind} Oy")
        with acting(Program("tests")):
            Recipient.objects.create(
                controller=management,
                organisation=recipients[kind],
                recipient_class=kind,
                service={"fi": "a", "sv": "b", "en": "c"},
                categories=["identity"],
                agreement_on=date(2025, 1, 1),
                review_on=date(2099, 1, 1),
            )
    purposes = {kind: Purpose.objects.get(controller=management, code=code) for kind, code in PURPOSES.items()}
    return SimpleNamespace(
        company=company, building=building, people=people, protected=protected, recipients=recipients, purposes=purposes
    )


@pytest.fixture
def told(office):
    """The firm got names, apartments and phones, the board names and apartments."""
    tells(office, "maintenance", fields=["name", "phone", "apartment"])
    tells(office)
    assert waiting() == []
    return office
