"""The list of accounts: staff of the office, unless people outside it are asked for."""

import pytest
from django.urls import reverse

from tests.pages.browsing import text_of
from tests.portal.conftest import member_of

pytestmark = pytest.mark.django_db
URL = "admin:accounts_user_changelist"


@pytest.fixture
def administrator(office, staff, client_of):
    staff("manager", email="pia@office.example")
    staff("", email="halli@home.example", is_staff=False)
    member_of(office.company)
    client = client_of("administrator")
    client.cookies["django_language"] = "en"
    return client


def listed(client, **facts) -> dict[str, bool]:
    text = text_of(client.get(reverse(URL), facts)).partition('id="result_list"')[2].partition("</table>")[0]
    return {who: who in text for who in ("pia@office.example", "halli@home.example")}


STAFF, OUTSIDE = (
    {"pia@office.example": True, "halli@home.example": False},
    {"pia@office.example": False, "halli@home.example": True},
)


def test_staff_are_listed_first(administrator):
    assert listed(administrator) == STAFF
    assert listed(administrator, whose="staff") == STAFF


def test_board_members_are_listed_when_they_are_asked_for(administrator):
    assert listed(administrator, whose="outside") == OUTSIDE


def test_everybody_is_listed_together(administrator):
    assert listed(administrator, whose="everybody") == dict.fromkeys(STAFF, True)


@pytest.mark.parametrize("value", ["", "None", "zzz", "²", "staff,outside"])
def test_another_value_lists_staff(administrator, value):
    assert listed(administrator, whose=value) == STAFF


def test_the_sidebar_names_whose_accounts_are_listed(administrator):
    page = text_of(administrator.get(reverse(URL)))
    side = page.partition('id="changelist-filter"')[2].partition("</nav>")[0]

    for label in ("staff of the office", "people outside the office", "everybody"):
        assert label in side
    assert side.count(">All<") == 2  # of the other filters
    assert "staff of the office" in side.partition('class="selected"')[2].partition("</li>")[0]


def test_filters_go_together_and_a_search_stays_with_whom_it_is_about(administrator):
    assert listed(administrator, role="manager") == STAFF
    assert listed(administrator, whose="outside", role="manager") == dict.fromkeys(STAFF, False)
    found = administrator.post(f"{reverse(URL)}?whose=outside", {"q": "halli"})
    assert "whose=outside" in found["Location"]
    assert "halli@home.example" in text_of(administrator.get(found["Location"]))


def test_a_board_members_account_opens_from_the_list(administrator, staff):
    user = staff("", email="toinen@home.example", is_staff=False)

    assert administrator.get(reverse("admin:accounts_user_change", args=[user.pk])).status_code == 200
