"""What a change of a rule would do, against keep_until of every person under both schemes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consent.models import Purpose
from consent.services.controllers import establish_controller
from registers.models import Person
from retention.periods import NEVER, Period
from retention.queries.keep_until import keep_until
from retention.queries.preview import people_of, preview, says_of, with_change
from retention.queries.rules import scheme
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
from tests.retention.people import BY, LAST_YEAR, ON, resident

pytestmark = pytest.mark.django_db
LOCATED = {"residence", "ownership"}


def purpose_of(management, code="informing"):
    return Purpose.objects.get(controller=management, code=code)


def proposed(purpose, category="contact", event="moved_out", **period):
    values = {"category": category, "event": event, "action": "erase"} | period
    return with_change(scheme(), purpose, category, event, says_of(purpose, values))


def ends(person, speaks):
    """{(category, company or 0): until}: by company where rows have one, identity with the person's last end."""
    found = {}
    for kept in keep_until(person, speaks):
        if kept.category in LOCATED:
            for need in kept.needs:
                if need.company:
                    key = (kept.category, need.company)
                    found[key] = max(found.get(key, date.min), need.until or NEVER)
        else:
            found[kept.category, 0] = kept.until or NEVER
    return found


def slowly(before, after, category):
    """{category: {kind: people}}, person by person."""
    counted = {}
    for person in Person.objects.values_list("pk", flat=True):
        was, becomes = ends(person, before), ends(person, after)
        for key in {*was, *becomes}:
            old, new = was.get(key, NEVER), becomes.get(key, NEVER)
            if key[0] not in (category, "identity") or old == new:
                continue
            kinds = counted.setdefault(key[0], {"earlier": set(), "later": set(), "at_once": set()})
            kinds["earlier" if new < old else "later"].add(person)
            if new <= ON < old:
                kinds["at_once"].add(person)
    return {name: {kind: len(people) for kind, people in kinds.items()} for name, kinds in counted.items()}


def test_a_shorter_period_ends_earlier_and_at_once_what_it_has_passed(management, house):
    passed = resident(house.home, moved_out=ON - timedelta(days=40), email="aino@example.com")
    resident(house.other, moved_out=ON - timedelta(days=10), email="olli@example.com")
    resident(house.home, moved_in=date(2024, 1, 1), email="asuu@example.com")
    purpose = purpose_of(management)

    (effect,) = preview(scheme(), proposed(purpose, months=1), "contact", ON)

    assert effect.category == "contact"
    assert effect.people == {"earlier": 2, "later": 0, "at_once": 1}
    assert effect.rows == {"registers.person.contact": 2}
    assert effect.first["at_once"] == [passed.pk]


def test_a_growing_need_says_later(management, house):
    person = resident(house.home, moved_out=LAST_YEAR, email="aino@example.com")

    effects = preview(scheme(), proposed(purpose_of(management), years=5), "contact", ON)

    assert {e.category: e.people for e in effects} == {
        "contact": {"earlier": 0, "later": 1, "at_once": 0},
        "identity": {"earlier": 0, "later": 1, "at_once": 0},
    }
    assert effects[0].first == {"later": [person.pk]}


def test_a_rule_that_ends_keeps_what_no_other_one_speaks_of(management, house):
    resident(house.home, moved_out=LAST_YEAR, email="aino@example.com")
    purpose = purpose_of(management)
    after = with_change(scheme(), purpose, "contact", "moved_out", None)

    (effect,) = preview(scheme(), after, "contact", ON)

    assert effect.people == {"earlier": 0, "later": 1, "at_once": 0}


def test_a_rule_for_a_category_that_the_purpose_does_not_name_changes_nothing(management, house):
    resident(house.home, moved_out=LAST_YEAR)

    assert preview(scheme(), proposed(purpose_of(management), "case", days=1), "case", ON) == []


