"""Whose companies: named, taken over, ended, and looked after by a substitute for as long as somebody is away."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.acting import acting
from accounts.services.leaving import leave_office
from registers.models import CompanyDuty, Substitution
from registers.queries.portfolio import companies_of, duties_of, portfolios
from registers.services.portfolio import end_duty, end_substitution, give_duty, substitute
from tests.factories import HousingCompanyFactory

pytestmark = pytest.mark.django_db
SPRING, SUMMER, BACK = date(2026, 3, 1), date(2026, 7, 1), date(2026, 8, 1)
DAY = timedelta(days=1)


@pytest.fixture
def two(staff):
    """(manager, substitute)"""
    return staff("manager"), staff("manager")


@pytest.fixture
def company():
    return HousingCompanyFactory(name="As Oy Kaislaranta")


def duty(company, user, by, since=SPRING, role="responsible"):
    return give_duty(housing_company=company, user=user, role=role, since=since, by=by)


def test_a_company_is_somebodys_from_the_day_until_it_ends(two, company, by):
    mine = duty(company, two[0], by)
    assert not companies_of(two[0], SPRING - DAY)
    assert list(companies_of(two[0], SPRING)) == [company]

    end_duty(duty=mine, on=SUMMER, by=by)

    assert list(companies_of(two[0], SUMMER - DAY)) == [company]
    assert not companies_of(two[0], SUMMER)


def test_a_new_responsible_manager_takes_the_place_of_the_one_before(two, company, by):
    duty(company, two[0], by)
    duty(company, two[1], by, since=SUMMER)

    assert [(one.user, one.since, one.until) for one in CompanyDuty.objects.order_by("since")] == [
        (two[0], SPRING, SUMMER),
        (two[1], SUMMER, None),
    ]


def test_a_team_looks_after_a_company_together(two, company, by):
    duty(company, two[0], by)
    duty(company, two[1], by, role="team")

    assert [(one.user, one.role) for one, _stand_ins in duties_of(company, SUMMER)] == [
        (two[0], "responsible"),
        (two[1], "team"),
    ]


def test_a_substitute_has_the_companies_for_as_long_as_the_other_is_away(two, company, by):
    duty(company, two[0], by)
    substitute(absent=two[0], substitute=two[1], since=SUMMER, until=BACK, by=by)

    assert [list(companies_of(two[1], day)) for day in (SUMMER - DAY, SUMMER, BACK - DAY, BACK)] == [
        [], [company], [company], [],
    ]  # fmt: skip
    assert list(companies_of(two[0], SUMMER)) == [company]
    assert duties_of(company, SUMMER)[0][1] == [two[1]]


def test_somebody_who_is_back_early_ends_the_substitution(two, company, by):
    duty(company, two[0], by)
    row = substitute(absent=two[0], substitute=two[1], since=SUMMER, until=BACK, by=by)

    end_substitution(substitution=row, on=SUMMER + DAY, by=by)

    assert list(companies_of(two[1], SUMMER)) == [company]
    assert not companies_of(two[1], SUMMER + DAY)


def test_a_substitute_of_a_substitute_has_their_own_companies_alone(two, staff, company, by):
    third = staff("manager")
    duty(company, two[0], by)
    substitute(absent=two[0], substitute=two[1], since=SUMMER, until=BACK, by=by)
    substitute(absent=two[1], substitute=third, since=SUMMER, until=BACK, by=by)

    assert list(companies_of(two[1], SUMMER)) == [company]
    assert not companies_of(third, SUMMER)


def test_a_company_whose_management_has_ended_is_nobodys(two, by):
    company = HousingCompanyFactory(managed_until=SUMMER)
    duty(company, two[0], by)

    assert list(companies_of(two[0], SUMMER - DAY)) == [company]
    assert not companies_of(two[0], SUMMER)


def test_who_may_not_sign_in_looks_after_nothing(two, company, by):
    two[1].is_active = False
    with acting(by):
        two[1].save()

    with pytest.raises(ValidationError, match="may not sign in"):
        duty(company, two[1], by)
    with pytest.raises(ValidationError, match="may not sign in"):
        substitute(absent=two[0], substitute=two[1], since=SUMMER, until=BACK, by=by)


def test_nobody_stands_in_for_themselves(two, by):
    with pytest.raises(ValidationError, match="Nobody stands in for themselves"):
        substitute(absent=two[0], substitute=two[0], since=SUMMER, until=BACK, by=by)


def test_without_the_right_nothing_is_recorded(two, company, staff):
    with pytest.raises(PermissionDenied):
        duty(company, two[0], staff("customer_service"))


def test_postgresql_knows_of_one_responsible_manager_at_a_time(two, company, by):
    duty(company, two[0], by)

    with pytest.raises(IntegrityError, match="one_responsible_manager"), transaction.atomic(), acting(by):
        CompanyDuty.objects.create(housing_company=company, user=two[1], since=SUMMER)


def test_the_list_has_everybody_of_the_office_and_coming_substitutions(two, company, by, staff):
    duty(company, two[0], by)
    row = substitute(absent=two[0], substitute=two[1], since=SUMMER, until=BACK, by=by)
    gone = staff("manager")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)

    found = {one.user: one for one in portfolios(SPRING)}

    assert [one.housing_company for one in found[two[0]].duties] == [company]
    assert found[two[1]].stands_in == [row]
    assert gone not in found


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(1, 30)), max_size=4), st.integers(0, 90))
def test_whatever_absences_there_are_a_day_has_the_companies_of_those_who_are_away(made, asked):
    """Against a plain loop."""
    from accounts.acting import Program
    from accounts.models import User

    by = Program("tests")
    with transaction.atomic():
        with acting(by):
            users = [User.objects.create_user(f"k{n}@office.example", name=f"K{n}") for n in range(4)]
            companies = [HousingCompanyFactory() for _n in range(3)]
            for user, company in zip(users, companies, strict=False):
                CompanyDuty.objects.create(housing_company=company, user=user, since=SPRING)
        rows = []
        for absent, start, length in made:
            since = SPRING + start * DAY
            try:
                with transaction.atomic():
                    rows.append(substitute(absent=users[absent], substitute=users[3], since=since,
                                           until=since + length * DAY, by=by))  # fmt: skip
            except ValidationError:
                continue
        day = SPRING + asked * DAY

        said = {company.pk for company in companies_of(users[3], day)}

        assert said == {companies[users.index(row.absent)].pk for row in rows if row.since <= day < row.until}
        assert Substitution.objects.count() == len(rows)
        transaction.set_rollback(True)


def leaves(user, successor, admin):
    leave_office(user=user, reason="new employer", successor=successor, by=admin)


def test_who_leaves_hands_the_companies_over_from_today(two, company, staff, by):
    admin, (leaver, successor), today = staff("administrator"), two, timezone.localdate()
    managed, ended = HousingCompanyFactory(), HousingCompanyFactory(managed_until=today)
    duty(company, leaver, by)
    duty(managed, leaver, by, since=today, role="team")
    coming = duty(HousingCompanyFactory(), leaver, by, since=today + DAY).housing_company
    duty(ended, leaver, by)

    leaves(leaver, successor, admin)

    assert not companies_of(leaver, today)
    assert not companies_of(leaver, today + DAY)
    assert set(companies_of(successor, today)) == {company, managed}
    assert set(companies_of(successor, today + DAY)) == {company, managed, coming}
    assert set(companies_of(leaver, today - DAY)) == {company, ended}
    roles = CompanyDuty.objects.filter(user=successor).values_list("housing_company", "role")
    assert dict(roles) == {company.pk: "responsible", managed.pk: "team", coming.pk: "responsible"}


def test_companies_are_left_to_nobody(two, company, staff, by):
    duty(company, two[0], by)

    with pytest.raises(ValidationError, match="Choose who") as refused:
        leaves(two[0], None, staff("administrator"))

    assert set(refused.value.message_dict) == {"successor"}
    two[0].refresh_from_db()
    assert two[0].is_active
    assert companies_of(two[0], timezone.localdate()).get() == company


def test_a_successor_who_is_responsible_stays_so_and_one_in_the_team_becomes_it(two, company, staff, by):
    (leaver, successor), other = two, HousingCompanyFactory()
    duty(company, leaver, by)
    duty(company, successor, by, role="team")
    duty(other, successor, by)
    duty(other, leaver, by, role="team")

    leaves(leaver, successor, staff("administrator"))

    now = CompanyDuty.objects.filter(user=successor, until=None).values_list("housing_company", "role")
    assert dict(now) == {company.pk: "responsible", other.pk: "responsible"}


def test_who_stood_in_is_replaced_for_the_rest_of_the_absence(two, company, staff, by):
    (absent, leaver), successor, today = two, staff("manager"), timezone.localdate()
    duty(company, absent, by)
    substitute(absent=absent, substitute=leaver, since=today - DAY, until=today + 5 * DAY, by=by)

    leaves(leaver, successor, staff("administrator"))

    assert not companies_of(leaver, today)
    assert companies_of(successor, today).get() == company
    assert not companies_of(successor, today + 5 * DAY)


def test_an_account_that_is_closed_takes_nothing_over(two, company, staff, by):
    duty(company, two[0], by)
    closed = staff("manager", is_active=False)

    with pytest.raises(ValidationError, match="may not sign in"):
        leaves(two[0], closed, staff("administrator"))


def test_the_page_says_what_waits_and_passes_it_on(two, company, staff, by, client_of):
    duty(company, two[0], by)
    client = client_of(staff("administrator", factor=True))
    client.cookies["django_language"] = "en"
    url = reverse("admin:account_leave", args=[two[0].pk])

    assert "Looks after 1 company." in client.get(url).content.decode()
    assert client.post(url, {"reason": "new employer"}).status_code == 422
    response = client.post(url, {"reason": "new employer", "successor": two[1].pk})

    assert response.status_code == 302
    assert companies_of(two[1], timezone.localdate()).get() == company
