"""The person fetches a package: by its link and a code, or on the page of the request; once."""

import hashlib

import pytest
from django.urls import reverse

from portal.views.handing import waits
from registers.models import Person
from rights.models import Package
from rights.services.packages import hand_over
from tests.factories import PersonFactory
from tests.mail.letters import letters
from tests.portal.conftest import account_of, client_for
from tests.rights.asking import give_code, mailed_code, visitor
from tests.rights.whole_person import built, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return visitor()


@pytest.fixture
def handed_over(house, prepare, officer):
    person = resident(house, "Liisa Maria", "Kallioinen", phone="+358405550101")
    package = built(prepare(person), officer)
    hand_over(package=package, way="link", by=officer)
    return package


def way() -> str:
    return "/request/open/" + letters()[-1].text.split("/request/open/")[1].split()[0]


def is_the_package(response, package) -> bool:
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="{package.request.reference}.zip"'
    return hashlib.sha256(response.content).hexdigest() == package.sha256


def test_the_link_and_its_code_hand_over_the_file_once(handed_over, client):
    link = way()
    assert client.get(link).status_code == 200
    client.post(link)

    assert is_the_package(client.post(link, {"code": mailed_code()}), handed_over)
    assert client.post(link).status_code == 410


def by_link(client, _case):
    link = way()
    client.post(link)
    return client.post(link, {"code": mailed_code(), "part": "pdf"})


def on_the_page(client, case):
    client.post(reverse("request_status"), {"reference": case.reference, "email": case.email.reveal()})
    give_code(client)
    return client.post(reverse("request_package"), {"part": "pdf"})


def on_own_pages(_client, case):
    person = Person.objects.get(pk=case.person_key)
    own = client_for(account_of(person))
    assert client_for(account_of(PersonFactory())).post(reverse("own_package", args=[case.pk])).status_code == 404
    return own.post(reverse("own_package", args=[case.pk]), {"part": "pdf"})


@pytest.mark.parametrize("fetches", [by_link, on_the_page, on_own_pages])
def test_the_document_alone_can_be_fetched_and_that_was_the_once(fetches, handed_over, client):
    file = fetches(client, handed_over.request)

    assert (file["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    assert file["Content-Disposition"] == f'attachment; filename="{handed_over.request.reference}.pdf"'
    assert Package.objects.get().fetched_at is not None
    assert not waits(handed_over.request)


def test_on_own_pages_the_whole_is_fetched_once(handed_over):
    own = client_for(account_of(Person.objects.get(pk=handed_over.request.person_key)))
    button = reverse("own_package", args=[handed_over.request_id])
    assert button in own.get(reverse("own_request", args=[handed_over.request_id])).content.decode()

    assert is_the_package(own.post(button), handed_over)
    assert own.post(button).status_code == 410


def test_a_new_link_to_a_package_that_was_fetched_refuses_politely(handed_over, client):
    link = way()
    client.post(link)
    client.post(link, {"code": mailed_code()})
    client.post(link, {"again": "1"})
    again = way()
    client.post(again)

    refused = client.post(again, {"code": mailed_code()})

    assert (refused.status_code, refused["Content-Type"]) == (410, "text/html; charset=utf-8")
    assert 'name="again"' not in refused.content.decode()  # another link would lead here again


def test_on_the_page_of_the_request_it_is_fetched_by_a_button_once(handed_over, client):
    case = handed_over.request
    client.post(reverse("request_status"), {"reference": case.reference, "email": case.email.reveal()})
    give_code(client)
    page = reverse("request_page")
    button = f'action="{reverse("request_package")}"'
    assert button in client.get(page).content.decode()

    assert is_the_package(client.post(reverse("request_package")), handed_over)
    assert button not in client.get(page).content.decode()
    assert client.post(reverse("request_package")).status_code == 410


def test_nobody_fetches_without_the_code(handed_over, client):
    assert client.post(reverse("request_package"))["Location"] == reverse("request_status")
    assert client.post(way(), {"code": "000000"}).status_code == 422