def test_a_companys_own_purpose_touches_its_own_people_alone(management, house):
    establish_controller(housing_company=house.company, by=BY)
    away = ApartmentFactory(building=BuildingFactory(housing_company=HousingCompanyFactory()))
    own = resident(house.home, moved_out=LAST_YEAR, email="aino@example.com")
    resident(away, moved_out=LAST_YEAR, email="olli@example.com")
    purpose = Purpose.objects.get(controller=house.company.controller, code="informing")

    (effect,) = preview(scheme(), proposed(purpose, months=1), "contact", ON)

    assert effect.people["earlier"] == 1
    assert effect.first["earlier"] == [own.pk]


def test_people_are_given_page_by_page(management, house):
    people = [resident(house.home, moved_out=LAST_YEAR, email=f"aino{n}@example.com").pk for n in range(5)]
    now, then = scheme(), proposed(purpose_of(management), months=1)

    assert people_of(now, then, "contact", "contact", "earlier", ON, 2, 0) == sorted(people)[:2]
    assert people_of(now, then, "contact", "contact", "earlier", ON, 2, 4) == sorted(people)[4:]


def test_it_writes_nothing_and_takes_the_same_queries_for_any_number(management, house):
    now, then = scheme(), proposed(purpose_of(management), months=1)
    counts = []
    for _round in range(2):
        for number in range(4):
            resident(house.home, moved_out=LAST_YEAR, email=f"aino{_round}{number}@example.com")
        with CaptureQueriesContext(connection) as queries:
            preview(now, then, "contact", ON)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('retention_changed')")
        assert cursor.fetchone() == (None,)


days = st.one_of(st.none(), st.integers(0, 12 * 365).map(lambda n: ON + timedelta(days=200 - n)))
periods = st.builds(Period, st.integers(0, 11), st.integers(0, 13), st.integers(0, 40), st.booleans())
changes = st.tuples(
    st.sampled_from(
        [("identification", c) for c in ("identity", "identity_code", "residence")]
        + [("informing", c) for c in ("contact", "residence", "ownership", "communication")]
    ),
    st.sampled_from(["moved_out", "shares_sold", "term_ended", "recorded"]),
    st.one_of(st.none(), periods),
    st.booleans(),  # of the first company's own purpose
)


@hypothesis_settings(max_examples=40)
@example(
    change=(("informing", "residence"), "shares_sold", Period(), False),
    moves=[(0, 0, date(2027, 6, 10))],
    sales=[(0, 1, None)],
    seats=[],
    over=None,
)
@given(
    change=changes,
    moves=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), days), max_size=6),
    sales=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), days), max_size=3),
    seats=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), days), max_size=2),
    over=st.one_of(st.none(), st.integers(-800, 100).map(lambda n: ON + timedelta(days=n))),
)
def test_counts_are_those_of_every_person_asked_one_by_one(management, change, moves, sales, seats, over):
    (code, category), event, period, own = change
    with transaction.atomic():
        companies = [HousingCompanyFactory(), HousingCompanyFactory(managed_until=over)]
        establish_controller(housing_company=companies[0], by=BY)
        homes = [ApartmentFactory(building=BuildingFactory(housing_company=c)) for c in companies]
        people = [PersonFactory() for _ in range(4)]
        taken = set()
        for person, company, day in moves:
            if (person, company) not in taken:
                taken.add((person, company))
                ResidencyFactory(
                    person=people[person], apartment=homes[company], moved_in=date(2005, 1, 1), moved_out=day
                )
        for person, company, day in sales:
            group = ShareGroupFactory(housing_company=companies[company])
            OwnershipFactory(share_group=group, person=people[person], owned_from=date(2005, 1, 1), owned_until=day)
        seated = set()
        for person, company, day in seats:
            if (person, company) not in seated:
                seated.add((person, company))
                BoardSeatFactory(
                    housing_company=companies[company],
                    person=people[person],
                    term_from=date(2005, 1, 1),
                    term_until=day,
                )
        controller = companies[0].controller if own else management
        purpose = Purpose.objects.get(controller=controller, code=code)
        before = scheme()
        says = None
        if period is not None:
            says = replace(says_of(purpose, {"category": category, "event": event, "action": "delete"}), period=period)
        after = with_change(before, purpose, category, event, says)

        found = {effect.category: effect.people for effect in preview(before, after, category, ON)}

        assert found == slowly(before, after, category)
        transaction.set_rollback(True)
