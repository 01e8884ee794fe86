"""A management company with the shipped purposes, and a few people of a company under contract."""

from datetime import date
from types import SimpleNamespace

import pytest

from accounts.acting import Program
from consent.models import PrivacyNotice, Purpose
from consent.services.controllers import establish_controller
from tests.factories import (
    ApartmentFactory,
    BoardSeatFactory,
    BuildingFactory,
    HousingCompanyFactory,
    OwnershipFactory,
    PersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
)
from tests.shipped import shipped_management

BY = Program("tests")


@pytest.fixture
def management(db):
    return shipped_management()


@pytest.fixture
def notice(management):
    return PrivacyNotice.objects.get(controller=management)


@pytest.fixture
def marketing(management):
    return Purpose.objects.get(controller=management, code="marketing")


@pytest.fixture
def informing(management):
    return Purpose.objects.get(controller=management, code="informing")


@pytest.fixture
def house(db):
    company = HousingCompanyFactory(name="As Oy Kaislaranta")
    building = BuildingFactory(housing_company=company, street_address="Rantatie 5", postal_code="00530")
    return SimpleNamespace(
        company=company, building=building, apartment=ApartmentFactory(building=building, staircase="A", number=12)
    )


@pytest.fixture
def resident(house):
    person = PersonFactory(
        last_name="Virtanen", first_names="Aino", email="aino.virtanen@example.com", phone="+358401234567"
    )
    ResidencyFactory(person=person, apartment=house.apartment, role="tenant", moved_in=date(2020, 3, 1))
    return person


@pytest.fixture
def owner(house):
    person = PersonFactory(last_name="Salo", first_names="Eero", email="eero@example.com")
    group = ShareGroupFactory(housing_company=house.company, apartment=house.apartment)
    OwnershipFactory(person=person, share_group=group, owned_from=date(2018, 5, 1))
    return person


@pytest.fixture
def board_member(house):
    person = PersonFactory(last_name="Laine", first_names="Outi")
    BoardSeatFactory(person=person, housing_company=house.company, term_from=date(2026, 1, 15))
    return person


@pytest.fixture
def stranger(db):
    return PersonFactory(last_name="Outo", first_names="Onni", email="onni@example.com")


@pytest.fixture
def own_controller(management, house):
    """The housing company as controller of its own registers."""
    return establish_controller(housing_company=house.company, by=BY)
