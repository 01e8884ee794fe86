"""Addresses and parameters that somebody has altered: never a fault, never more than the page itself would show."""

import re
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse

from accounts.acting import Program, acting
from accounts.roles import ROLES
from tests.factories import ResidencyFactory
from tests.pages.matrix import NOT_FOUND, OPENS, POST, TABLE, address, arguments, rows_of
from tests.pages.visitors import said

pytestmark = pytest.mark.django_db
REFERENCES = ("0", "-1", "999999", "9" * 19, "9" * 40, "²", "abc", "1'--")
LISTS = sorted(name for name in TABLE if name.endswith("_changelist"))
# Order, page, search, size, and the admin's own parameters, right and wrong.
PARAMETERS = [
    *({"o": value} for value in ("1", "-1", "2.-1.1", "99", "-99", "x", "1" * 40, "²")),
    *({"p": value} for value in ("0", "1", "-1", "99", "9" * 40, "x")),
    *({"q": value} for value in ("Salainen", "'", "%", "' OR 1=1 --", "x" * 3000)),
    *({name: "1"} for name in ("all", "_popup", "_facets", "e")),
    *({"_to_field": value} for value in ("id", "password", "x")),
    *({name: value} for name in ("format", "_export") for value in ("csv", "xlsx", "pdf", "exe")),
    {"action": "delete_selected", "_selected_action": "1"},
]
# Questions that a list does not offer: an answer would tell of hidden data.
QUESTIONS = [
    "person__last_name__startswith",
    "person__is_protected",
    "is_protected__exact",
    "email__contains",
    "password__startswith",
    "identitycode__index",
    "residencies__apartment",
    "housing_company__seats__person",
    "pk__in",
    "nothing",
]


def everyone_of(staff, client_of):
    """Somebody with every role."""
    user = staff("manager")
    with acting(Program("tests")):
        user.groups.set(Group.objects.all())
    client = client_of(user)
    client.raise_request_exception = False
    return client


def altered(name, office) -> set[str]:
    """The address with each of its references replaced by each of REFERENCES."""
    url, found = address(name, office), set()
    for part in {str(argument) for argument in arguments(TABLE[name], office)}:
        before, _part, after = url.rpartition(f"/{part}")
        found |= {f"{before}/{reference}{after}" for reference in REFERENCES if reference != part}
    return found


def test_what_does_not_exist_is_not_there(office, staff, client_of):
    client, wrong, asked = everyone_of(staff, client_of), {}, 0
    for name, row in TABLE.items():
        if row.door == "portal":  # tests/portal/test_altered_addresses.py
            continue
        for url in altered(name, office):
            asked += 1
            with transaction.atomic():
                response = client.post(url) if POST in row.how else client.get(url)
                answer = said(client, response)
                # Staff are refused first; what is no number is no address.
                fit = {row.altered, NOT_FOUND} if row.door in ("person", "public") else {row.altered}
                if answer not in fit or client.get(response.get("Location", "/healthz")).status_code == 500:
                    wrong.setdefault((name, answer), []).append(url)
                transaction.set_rollback(True)

    assert wrong == {}
    assert asked > 800


def filters_of(name) -> list[str]:
    model = next(m for m in admin.site._registry if f"admin:{m._meta.label_lower.replace('.', '_')}_changelist" == name)
    offered = admin.site._registry[model].list_filter
    return [part if isinstance(part, str) else part.parameter_name for part in offered]


def shown(response) -> set[str]:
    """Which rows a list shows, by the addresses in them."""
    table = response.content.decode().partition('id="result_list"')[2].partition("</table>")[0]
    return set(re.findall(r'href="(/admin/[^"?]+)"', table))


@pytest.mark.parametrize("role", ROLES)
def test_no_parameter_makes_a_list_show_more_than_itself(role, office, client_of):
    """Nor opens it to who may not list, nor is a fault."""
    ResidencyFactory(apartment=office.apartment)
    client, rows = client_of(role), 0
    client.raise_request_exception = False
    for name in LISTS:
        url, may = address(name, office), role in TABLE[name].opens
        everything = shown(client.get(url, {"all": ""}))
        wrong = [{part: value} for part in filters_of(name) for value in ("zzz", "²", "9" * 40, "'", "", "None")]
        exact = [{f"{part}__exact": value} for part in filters_of(name) for value in ("zzz", "9" * 40)]
        for facts in [*PARAMETERS, *wrong, *exact]:
            response = client.get(url, facts, follow=True)
            assert response.status_code in ({200, 400} if may else {403}), (name, facts)
            assert shown(response) <= everything, (name, facts)
            assert response["Content-Type"].startswith("text/html"), (name, facts)
            rows += len(shown(response))
    assert rows > 0


@pytest.mark.parametrize("name", LISTS)
def test_a_list_answers_no_question_that_it_does_not_offer(name, office, client_of):
    role = sorted(TABLE[name].opens)[0]
    client = client_of(role)
    client.raise_request_exception = False

    said_of = {question: client.get(address(name, office), {question: "1"}) for question in QUESTIONS}

    assert {question: (r.status_code, shown(r)) for question, r in said_of.items()} == {
        question: (400, set()) for question in QUESTIONS
    }


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_found_by_the_admins_autocomplete(role, office, client_of):
    """It is not there: a form of ours asks by a search that knows what each may see."""
    client = client_of(role)
    for model, fields in (
        ("residency", ("person", "apartment")),
        ("ownership", ("person",)),
        ("boardseat", ("person",)),
    ):
        for field in fields:
            facts = {"app_label": "registers", "model_name": model, "field_name": field, "term": "Virtanen"}
            response = client.get("/admin/autocomplete/", facts)
            assert response.status_code == 404
            assert "Virtanen" not in response.content.decode()


def test_pages_of_the_office_take_wrong_parameters_without_fault(office, staff, client_of):
    client, wrong = everyone_of(staff, client_of), {}
    values = ("zzz", "²", "9" * 40, "2026-02-31")
    names = ("page", "p", "o", "q", "person", "apartment", "housing_company", "company", "building", "controller",
             "on", "since", "until", "from", "to", "day", "kind", "state", "status", "category", "user", "role",
             "format", "file", "year", "by", "row", "table", "purpose", "of", "sort", "text", "t")  # fmt: skip
    rows = rows_of("office", without=POST)
    urls = [address(name, office) for name, row in rows.items() if row.opens and row.answer == OPENS]
    for url in urls:
        for value in values:
            with transaction.atomic():
                status = client.get(f"{url}?{urlencode(dict.fromkeys(names, value))}").status_code
                transaction.set_rollback(True)
            if status not in {200, 302, 400, 404}:
                wrong[url, value] = status

    assert wrong == {}


@pytest.mark.parametrize("kind", ["exe", "csv", "../pdf", "", "PDF"])
def test_a_file_of_an_unknown_format_is_not_made(kind, office, client_of):
    from disclosures.models import Disclosure

    client = client_of("privacy_officer")
    url = reverse("admin:disclose", args=[office.company.pk, "board"])
    assert office.management

    response = client.post(url, {"file": kind if kind != "csv" else "docx", "reason": "meeting", "confirm": "1"})

    assert response.status_code == 422
    assert not Disclosure.objects.filter(channel="file").exists()
    for suffix in ("exe", "csv", "docx"):
        assert client.get(f"/admin/record/{office.management.pk}.{suffix}").status_code == 404
