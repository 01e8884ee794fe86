"""The forecast: what ends when, counted of what is held, remembered for ten minutes but for a changed rule."""

from datetime import date

import pytest
from django.core.cache import cache

from consent.models import Purpose
from registers.models import Person
from retention.models import RetentionRule
from retention.queries.forecast import MONTHS, forecast, months_from, remembered_forecast
from retention.services.rules import RuleSays, write_rule
from tests.factories import ApartmentFactory, BuildingFactory, HousingCompanyFactory, ResidencyFactory
from tests.retention.people import BY, LONG_AGO, ON, resident

pytestmark = pytest.mark.django_db


def by_category(company=None, on=ON):
    return {coming.category: coming for coming in forecast(on, company)}


def test_months_begin_with_this_one():
    assert months_from(ON)[0] == date(2026, 11, 1)
    assert months_from(ON)[-1] == date(2029, 10, 1)
    assert len(months_from(ON)) == MONTHS


def test_each_category_ends_in_its_own_month(management, house):
    resident(house.home, moved_out=date(2026, 10, 5), email="aino@example.com")

    found = by_category()

    assert found["contact"].months[5] == 1  # 5.4.2027
    assert found["contact"].total == 1
    assert found["residence"].months[35] == 1  # 5.10.2029
    assert found["identity"].months[35] == 1


def test_what_is_not_held_is_not_counted(management, house):
    resident(house.home, moved_out=date(2026, 10, 5))

    found = by_category()

    assert "contact" not in found
    assert "identity_code" not in found
    assert found["residence"].total == 1


def test_ended_later_and_without_an_end_stand_apart(management, house):
    resident(house.home, moved_out=LONG_AGO, email="ohi@example.com")
    resident(house.other, email="asuu@example.com")
    resident(house.home, moved_in=date(2022, 7, 1), moved_out=date(2026, 11, 20))

    found = by_category()

    assert (found["contact"].over, found["contact"].open, found["contact"].total) == (1, 1, 0)
    assert (found["identity"].over, found["identity"].open, found["identity"].later) == (1, 1, 1)


def test_a_person_who_lives_elsewhere_keeps_the_name_but_not_the_old_home(management, house):
    away = ApartmentFactory(building=BuildingFactory(housing_company=HousingCompanyFactory()))
    person = resident(house.home, moved_out=date(2024, 1, 15), email="aino@example.com")
    ResidencyFactory(person=person, apartment=away, moved_in=date(2024, 1, 15))

    found = by_category()

    assert found["identity"].open == 1
    assert found["contact"].open == 1
    assert found["residence"].months[2] == 1  # 15.1.2027
    assert found["residence"].open == 1


def test_one_company_counts_its_own_people_alone(management, house):
    away = ApartmentFactory(building=BuildingFactory(housing_company=HousingCompanyFactory()))
    resident(house.home, moved_out=date(2026, 10, 5), email="aino@example.com")
    resident(away, moved_out=date(2026, 9, 5), email="olli@example.com")

    assert by_category()["contact"].total == 2
    assert by_category(house.company.pk)["contact"].total == 1
    assert by_category(house.company.pk)["residence"].total == 1


def test_a_changed_rule_shows_at_once_and_the_rest_within_ten_minutes(management, house):
    person = resident(house.home, moved_out=date(2026, 10, 5), email="aino@example.com")
    assert {c.category: c.total for c in remembered_forecast(ON)}["contact"] == 1

    Person.objects.filter(pk=person.pk).update(email="")
    assert {c.category: c.total for c in remembered_forecast(ON)}["contact"] == 1
    write_rule(
        purpose=Purpose.objects.get(controller=management, code="informing"),
        says=RuleSays("contact", "moved_out", "erase", months=7),
        reason="a test",
        by=BY,
    )

    assert "contact" not in {c.category for c in remembered_forecast(ON)}
    assert RetentionRule.objects.filter(number=2).exists()
    cache.clear()
