"""The board's pages: who comes in, what they show, and what they do not."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting
from consent.models import PrivacyNotice
from consent.services.notices import publish
from portal.mandates import MAY, SHOWN
from portal.queries.mandates import mandates
from registers.services.board import end_board_seat
from registers.services.companies import end_management
from tests.factories import BoardSeatFactory, PersonFactory, ResidencyFactory
from tests.pages.browsing import text_of
from tests.pages.matrix import TABLE, rows_of
from tests.pages.matrix import address as address_of
from tests.portal.conftest import BY, TODAY, client_for, member_of

pytestmark = pytest.mark.django_db

# Of one company; when and to whom each opens stands in the matrix.
PAGES = sorted(name for name, row in rows_of("portal").items() if row.about and row.opens)


def address(name, company):
    return address_of(name, SimpleNamespace(company=company))


def status(client, name, company):
    return client.get(address(name, company)).status_code


def test_the_matrix_opens_what_the_table_of_mandates_opens():
    sections = {name: name.removeprefix("portal_") for name in PAGES} | {"portal_file": "residents"}
    for name in set(PAGES) - {"portal_company"}:
        assert TABLE[name].opens == {role for role, may in MAY.items() if sections[name] in may}, name


@pytest.mark.parametrize("name", PAGES)
def test_nothing_opens_when_the_company_is_no_longer_managed(own, visitor, name):
    end_management(housing_company=own.company, on=TODAY(), by=BY)

    assert status(visitor, name, own.company) == 404


def test_staff_get_nothing_by_being_staff_even_with_a_seat(own, member):
    with acting(BY):
        member.is_staff = True
        member.save()

    assert client_for(member).get(reverse("portal")).status_code == 403
    assert mandates(member, TODAY()) == []


def test_the_own_companies_are_listed_and_no_others(own, other, member, visitor):
    BoardSeatFactory(person=member.person_account.person, housing_company=other.company, role="auditor")
    third = member_of(own.company)

    both, one = text_of(visitor.get(reverse("portal"))), text_of(client_for(third).get(reverse("portal")))

    assert own.company.name in both
    assert other.company.name in both
    assert other.company.name not in one
    assert "Auditor" in both


def test_the_start_leads_members_to_the_portal_and_staff_to_the_desk(visitor, client_of, client):
    assert visitor.get("/")["Location"] == reverse("portal")
    assert client_of("manager").get("/")["Location"] == reverse("admin:index")
    assert client.get("/")["Location"] == reverse("admin:index")
    assert visitor.get(reverse("admin:index")).status_code in (302, 403)


def test_when_the_term_has_ended_the_door_is_shown_and_ones_own_pages_stay_open(own, member, visitor):
    seat = member.person_account.person.board_seats.get()
    assert visitor.get(reverse("portal")).status_code == 200

    end_board_seat(seat=seat, on=TODAY(), by=BY)

    assert visitor.get(reverse("portal"))["Location"] == reverse("own")
    answer = visitor.get(address("portal_residents", own.company))
    assert answer.status_code == 404
    assert "Your term has ended" in text_of(answer)
    assert own.company.name not in text_of(answer)


def test_residents_stand_by_staircase_and_apartment(own, visitor):
    page = text_of(visitor.get(address("portal_residents", own.company)))

    assert "Rantatie 5 A" in page
    assert page.index("Rantanen") < page.index("Kaislanen")  # A 2 before B 1
    assert "1 resident is not shown." in page
    for name in ("Salainen", "Rajoitettu", "Muuttanen", "Entinen", "Tuleva"):
        assert name not in page
    assert "@" not in page
    assert "+358" not in page


def test_the_share_register_names_owners_with_their_shares(own, visitor):
    page = text_of(visitor.get(address("portal_owners", own.company)))

    assert "Kaislanen" in page
    assert "101–200" in page
    assert "Osakas Oy" in page
    assert "1 owner is not shown." in page
    assert "Salainen" not in page
    assert "Rajoitettu" not in page


def test_moves_are_those_of_the_last_year(own, visitor):
    new = PersonFactory(last_name="Uusinen")
    ResidencyFactory(person=new, apartment=own.apartment, moved_in=TODAY() - timedelta(days=20))

    page = text_of(visitor.get(address("portal_moves", own.company)))

    assert page.index("Uusinen") < page.index("Moved out") < page.index("Muuttanen")
    for name in ("Kaislanen", "Entinen", "Tuleva", "Salainen", "Rajoitettu"):
        assert name not in page


def test_moves_from_before_the_management_are_not_shown(own, visitor):
    with acting(BY):
        own.company.managed_from = TODAY() - timedelta(days=50)
        own.company.save()

    assert "Muuttanen" not in text_of(visitor.get(address("portal_moves", own.company)))


@pytest.mark.parametrize(("words", "found"), [("kais", "Kaislanen"), ("A 2", "Rantanen"), ("a2", "Rantanen")])
def test_a_search_finds_by_name_and_by_apartment(own, visitor, words, found):
    answer = visitor.post(address("portal_search", own.company), {"words": words})

    assert found in text_of(answer)
    assert "Lahtinen" not in text_of(answer)
    assert "?" not in answer.request["PATH_INFO"]


@pytest.mark.parametrize(
    "words", ["Salainen", "Rajoitettu", "Vierasnen", "Entinen", "Tuleva", "'", "%", "\\", "&!(", "  "]
)
def test_a_search_finds_nobody_else(own, other, visitor, words):
    page = text_of(visitor.post(address("portal_search", own.company), {"words": words}))

    assert 'class="homes"' not in page


def test_the_notices_are_the_offices_and_the_companys_own(own, visitor):
    for notice in PrivacyNotice.objects.all():
        publish(notice=notice, by=BY)

    page = text_of(visitor.get(address("portal_notices", own.company)))

    assert "/privacy/" in page.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("name", ["portal_residents", "portal_owners", "portal_moves"])
def test_a_page_takes_the_same_queries_for_a_large_house(own, visitor, name, django_assert_num_queries):
    url = address(name, own.company)
    visitor.get(url)
    with CaptureQueriesContext(connection) as small:
        visitor.get(url)
    number = len(small)
    for _more in range(20):
        ResidencyFactory(apartment=own.apartment, moved_in=TODAY() - timedelta(days=3))
    visitor.get(url)
    with django_assert_num_queries(number):
        visitor.get(url)


def test_every_section_of_a_list_says_what_it_shows():
    assert {"residents", "owners", "moves", "search"} == set(SHOWN)


def test_pages_are_kept_by_no_cache_and_nothing_is_fetched_from_elsewhere(own, visitor):
    answer = visitor.get(address("portal_residents", own.company))

    assert answer["Cache-Control"] == "no-store, private"
    assert "http://" not in text_of(answer)
    assert "https://" not in text_of(answer)
    assert "<style" not in text_of(answer)
    assert "style=" not in text_of(answer)
