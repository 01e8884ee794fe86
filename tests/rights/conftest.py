"""A house with a former resident, and requests of theirs."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from rights.services.packages import prepare_package
from tests.disclosures.conftest import office, told  # noqa: F401
from tests.factories import PersonFactory, ResidencyFactory, SubjectRequestFactory
from tests.retention.conftest import house, management  # noqa: F401
from tests.rights.whole_person import resident as whole_resident
from tests.rights.whole_person import write_everything


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


@pytest.fixture
def aino(house):  # noqa: F811
    person = whole_resident(house, "Aino Inkeri", "Lehtomaa", phone="+358405550199")
    write_everything(person, house)
    return person


@pytest.fixture
def neighbour(house):  # noqa: F811
    """Lives in the same home, and has as much written of them."""
    person = whole_resident(house, "Veikko Olavi", "Salmivaara", phone="+358405550288")
    write_everything(person, house)
    return person


@pytest.fixture
def prepare(officer, case):
    def make(person, right="access", **facts):
        request = case(right, matched=False, person_key=person.pk, name=person.full_name, email=person.email,
                       state="working", means="desk", identified_at=timezone.now())  # fmt: skip
        return prepare_package(request=request, by=officer, **facts)

    return make
