"""A house with a board, and another house beside it."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts.acting import Program, acting
from accounts.models import User
from registers.models import PersonAccount
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

BY = Program("tests")
TODAY = timezone.localdate


def house(name, street, *names):
    company = HousingCompanyFactory(name=name)
    building = BuildingFactory(housing_company=company, street_address=street)
    people = []
    for number, last_name in enumerate(names, 1):
        apartment = ApartmentFactory(building=building, staircase="AB"[number % 2], number=number)
        group = ShareGroupFactory(housing_company=company, apartment=apartment, name=apartment.designation)
        ShareRangeFactory(share_group=group, first=number * 100 + 1, last=number * 100 + 100)
        person = PersonFactory(
            last_name=last_name, email=f"{last_name.lower()}@example.com", phone=f"+35840555{number:04}"
        )
        ResidencyFactory(person=person, apartment=apartment)
        OwnershipFactory(person=person, share_group=group)
        people.append(person)
    return SimpleNamespace(company=company, building=building, people=people, apartment=apartment, group=group)


@pytest.fixture
def own(db):
    """With a protected and a restricted resident, and somebody who has moved out in spring and long ago."""
    shipped_management()
    made = house("As Oy Kaislaranta", "Rantatie 5", "Kaislanen", "Rantanen", "Lahtinen")
    today = TODAY()
    made.protected = ProtectedPersonFactory(last_name="Salainen")
    made.restricted = PersonFactory(last_name="Rajoitettu")
    with acting(BY):
        clerk = User.objects.create_user("clerk@office.example", name="Clerk")
        made.restricted.restricted_at, made.restricted.restricted_by = timezone.now(), clerk
        made.restricted.restriction_reason = "kiista"
        made.restricted.save()
    for person in (made.protected, made.restricted):
        ResidencyFactory(person=person, apartment=made.apartment, moved_in=today - timedelta(days=30))
        OwnershipFactory(
            person=person, share_group=ShareGroupFactory(housing_company=made.company, name=f"B {person.pk}")
        )
    made.left = PersonFactory(last_name="Muuttanen")
    ResidencyFactory(
        person=made.left, apartment=made.apartment, moved_in=date(2016, 1, 1), moved_out=today - timedelta(days=100)
    )
    made.former = PersonFactory(last_name="Entinen")
    ResidencyFactory(
        person=made.former, apartment=made.apartment, moved_in=date(2016, 1, 1), moved_out=today - timedelta(days=500)
    )
    made.coming = PersonFactory(last_name="Tuleva")
    ResidencyFactory(person=made.coming, apartment=made.apartment, moved_in=today + timedelta(days=10))
    made.firm = OrganisationFactory(name="Osakas Oy")
    OwnershipFactory(
        person=None, organisation=made.firm, share_group=ShareGroupFactory(housing_company=made.company, name="C 1")
    )
    return made


@pytest.fixture
def other(own):
    return house("As Oy Toinen", "Metsätie 1", "Vierasnen", "Muukalainen")


def member_of(company, role="member", *, since=None, until=None, **person):
    """An account whose person has such a seat."""
    person = PersonFactory(**({"last_name": "Hallituslainen"} | person))
    BoardSeatFactory(
        person=person, housing_company=company, role=role, term_from=since or date(2026, 1, 1), term_until=until
    )
    return account_of(person)


def account_of(person):
    with acting(BY):
        user = User.objects.create_user(f"person{person.pk}@home.example", name="Member", is_staff=False)
        PersonAccount.objects.create(user=user, person=person, invited_at=timezone.now())
    return user


def client_for(user):
    client = Client()
    client.force_login(user, "accounts.backends.StaffBackend")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def member(own):
    return member_of(own.company, "chair")


@pytest.fixture
def visitor(member):
    return client_for(member)
