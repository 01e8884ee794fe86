"""One small office for the tests of pages."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.acting import Program
from registers.services.identity_codes import store_identity_code
from tests.consent.makers import load_office
from tests.factories import (
    ApartmentFactory,
    BoardSeatFactory,
    BuildingFactory,
    HousingCompanyFactory,
    ImportRunFactory,
    OutgoingMessageFactory,
    OwnershipFactory,
    PersonFactory,
    ProtectedPersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
    ShareRangeFactory,
    identity_code,
)


@pytest.fixture
def office(db):
    company = HousingCompanyFactory(name="As Oy Kaislaranta")
    building = BuildingFactory(housing_company=company, street_address="Rantatie 5")
    apartment = ApartmentFactory(building=building, staircase="A", number=12)
    group = ShareGroupFactory(housing_company=company, name="A 12", apartment=apartment)
    ShareRangeFactory(share_group=group, first=1001, last=1250)
    person = PersonFactory(
        last_name="Virtanen", first_names="Aino", email="aino@example.com", date_of_birth=date(1980, 1, 1)
    )
    code = identity_code(date(1980, 1, 1))
    store_identity_code(person=person, code=code, ground="rental", source="phone", by=Program("tests"))
    protected = ProtectedPersonFactory(last_name="Salainen", first_names="Saara")
    return SimpleNamespace(
        company=company,
        controller=load_office(),
        building=building,
        apartment=apartment,
        group=group,
        person=person,
        code=code,
        residency=ResidencyFactory(person=person, apartment=apartment),
        ownership=OwnershipFactory(person=person, share_group=group),
        seat=BoardSeatFactory(person=person, housing_company=company, role="chair"),
        protected=protected,
        import_run=ImportRunFactory(housing_company=company),
        message=OutgoingMessageFactory(state="given_up", next_attempt_at=None, stopped_at=timezone.now()),
        protected_residency=ResidencyFactory(person=protected, apartment=apartment, moved_in=date(2021, 1, 1)),
    )


@pytest.fixture
def manager(client_of):
    client = client_of("manager")
    client.cookies["django_language"] = "en"
    return client
