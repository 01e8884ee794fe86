"""Addresses of the portal that a board member has altered: nothing of another company, and never a fault."""

import re

import pytest
from django.urls import reverse

from disclosures.models import Disclosure
from tests.factories import BoardSeatFactory
from tests.pages.browsing import text_of
from tests.pages.matrix import POST, TABLE, address, rows_of
from tests.portal.conftest import client_for, member_of

pytestmark = pytest.mark.django_db
HIDDEN = ("Vierasnen", "Muukalainen", "Toinen", "Metsätie", "Salainen", "Rajoitettu", "Entinen", "Tuleva")
REFERENCES = ("0", "-1", "999999", "9" * 18, "9" * 19, "9" * 40, "1.5", "²", "abc", "1'--", "%2e%2e")
NOT_THERE = {404, 405}  # or not asked for in this way
PARAMETERS = [
    {},
    *({name: value} for name in ("q", "words", "o", "p", "page", "sort", "format", "register", "on", "company")
      for value in ("Vierasnen", "Salainen", "-1", "9" * 40, "²", "csv", "2010-01-01", "' OR 1=1 --")),
]  # fmt: skip


@pytest.fixture
def document(own, other):
    """Made for another company's board."""
    client = client_for(member_of(other.company, last_name="Vierashallitus"))
    made = client.post(reverse("portal_file", args=[other.company.pk, "owners"]), {"reason": "meeting", "file": "pdf"})
    assert made.status_code == 200
    return Disclosure.objects.get(channel="file")


def asked(client, url, post):
    client.raise_request_exception = False
    facts = {"words": "Vierasnen", "reason": "meeting", "file": "xlsx"}
    return [client.post(url, facts), *([] if post else [client.get(url)])]


def names_in(response) -> list[str]:
    text = b"".join(response.streaming_content) if response.streaming else response.content
    return [name for name in HIDDEN if name in text.decode("utf-8", "ignore")]


def test_another_companys_pages_are_not_there(own, other, document, visitor):
    house = type("House", (), {"company": other.company, "disclosure": document})
    for name, row in rows_of("portal").items():
        if row.about:
            for response in asked(visitor, address(name, house), POST in row.how):
                assert response.status_code in NOT_THERE, name
                assert names_in(response) == [], name


def test_another_companys_document_is_not_there_under_the_own_company(own, other, document, visitor):
    assert visitor.post(reverse("portal_document", args=[own.company.pk, document.pk])).status_code == 404


def test_what_does_not_exist_is_not_there(own, other, document, visitor):
    house = type("House", (), {"company": own.company, "disclosure": document})
    for name, row in rows_of("portal").items():
        for reference in REFERENCES if row.about else ():
            url = address(name, house).replace(f"/portal/{own.company.pk}/", f"/portal/{reference}/")
            for response in asked(visitor, url, POST in row.how):
                assert response.status_code in NOT_THERE, url
                assert names_in(response) == [], url
    for reference in REFERENCES:
        for response in asked(visitor, f"/portal/{own.company.pk}/documents/{reference}/", True):
            assert response.status_code == 404, reference


@pytest.mark.parametrize("register", ["moves", "search", "arrears", "persons", "RESIDENTS", "..", "residents.csv"])
def test_a_list_that_is_no_file_is_not_there(own, visitor, register):
    for response in asked(visitor, f"/portal/{own.company.pk}/file/{register}/", False):
        assert response.status_code == 404


@pytest.mark.parametrize("file", ["csv", "exe", "", "PDF", "pdf,xlsx", "../pdf"])
def test_a_format_that_is_not_offered_makes_no_file(own, visitor, file):
    url = reverse("portal_file", args=[own.company.pk, "residents"])

    response = visitor.post(url, {"reason": "meeting", "file": file})

    assert response.status_code == 422
    assert not Disclosure.objects.exists()


def test_no_parameter_shows_anybody_else(own, other, visitor):
    plain = {}
    for name in rows_of("portal", without=POST):
        house = type("House", (), {"company": own.company})
        for facts in PARAMETERS:
            response = visitor.get(address(name, house), facts)
            assert (response.status_code, names_in(response)) == (200, []), (name, facts)
            shown = re.sub(r'value="\w{64}"', "", text_of(response).partition("<main")[2])  # the form's own token
            assert plain.setdefault(name, shown) == shown, (name, facts)
    assert "Kaislanen" in plain["portal_residents"]


def test_with_seats_in_two_companies_each_page_is_of_its_own(own, other, member, visitor):
    BoardSeatFactory(person=member.person_account.person, housing_company=other.company)
    for name in ("portal_residents", "portal_owners"):
        assert TABLE[name].opens
        first, second = (
            text_of(visitor.get(reverse(name, args=[house.company.pk]), {"company": own.company.pk}))
            for house in (own, other)
        )
        assert ("Kaislanen" in first, "Vierasnen" in first) == (True, False)
        assert ("Kaislanen" in second, "Vierasnen" in second) == (False, True)
