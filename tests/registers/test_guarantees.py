"""What PostgreSQL refuses, whoever asks and however."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from registers.models import AccessEntry, Apartment, Ownership, Person, Residency, ShareGroup, ShareRange
from tests.factories import (
    ApartmentFactory,
    BoardSeatFactory,
    BuildingFactory,
    HousingCompanyFactory,
    OrganisationFactory,
    OwnershipFactory,
    PersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
    ShareRangeFactory,
)

pytestmark = pytest.mark.django_db


def refused(make) -> str:
    """The name of the constraint that refuses `make`, or an empty string."""
    try:
        with transaction.atomic():
            make()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return ""
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name or "append-only"


def bulk(row):
    """Past every check in Python."""
    return type(row).objects.bulk_create([row])


def test_one_person_does_not_live_twice_in_one_apartment_at_a_time():
    first = ResidencyFactory(moved_in=date(2020, 1, 1), moved_out=date(2021, 1, 1))

    def again(start, end):
        row = Residency(person=first.person, apartment=first.apartment, moved_in=start, moved_out=end)
        return refused(lambda: bulk(row))

    assert again(date(2020, 6, 1), None) == "residencies_do_not_overlap"
    assert again(None, date(2020, 1, 2)) == "residencies_do_not_overlap"
    assert again(date(2021, 1, 1), None) == ""


def test_two_people_live_in_one_apartment():
    first = ResidencyFactory()

    assert refused(lambda: bulk(Residency(person=PersonFactory(), apartment=first.apartment))) == ""


def test_a_move_out_is_not_before_the_move_in():
    row = Residency(
        person=PersonFactory(), apartment=ApartmentFactory(), moved_in=date(2024, 5, 2), moved_out=date(2024, 5, 1)
    )

    assert refused(lambda: bulk(row)) == "move_out_after_move_in"


def test_share_numbers_of_one_company_do_not_overlap():
    group = ShareGroupFactory()
    ShareRangeFactory(share_group=group, first=1, last=100)
    other = ShareGroupFactory(housing_company=group.housing_company)
    elsewhere = ShareGroupFactory()

    def taken(of, first, last):
        row = ShareRange(share_group=of, housing_company=of.housing_company, first=first, last=last)
        return refused(lambda: bulk(row))

    assert taken(other, 100, 150) == "share_ranges_do_not_overlap"
    assert taken(other, 101, 150) == ""
    assert taken(elsewhere, 1, 100) == ""


def test_a_share_range_runs_upwards_from_one():
    group = ShareGroupFactory()

    def made(first, last):
        row = ShareRange(share_group=group, housing_company=group.housing_company, first=first, last=last)
        return refused(lambda: bulk(row))

    assert made(10, 9) == "share_range_runs_upwards"
    assert made(0, 9) == "share_range_runs_upwards"


def test_three_thirds_are_a_whole_and_a_fourth_is_too_much():
    group = ShareGroupFactory()

    def third():
        return refused(lambda: bulk(Ownership(share_group=group, person=PersonFactory(), numerator=1, denominator=3)))

    assert [third(), third(), third(), third()] == ["", "", "", "fractions_do_not_exceed_the_whole"]


def test_fractions_are_summed_by_the_day():
    first = OwnershipFactory(owned_from=date(2020, 1, 1), owned_until=date(2022, 1, 1))

    def whole(start):
        row = Ownership(share_group=first.share_group, person=PersonFactory(), owned_from=start)
        return refused(lambda: bulk(row))

    assert whole(date(2021, 12, 31)) == "fractions_do_not_exceed_the_whole"
    assert whole(date(2022, 1, 1)) == ""


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(0, 5), st.integers(0, 5)), max_size=6))
def test_the_trigger_agrees_with_exact_fractions(rows):
    from fractions import Fraction

    with transaction.atomic():
        group = ShareGroupFactory()
        person = PersonFactory()
        kept = []
        for a, b, start, length in rows:
            numerator, denominator = min(a, b), max(a, b)
            begin, end = date(2020, 1, 1 + start), date(2020, 1, 1 + start + length)
            here = [*kept, (Fraction(numerator, denominator), begin, end)]
            days = [day for _f, day, _e in here]
            too_much = any(sum(f for f, s, e in here if s <= day < e) > 1 for day in days)
            row = Ownership(
                share_group=group,
                person=person,
                numerator=numerator,
                denominator=denominator,
                owned_from=begin,
                owned_until=end,
            )
            assert (refused(lambda row=row: bulk(row)) != "") == too_much
            if not too_much:
                kept = here
        transaction.set_rollback(True)


def test_an_owner_is_a_person_or_an_organisation():
    group = ShareGroupFactory()
    both = Ownership(share_group=group, person=PersonFactory(), organisation=OrganisationFactory())

    assert refused(lambda: bulk(both)) == "owner_is_a_person_or_an_organisation"
    assert refused(lambda: bulk(Ownership(share_group=group))) == "owner_is_a_person_or_an_organisation"


def test_an_apartment_stays_in_its_buildings_company():
    building = BuildingFactory()
    row = Apartment(building=building, housing_company=HousingCompanyFactory(), number=1)

    assert refused(lambda: bulk(row)) == "apartment_is_of_its_buildings_company"


def test_a_share_group_leads_to_an_apartment_of_its_own_company():
    row = ShareGroup(housing_company=HousingCompanyFactory(), name="A 1", apartment=ApartmentFactory())

    assert refused(lambda: bulk(row)) == "share_group_is_of_its_apartments_company"


def test_a_board_has_one_chair_at_a_time():
    first = BoardSeatFactory(role="chair", term_from=date(2026, 1, 1), term_until=date(2027, 1, 1))
    company = first.housing_company
    later = BoardSeatFactory.build(
        housing_company=company, person=PersonFactory(), role="chair", term_from=date(2027, 1, 1)
    )
    second = BoardSeatFactory.build(
        housing_company=company, person=PersonFactory(), role="chair", term_from=date(2026, 12, 31)
    )

    assert refused(lambda: bulk(second)) == "one_chair_at_a_time"
    assert refused(lambda: bulk(later)) == ""


def test_a_restriction_has_who_when_and_why():
    from django.utils import timezone

    person = PersonFactory()
    update = Person.objects.filter(pk=person.pk).update

    assert refused(lambda: update(restricted_at=timezone.now())) == "restriction_has_who_when_why"
    assert refused(lambda: update(restriction_reason="why")) == "restriction_has_who_when_why"


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_log_of_looks_at_identity_codes_is_append_only(statement):
    AccessEntry.objects.create(kind="searched", user_key=1, user_email="a@office.example")
    table = AccessEntry._meta.db_table

    def change():
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table))

    assert AccessEntry.objects.count() == 1
    assert refused(change) == "append-only"
    assert AccessEntry.objects.count() == 1


def test_names_sort_as_finns_sort_them():
    for last, first in [
        ("Öberg", "A"),
        ("Åberg", "A"),
        ("Äijälä", "A"),
        ("Wähä", "A"),
        ("Vatanen", "B"),
        ("Zorn", "A"),
    ]:
        PersonFactory(last_name=last, first_names=first)

    names = [person.last_name for person in Person.objects.all()]

    assert names == ["Vatanen", "Wähä", "Zorn", "Åberg", "Äijälä", "Öberg"]


def test_apartments_sort_naturally():
    building = BuildingFactory()
    for staircase, number, suffix in [("B", 1, ""), ("A", 10, ""), ("A", 2, "b"), ("A", 2, ""), ("", 3, "")]:
        ApartmentFactory(building=building, staircase=staircase, number=number, suffix=suffix)

    assert [a.designation for a in Apartment.objects.all()] == ["3", "A 2", "A 2 b", "A 10", "B 1"]


def test_share_groups_sort_naturally():
    company = HousingCompanyFactory()
    for name in ("A 10", "B 1", "A 2", "a 1", "Autopaikka 3", "A 2 b"):
        ShareGroupFactory(housing_company=company, name=name)

    assert [group.name for group in ShareGroup.objects.all()] == ["a 1", "A 2", "A 2 b", "A 10", "Autopaikka 3", "B 1"]
