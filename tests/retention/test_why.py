"""Why the data of a page of people ends: the same as `keep_until` says of each, in a fixed number of queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.classification import Category
from registers.models import Person
from retention.queries.holds import AUTOMATIC
from retention.queries.keep_until import holds_of, keep_until
from retention.queries.rules import scheme
from retention.queries.why import held_by, is_stopped, known_of, numbers_held
from retention.services.holds import place_hold
from retention.words import WHOLE
from tests.factories import (
    ApartmentFactory,
    BoardSeatFactory,
    OwnershipFactory,
    PersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
)
from tests.retention.people import LAST_YEAR, LONG_AGO, former, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(house):
    """Of every kind: there now, gone long ago or last year, with shares, a seat, two homes, or nothing."""
    group = ShareGroupFactory(housing_company=house.company, name="A 12", apartment=house.home)
    owner, member = PersonFactory(), PersonFactory()
    OwnershipFactory(person=owner, share_group=group, owned_from=date(2010, 1, 1), owned_until=LONG_AGO)
    BoardSeatFactory(
        person=member, housing_company=house.company, term_from=date(2019, 1, 1), term_until=date(2020, 1, 1)
    )
    return [
        resident(house.home),
        former(house.home),
        resident(house.other, moved_out=LAST_YEAR),
        owner,
        member,
        PersonFactory(),
    ]


def test_what_decides_is_what_keep_until_says(people):
    known = known_of([person.pk for person in people], scheme())

    compared = 0
    for person in people:
        for kept in keep_until(person.pk):
            if kept.category != Category.IDENTITY:  # which keep_until lengthens to the last of all
                assert known[person.pk].deciding(kept.category).order == kept.decisive.order
                compared += 1
        last = max(kept.decisive.order for kept in keep_until(person.pk))
        assert known[person.pk].deciding(WHOLE).order == last
    assert compared > len(people)


def test_holds_are_those_that_keep_until_names(people, house, staff):
    later = timezone.localdate() + timedelta(days=30)
    manager = staff("manager")
    common = {"reason": "A claim", "review_on": later, "by": manager}
    place_hold(person=people[0], **common)
    place_hold(housing_company=house.company, category="contact", **common)
    place_hold(category="marketing", **common)
    Person.objects.filter(pk=people[1].pk).update(
        restricted_at=timezone.now(), restricted_by=manager, restriction_reason="x"
    )

    found = held_by(known_of([person.pk for person in people], scheme()))

    for person in people:
        assert sorted(map(repr, found[person.pk])) == sorted(map(repr, holds_of(person.pk))), person
    assert dict(numbers_held())[AUTOMATIC["restricted"]] == 1


def test_a_hold_on_a_category_stops_that_and_the_whole_person(house, staff):
    later = timezone.localdate() + timedelta(days=30)
    hold = place_hold(category="contact", reason="A claim", review_on=later, by=staff("manager"))

    assert is_stopped(hold, "contact")
    assert is_stopped(hold, WHOLE)
    assert is_stopped(hold, Category.IDENTITY)
    assert not is_stopped(hold, "residence")
    assert is_stopped(AUTOMATIC["restricted"], "residence")


def test_where_the_company_is_not_known_the_one_that_has_ended_decides(house, people):
    moved = former(house.home)
    ResidencyFactory(person=moved, apartment=ApartmentFactory(), moved_in=date(2023, 1, 1))
    known = known_of([moved.pk], scheme())[moved.pk]

    assert known.deciding("residence").until is None  # lives elsewhere
    assert known.deciding("residence", by=timezone.localdate()).until == date(2025, 6, 1)
    assert known.deciding("residence", house.company.pk).until == date(2025, 6, 1)


def test_it_asks_as_much_for_many_people_as_for_one(people):
    def asked(keys) -> int:
        with CaptureQueriesContext(connection) as queries:
            held_by(known_of(keys, speaks))
        return len(queries)

    speaks = scheme()
    keys = [person.pk for person in people]

    assert asked(keys) == asked(keys[:1]) == 2 + len(AUTOMATIC)
