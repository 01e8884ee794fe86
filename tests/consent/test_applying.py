"""Which purposes apply to a person, since when, on what basis."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consent.queries.applying import applying, purposes_of
from registers.models import Person
from registers.services.companies import end_management
from tests.consent.saying import BY
from tests.factories import PersonFactory, ResidencyFactory

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def codes(person, on=None, controller=None):
    found = purposes_of(person, on or today())
    return {a.version.purpose.code for a in found if controller is None or a.version.purpose.controller == controller}


def test_a_resident_is_informed_since_moving_in(management, resident):
    found = {a.version.purpose.code: a for a in purposes_of(resident, today())}

    assert found["informing"].since == date(2020, 3, 1)
    assert "resident" in found["informing"].classes
    assert [basis.article for basis in found["informing"].bases] == ["f"]


def test_a_tenant_pays_and_an_owner_pays_but_a_child_of_the_family_does_not(management, resident, owner, house):
    child = PersonFactory(last_name="Virtanen", first_names="Ilo")
    ResidencyFactory(person=child, apartment=house.apartment, role="household", moved_in=date(2020, 3, 1))

    assert "charges" in codes(resident)
    assert "charges" in codes(owner)
    assert "charges" not in codes(child)
    assert "informing" in codes(child)


def test_a_board_member_is_identified_since_the_term_began(management, board_member):
    found = {a.version.purpose.code: a for a in purposes_of(board_member, today())}

    assert found["identification"].since == date(2026, 1, 15)


def test_nothing_applies_to_somebody_of_whom_no_register_speaks(management, stranger):
    assert purposes_of(stranger, today()) == []


def test_the_day_of_moving_out_is_the_first_without_the_purpose(management, resident):
    day = today() + timedelta(days=20)
    resident.residencies.update(moved_out=day)

    assert "informing" in codes(resident, day - timedelta(days=1))
    assert codes(resident, day) == set()


def test_with_the_management_contract_the_management_companys_purposes_end(management, resident, house, own_controller):
    assert codes(resident, controller=management) == set()  # the housing company's own take their place
    assert "informing" in codes(resident, controller=own_controller)

    end_management(housing_company=house.company, on=today(), by=BY)

    assert codes(resident, controller=management) == set()
    assert "informing" in codes(resident, controller=own_controller)


def test_a_housing_companys_purposes_concern_its_own_people_alone(own_controller, stranger, resident):
    ResidencyFactory(person=stranger, role="owner")  # of another company

    assert "informing" in codes(resident, controller=own_controller)
    assert codes(stranger, controller=own_controller) == set()


def test_the_earliest_start_counts_and_an_unknown_one_is_said(management, resident, house):
    ResidencyFactory(person=resident, apartment__building=house.building, role="owner", moved_in=date(2015, 1, 1))
    lost = PersonFactory()
    ResidencyFactory(person=lost, apartment=house.apartment, moved_in=None)

    assert {a.since for a in purposes_of(resident, today()) if a.version.purpose.code == "informing"} == {
        date(2015, 1, 1)
    }
    assert {a.since for a in purposes_of(lost, today())} == {None}


def test_any_number_of_people_takes_the_same_queries(management, house, django_assert_num_queries):
    for number in (1, 30):
        for _ in range(number):
            ResidencyFactory(apartment=house.apartment, person=PersonFactory(), role="household")
        with django_assert_num_queries(6):
            assert len(applying(Person.objects.all(), today())) == Person.objects.count()


def test_with_the_contract_the_purposes_of_a_company_without_its_own_end(management, resident, house):
    assert "informing" in codes(resident, controller=management)

    end_management(housing_company=house.company, on=today(), by=BY)

    assert codes(resident) == set()
