"""A house with a former resident, and requests of theirs."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.disclosures.conftest import office, told  # noqa: F401
from tests.factories import PersonFactory, ResidencyFactory, SubjectRequestFactory
from tests.retention.conftest import house, management  # noqa: F401


@pytest.fixture
def officer(staff):
    return staff("privacy_officer")


@pytest.fixture
def resident(house):  # noqa: F811
    """Lives in the house, and has told an address and a number."""
    person = PersonFactory(
        first_names="Aino", last_name="Virtanen", email="aino.virtanen@example.com", phone="+358405550101"
    )
    ResidencyFactory(person=person, apartment=house.home)
    return person


@pytest.fixture
def case(resident):
    """Makes an open request whose confirmed address is the register's; `identified` by default."""

    def make(right="access", *, identified=True, matched=True, **facts):
        plain = {"name": "Aino Virtanen", "email": resident.email}
        if matched:
            plain["person_key"] = resident.pk
        if matched and identified:
            plain |= {"state": "working", "means": "contact", "identified_at": timezone.now() - timedelta(days=1)}
        return SubjectRequestFactory(right=right, **plain | facts)

    return make


@pytest.fixture
def letter():
    return SimpleNamespace(subject="Vastaus", text="Hei Aino\n\nOlemme käsitelleet pyyntösi.")
