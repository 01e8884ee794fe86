"""Naming who looks after a company, and recording an absence, in the office."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.acting import Program, acting
from accounts.models import User
from registers.models import CompanyDuty, Substitution
from registers.services.portfolio import give_duty, substitute
from tests.factories import HousingCompanyFactory

pytestmark = pytest.mark.django_db


def colleague(email, name):
    with acting(Program("tests")):
        return User.objects.create_user(email, name=name)


def test_somebody_is_named_on_the_companys_page(office, manager):
    user = colleague("uusi@office.example", name="Uusi Vastaava")
    url = reverse("admin:duty_new", args=[office.company.pk])

    answer = manager.post(url, {"user": user.pk, "role": "responsible", "since": "2026-01-01"}, follow=True)

    assert "Uusi Vastaava responsible manager" in " ".join(answer.content.decode().split())
    assert CompanyDuty.objects.get().user == user


def test_a_mistake_is_said_beside_its_field(office, manager):
    url = reverse("admin:duty_new", args=[office.company.pk])

    answer = manager.post(url, {"user": "99999", "role": "x", "since": "tomorrow"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"user", "role", "since"}
    assert not CompanyDuty.objects.exists()


def test_the_desk_shows_own_companies_and_for_whom_one_stands_in(office, client_of, by):
    client = client_of("manager")
    client.cookies["django_language"] = "en"
    user = User.objects.get(pk=client.session["_auth_user_id"])
    HousingCompanyFactory(name="As Oy Muu")
    assert "Own companies" not in client.get(reverse("admin:index")).content.decode()

    substitute(absent=office.duty.user, substitute=user, since=date(2026, 1, 1), until=date(2099, 1, 1), by=by)
    page = client.get(reverse("admin:index")).content.decode()

    assert "Own companies" in page
    assert "You stand in for Vastaava, who is back on 1.1.2099." in page
    assert "As Oy Kaislaranta" in page
    assert "As Oy Muu" not in page


def test_a_substitution_is_recorded_and_ended(office, manager):
    office.duty  # noqa: B018  somebody looks after the company
    absent = User.objects.get(email="vastaava@office.example")
    other = colleague("toinen@office.example", name="Toinen")
    values = {"absent": absent.pk, "substitute": other.pk, "since": "2026-07-01", "until": "2099-08-01"}

    listed = manager.post(reverse("admin:substitution_new"), values, follow=True).content.decode()

    assert "Stands in for Vastaava" in listed
    row = Substitution.objects.get()
    manager.post(reverse("admin:substitution_end", args=[row.pk]), {"on": "2026-07-05"})
    row.refresh_from_db()
    assert row.until == date(2026, 7, 5)


def test_the_companys_page_asks_a_fixed_number_of_queries_for_its_managers(
    office, manager, by, django_assert_max_num_queries
):
    for number in range(6):
        user = colleague(f"k{number}@office.example", name=f"K{number}")
        give_duty(housing_company=office.company, user=user, role="team", since=date(2026, 1, 1), by=by)

    from registers.queries.portfolio import duties_of

    with django_assert_max_num_queries(2):
        assert len(duties_of(office.company, date(2026, 11, 1))) == 6
