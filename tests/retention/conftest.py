"""A house of a management company with the shipped purposes, and people whose data have ended or not."""

from types import SimpleNamespace

import pytest

from accounts.acting import Program
from tests.disclosures.conftest import office, told  # noqa: F401  a house with recipients
from tests.factories import ApartmentFactory, BuildingFactory, HousingCompanyFactory
from tests.shipped import shipped_management

BY = Program("tests")


@pytest.fixture
def management(db):
    return shipped_management()


@pytest.fixture
def house(management):
    company = HousingCompanyFactory(name="As Oy Kaislaranta")
    building = BuildingFactory(housing_company=company, street_address="Rantatie 5", postal_code="00530")
    return SimpleNamespace(
        company=company,
        building=building,
        home=ApartmentFactory(building=building, staircase="A", number=12),
        other=ApartmentFactory(building=building, staircase="B", number=3),
    )
