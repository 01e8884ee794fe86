"""Everybody gets at every address what the matrix says (tests/pages/matrix.py), and nothing that it does not name."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.http import urlencode

from accounts.roles import ROLES
from portal.mandates import MAY
from registers.admin.pages import PAGES
from tests.pages.matrix import (
    FRESH,
    MANAGER,
    NOBODY,
    NOT_FOUND,
    NOT_SO,
    POST,
    PRIVACY,
    REFUSED,
    ROLELESS,
    SEATLESS,
    SEATS,
    SIGN_IN,
    TABLE,
    VISITORS,
    address,
    addresses_of_the_project,
    rows_of,
)
from tests.pages.visitors import answers, visitor_of

ASKS_AGAIN = sorted(name for name, row in TABLE.items() if FRESH in row.how)
FORMS = {name: row for name, row in TABLE.items() if row.is_form}


def test_every_address_of_the_project_is_in_the_matrix():
    found = addresses_of_the_project()

    assert found - set(TABLE) == set()
    assert set(TABLE) - found == set()


def test_every_role_and_every_seat_is_a_visitor_of_the_matrix():
    assert set(ROLES) <= set(VISITORS)
    assert set(SEATS) == set(MAY)


@pytest.mark.parametrize("visitor", VISITORS)
def test_everybody_gets_at_every_address_what_the_matrix_says(visitor, office, client_of):
    """One office for all addresses: each is asked in a transaction of its own, which is then undone."""
    client = visitor_of(visitor, office, client_of)

    found = answers(client, TABLE, office)

    expected = {name: row.answers(visitor) for name, row in TABLE.items()}
    assert {name: (found[name], expected[name]) for name in TABLE if found[name] != expected[name]} == {}


@pytest.mark.parametrize("visitor", [NOBODY, ROLELESS, *ROLES, "auditor", "chair ended", "chair elsewhere", SEATLESS])
def test_what_does_not_open_takes_nothing_that_is_posted_either(visitor, office, client_of):
    client = visitor_of(visitor, office, client_of)
    names = [name for name, row in (rows_of("office") | rows_of("portal")).items() if visitor not in row.opens]

    found = answers(client, names, office, the_other_way=True)

    kept_out = {REFUSED, NOT_FOUND, NOT_SO, SIGN_IN}
    assert {name: answer for name, answer in found.items() if answer not in kept_out} == {}
    assert len(found) > 50 or visitor == PRIVACY


def test_what_weighs_most_asks_again_who_sits_there():
    assert {f"admin:{page.name}" for page in PAGES if page.fresh} == set(ASKS_AGAIN)


@pytest.mark.parametrize("name", ASKS_AGAIN)
def test_a_fresh_page_asks_again_after_a_quarter_of_an_hour(name, office, client_of):
    row, url = TABLE[name], address(name, office)
    client = client_of(next(iter(row.opens or {PRIVACY})))
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 901
    session.save()
    from_page = {"headers": {"referer": "http://testserver/admin/disclosures/?page=2"}}

    response = client.post(url, **from_page) if POST in row.how else client.get(url)

    back = "/admin/disclosures/?page=2" if POST in row.how else url
    assert response["Location"] == f"/account/reauthenticate/?{urlencode({'next': back})}"
    again = client.post(response["Location"], {"password": "correct horse battery", "next": back})
    assert again["Location"] == back
    if POST not in row.how:
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_forms_are_saved_by_those_of_the_matrix_alone(role, office, client_of):
    client = client_of(role)
    found, expected = {}, {}
    for name, row in FORMS.items():
        url, refused = address(name, office), (role not in row.saves)
        shown = client.get(url)
        found[name] = ("_save" in shown.content.decode(), client.post(url, {"no": "field"}).status_code == 403)
        expected[name] = (not refused, refused)

    assert {name: (found[name], expected[name]) for name in FORMS if found[name] != expected[name]} == {}


def test_nothing_is_deleted_by_a_button(office, client_of):
    for name in (name for name in TABLE if name.endswith("_delete")):
        assert client_of(MANAGER).post(address(name, office), {"post": "yes"}).status_code in {302, 403, 404}

    assert type(office.person).objects.filter(pk=office.person.pk).exists()


def test_staff_who_have_not_shown_a_second_factor_get_to_no_page_of_the_office(office, client, staff):
    user = staff(MANAGER)
    client.post(reverse("account_login"), {"login": user.email, "password": "correct horse battery"})

    led = {}
    for name in rows_of("office") | rows_of("portal"):
        url = address(name, office)
        response = client.post(url) if POST in TABLE[name].how else client.get(url)
        led[name] = response.get("Location", str(response.status_code)).partition("?")[0]

    assert led == dict.fromkeys(led, reverse("mfa_index"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", rows_of("own"))
def test_ones_own_account_needs_signing_in(name, client):
    url = address(name, None)

    for response in (client.get(url), client.post(url)):
        assert response["Location"].startswith(("/account/login/", "/account/reauthenticate/"))


def test_the_office_names_no_page_twice():
    assert len(PAGES) == len({page.name for page in PAGES}) == len({page.route for page in PAGES})
    assert {f"admin:{page.name}" for page in PAGES} <= set(rows_of("office"))
    assert admin.site.name == "admin"
