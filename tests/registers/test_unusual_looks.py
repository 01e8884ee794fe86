"""The hint at many people outside somebody's usual companies."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registers.models import AccessEntry, FormerKey
from registers.queries.unusual_looks import MANY, Unusual, unusual_looks
from registers.services.people import merge_persons
from tests.factories import (
    ApartmentFactory,
    BuildingFactory,
    HousingCompanyFactory,
    OwnershipFactory,
    PersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def companies():
    """Two companies with 25 residents each: [(company, people), …]."""
    made = []
    for name in ("As Oy Etuliesi", "As Oy Takapiha"):
        company = HousingCompanyFactory(name=name)
        building = BuildingFactory(housing_company=company)
        homes = [ApartmentFactory(building=building) for _number in range(25)]
        made.append((company, [ResidencyFactory(apartment=home).person for home in homes]))
    return made


def look(user, people, days_ago: float, page: str = "person"):
    AccessEntry.objects.bulk_create(
        AccessEntry(
            at=NOW - timedelta(days=days_ago),
            kind="opened",
            user_key=user.pk,
            user_email=user.email,
            person_key=getattr(person, "pk", person),
            page=page,
        )
        for person in people
    )


def work_in(user, people):
    """On three days, three people: a usual company."""
    for days_ago, person in zip((10, 20, 30), people, strict=False):
        look(user, [person], days_ago)


def test_many_people_of_another_company_are_a_hint(staff, companies):
    (mine, my_people), (_other, others) = companies
    user = staff("manager")
    work_in(user, my_people)
    look(user, others[: MANY - 1], 2)
    look(user, my_people, 2)
    assert unusual_looks(NOW) == []

    look(user, others[MANY - 1 : MANY], 1)
    look(user, others[:5], 1)  # the same people again

    assert unusual_looks(NOW) == [Unusual(user, MANY, [mine.name])]


def test_somebody_new_has_no_usual_company_and_everybody_counts(staff, companies):
    user = staff("manager")
    look(user, companies[0][1], 2)

    assert unusual_looks(NOW) == [Unusual(user, 25, [])]


@pytest.mark.parametrize(
    ("days", "persons"),
    [((10, 10, 10), 3), ((10, 20, 20), 3), ((10, 20, 30), 2), ((100, 110, 120), 3), ((1, 2, 3), 3)],
)
def test_fewer_days_or_people_or_another_time_make_no_usual_company(days, persons, staff, companies):
    user = staff("manager")
    people = companies[0][1]
    for number, days_ago in enumerate(days):
        look(user, [people[number % persons]], days_ago)
    look(user, people, 2)

    assert [one.companies for one in unusual_looks(NOW)] == [[]]


def test_looks_older_than_a_week_are_no_hint(staff, companies):
    user = staff("manager")
    look(user, companies[0][1], 8)
    assert unusual_looks(NOW) == []

    assert unusual_looks(NOW - timedelta(days=2))[0].persons == 25


def test_owners_belong_to_a_company_too_and_former_residents(staff, companies):
    (mine, my_people), (_other, others) = companies
    user = staff("manager")
    work_in(user, my_people)
    group = ShareGroupFactory(housing_company=mine)
    for person in others[:10]:
        OwnershipFactory(person=person, share_group=group, numerator=1, denominator=10)
    home = ApartmentFactory(building=BuildingFactory(housing_company=mine))
    for person in others[10:20]:
        ResidencyFactory(person=person, apartment=home, moved_out=NOW.date())
    look(user, others, 2)

    assert unusual_looks(NOW) == []


def test_an_apartments_page_and_a_search_are_no_persons_page(staff, companies):
    user = staff("manager")
    look(user, companies[0][1], 2, page="apartment")
    AccessEntry.objects.bulk_create(
        AccessEntry(kind="searched", user_key=user.pk, user_email=user.email, person_key=person.pk)
        for person in companies[0][1]
    )

    assert unusual_looks(NOW + timedelta(minutes=1)) == []


def test_two_keys_of_one_person_are_one_person(by, staff, companies):
    user = staff("manager")
    people = companies[0][1][:MANY]
    twin = PersonFactory(first_names=people[0].first_names, last_name=people[0].last_name)
    look(user, [*people[1:], twin], 2)
    assert [one.persons for one in unusual_looks(NOW)] == [MANY]

    look(user, people[:1], 2)
    merge_persons(keep=people[0], remove=twin, by=by)

    assert FormerKey.objects.get().person == people[0]
    assert [one.persons for one in unusual_looks(NOW)] == [MANY]


def test_people_who_are_no_longer_in_the_register_are_not_counted(staff):
    user = staff("manager")
    look(user, range(10_000_000, 10_000_030), 2)

    assert unusual_looks(NOW) == []


def test_the_queries_are_the_same_for_any_number_of_users(staff, companies):
    def queries():
        with CaptureQueriesContext(connection) as taken:
            found = unusual_looks(NOW)
        return len(taken), len(found)

    for number in range(1, 5):
        user = staff("manager")
        work_in(user, companies[0][1])
        look(user, companies[1][1], 2)
        assert queries() == (3, number)
