"""The page of statistics, its file, the company's panel, and what an erasure says of them."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registers.models import HousingCompany
from retention.certificate_texts import numbers
from retention.certificates import facts_of, matches, seal_of
from retention.models import BuildingQuarter, BuildingYear, Sweep
from retention.services.planning import plan_sweep
from retention.services.sweeping import run_sweep, start_sweep
from tests.factories import ApartmentFactory, BuildingFactory, HousingCompanyFactory, ResidencyFactory
from tests.pages.browsing import text_of
from tests.retention.people import BY, ON
from tests.shipped import shipped_management

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(office):
    """A house, and the company's smaller buildings together."""
    row = {"housing_company": office.company, "year": 2025}
    for quarter, residents in ((1, None), (2, 15), (3, 25)):
        BuildingQuarter.objects.create(
            **row, building=office.building, quarter=quarter, homes=18, homes_lived_in=15, residents=residents,
            moved_out=5 if quarter == 3 else None,
        )  # fmt: skip
    BuildingQuarter.objects.create(**row, building=None, quarter=3, homes=7, homes_lived_in=5, residents=10)
    BuildingYear.objects.create(**row, building=office.building, moved_in=10, from_5=5)
    return office


def statistics_of(client, company=None):
    query = f"?company={company.pk}" if company else ""
    response = client.get(reverse("admin:statistics") + query)
    assert response.status_code == 200
    return response


def test_a_companys_page_has_each_building_with_numbers_and_charts(told, manager):
    response = statistics_of(manager, told.company)

    first, small = sorted(response.context["places"], key=lambda place: place["name"] != "Rantatie 5")
    assert first["quarters"] == [
        ("Q3/2025", ["18", "15", "25", "fewer than 5", "5"]),
        ("Q2/2025", ["18", "15", "15", "fewer than 5", "fewer than 5"]),
        ("Q1/2025", ["18", "15", "fewer than 5", "fewer than 5", "fewer than 5"]),
    ]
    assert [(chart["name"], len(chart["bars"])) for chart in first["charts"]] == [("Residents", 2), ("Lived in", 3)]
    assert first["years"] == [("2025", ["10", "by quarter", *["fewer than 5"] * 3, "5", "fewer than 5"])]
    assert small["name"] == "Buildings with fewer than five homes, together"
    assert small["charts"] == []  # one quarter is no course of time
    assert "rounded down to fives" in text_of(response)
    assert text_of(response).count('role="img"') == 2


def test_the_whole_office_is_what_its_buildings_tell_added_up(told, manager):
    other = BuildingFactory()
    BuildingQuarter.objects.create(
        housing_company=other.housing_company, building=other, year=2025, quarter=3, homes=10, residents=20
    )

    response = statistics_of(manager)

    assert response.context["quarters"][0] == ("Q3/2025", ["35", "20", "55", "–", "5"])
    assert "at least so many" in text_of(response)


def test_the_empty_page_says_when_something_comes(office, manager):
    assert "closed six months after its end" in text_of(statistics_of(manager))
    assert "fewer than five homes has no statistics" in text_of(statistics_of(manager, office.company))


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999", "-1"])
def test_a_company_that_is_none_is_not_found(office, manager, key):
    assert manager.get(reverse("admin:statistics"), {"company": key}).status_code == 404


def test_the_file_says_the_same_and_is_harmless_to_spreadsheets(told, manager):
    HousingCompany.objects.filter(pk=told.company.pk).update(name="=1+1")

    response = manager.get(reverse("admin:statistics_file", args=[told.company.pk]))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Housing company", "Building", "Period", "Figure", "Value"]
    assert ["'=1+1", "Rantatie 5", "Q3/2025", "Residents", "25"] in rows
    assert ["'=1+1", "Rantatie 5", "Q1/2025", "Residents", ""] in rows
    assert ["'=1+1", "Rantatie 5", "2025", "Moved out", "by quarter"] in rows
    assert ["'=1+1", "Rantatie 5", "2025", "Moved out, had lived there: 5–10 years", "5"] in rows


def test_a_companys_page_leads_to_its_statistics(told, manager):
    page = text_of(manager.get(reverse("admin:company", args=[told.company.pk])))
    assert "At the end of Q3/2025, at least:" in page
    assert "<dt>Residents</dt><dd>35</dd>" in page
    assert reverse("admin:statistics") + f"?company={told.company.pk}" in page

    empty = text_of(manager.get(reverse("admin:company", args=[HousingCompanyFactory().pk])))
    assert "No quarter has been closed yet." in empty


def test_many_buildings_and_quarters_take_no_more_queries(told, manager):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            statistics_of(manager, told.company)
        return len(found)

    statistics_of(manager, told.company)
    few = queries()
    for _number in range(15):
        building = BuildingFactory(housing_company=told.company)
        for quarter in (1, 2, 3, 4):
            BuildingQuarter.objects.create(
                housing_company=told.company, building=building, year=2024, quarter=quarter, homes=9, residents=10
            )
        BuildingYear.objects.create(housing_company=told.company, building=building, year=2024)

    assert queries() == few


def test_an_erasure_and_its_certificate_say_that_statistics_were_made_before(office, manager):
    shipped_management()
    homes = [ApartmentFactory(building=office.building, staircase="C", number=n) for n in range(1, 7)]
    for home in homes:
        ResidencyFactory(apartment=home, moved_in=date(2015, 1, 1), moved_out=date(2023, 8, 1))

    done = run_sweep(start_sweep(sweep=plan_sweep(on=ON, by=BY), by=BY).pk)

    assert done.periods_closed == 5  # the quarters of 2023, and the year
    facts = facts_of(done)
    assert ("Statistics without persons", "made before anything was erased; periods closed for it: 5") in numbers(facts)
    page = text_of(manager.get(reverse("admin:sweep", args=[done.pk])))
    assert "made before anything was erased; periods closed for it: 5" in page


def test_certificates_of_before_keep_their_hash(office):
    done = office.sweep
    Sweep.objects.filter(pk=done.pk).update(periods_closed=None)
    done.refresh_from_db()

    facts = facts_of(done)

    assert "periods_closed" not in facts
    assert matches(seal_of(facts), facts_of(done))
    assert not any(name == "Statistics without persons" for name, _value in numbers(facts))
