"""After a management contract, in the office: the registers go back, their receipt, the end, the certificate."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import Program, acting
from consent.models import Purpose
from disclosures.fields import HOUSE
from disclosures.models import Disclosure, DisclosureRequest
from registers.models import BoardSeat, HousingCompany
from registers.services.companies import end_management
from retention.end_certificates import seal_of
from retention.models import ManagementEnd
from retention.services.planning import plan_sweep
from retention.services.sweeping import run_sweep, start_sweep
from tests.factories import ResidencyFactory
from tests.pages.browsing import post, text_of
from tests.pages.test_retention_certificates import pdf_text

pytestmark = pytest.mark.django_db
BY = Program("tests")


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def ended(office):
    """The contract ended a hundred days ago; nobody in the house is protected."""
    assert office.management
    with acting(BY):
        office.protected_residency.delete()
    ends(office, 100)
    return office


def ends(office, days):
    end_management(housing_company=office.company, on=timezone.localdate() - timedelta(days=days), by=BY)
    office.company.refresh_from_db()


def filled(office, **changes):
    today = timezone.localdate()
    seat = BoardSeat.objects.get(housing_company=office.company)
    return {
        "recipient_words": "",
        "outside_name": "Seuraava Isännöinti Oy",
        "instructed_by": seat.pk,
        "instructed_on": today.isoformat(),
        "instruction": "minutes 4/2026",
        "ground": "GDPR Art. 28(3)(g)",
        "purpose": Purpose.objects.get(controller=office.management, code="accountability").pk,
        "fields_wanted": [name for name in HOUSE if name != "identity_code"],
    } | changes


def company_text(client, office):
    return text_of(client.get(reverse("admin:company", args=[office.company.pk])))


def desk_text(client):
    return text_of(client.get(reverse("admin:index")))


def taken_package(client, office):
    response = post(client, "return_registers", office.company.pk, **filled(office, confirm="1"))
    assert response.status_code == 302
    record = Disclosure.objects.get(kind="successor")
    return record, post(client, "disclosure_take", record.pk).content


def test_a_company_under_contract_shows_no_end(office, manager):
    assert "End of the management contract" not in company_text(manager, office)


def test_from_the_end_to_the_certificate(ended, manager, officer):
    assert "return the registers" not in desk_text(manager)
    assert "erasure waits for it" in desk_text(manager)
    assert "nothing kept for this housing company is erased until they are" in company_text(manager, ended)
    asked = text_of(post(manager, "return_registers", ended.company.pk, **filled(ended)))
    assert "All registers of As Oy Kaislaranta are made as one file (ZIP)." in asked
    assert "It goes to: Seuraava Isännöinti Oy." in asked
    assert "It is about 1 person." in asked
    assert not Disclosure.objects.exists()

    record, content = taken_package(manager, ended)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"Virtanen" in archive.read("registers.json")
    assert "board seat" in text_of(manager.get(reverse("admin:disclosure", args=[record.pk])))

    today = timezone.localdate().isoformat()
    said = {"package": record.pk, "on": today, "how": "secure mail 12"}
    assert "were handed over on" in text_of(post(manager, "management_hand_over", ended.company.pk, **said))
    assert not ManagementEnd.objects.exists()
    post(manager, "management_hand_over", ended.company.pk, **said, confirm="1")
    assert "secure mail 12" in company_text(manager, ended)
    assert "The receipt has not been confirmed yet" in company_text(manager, ended)
    post(manager, "management_received", ended.company.pk, on=today, document="letter 5")
    assert "letter 5" in company_text(manager, ended)
    assert "erasure waits" not in desk_text(manager)
    assert "still kept" in text_of(
        manager.post(reverse("admin:management_certify", args=[ended.company.pk]), follow=True)
    )

    run_sweep(start_sweep(sweep=plan_sweep(on=timezone.localdate(), by=BY), by=BY).pk)
    assert "everything is erased, make the certificate" in desk_text(manager)
    assert "nothing of a person is kept for it any more" in company_text(manager, ended)
    post(manager, "management_certify", ended.company.pk)

    end = ManagementEnd.objects.get()
    text = pdf_text(officer, "management_certificate", end.pk)
    assert "As Oy Kaislaranta" in text
    assert "The registers were returned" in text
    assert record.artefact_sha256 in text.replace(" ", "")
    assert seal_of(end) in text.replace(" ", "")
    assert "1 person with everything" in text
    assert "Virtanen" not in text
    assert "make the certificate" not in desk_text(manager)


def test_the_hash_of_a_certificate_is_checked(office, officer):
    end = office.management_end
    check = reverse("admin:certificate_verify")

    assert "is genuine" in text_of(officer.get(check, {"management_end": end.pk, "seal": seal_of(end)}))
    assert "does not match" in text_of(officer.get(check, {"management_end": end.pk, "seal": "0" * 64}))
    assert "no certificate" in text_of(officer.get(check, {"management_end": end.pk + 1, "seal": seal_of(end)}))
    assert officer.get(check, {"seal": seal_of(end)}).status_code == 422
    both = {"erasure": 1, "management_end": end.pk, "seal": seal_of(end)}
    assert officer.get(check, both).status_code == 422


def test_a_company_wants_nothing_back(ended, manager):
    assert post(manager, "management_nothing_wanted", ended.company.pk, because="").status_code == 422
    said = {"because": "dissolved, decision 3"}
    assert "Nobody has a copy then." in text_of(post(manager, "management_nothing_wanted", ended.company.pk, **said))

    post(manager, "management_nothing_wanted", ended.company.pk, **said, confirm="1")

    assert "dissolved, decision 3" in company_text(manager, ended)
    assert "erasure waits" not in desk_text(manager)
    again = post(manager, "management_nothing_wanted", ended.company.pk, **said, confirm="1")
    assert again.status_code == 422
    assert "recorded already" in text_of(again)


@pytest.mark.parametrize(("days", "is_late"), [(10, False), (31, True)])
def test_the_desk_says_until_when_the_registers_go_back(office, manager, days, is_late):
    ends(office, days)

    text = desk_text(manager)

    assert "As Oy Kaislaranta: return the registers by" in text
    assert (">late<" in text) == is_late


def test_a_contract_that_has_no_end_is_said_above_the_form(office, manager):
    with acting(BY):
        office.protected_residency.delete()

    response = post(manager, "return_registers", office.company.pk, **filled(office))

    assert response.status_code == 422
    assert "no end within 60 days" in text_of(response)


@pytest.mark.parametrize("name", ["outside_name", "instruction", "instructed_by", "instructed_on"])
def test_what_is_missing_is_said_beside_its_field(ended, manager, name):
    response = post(manager, "return_registers", ended.company.pk, **filled(ended, **{name: ""}))

    assert response.status_code == 422
    assert response.context["form"].errors[name]


def test_with_somebody_protected_two_persons_approve_first(office, client_of, staff, manager, officer):
    assert office.management
    ends(office, 5)
    refused = post(manager, "return_registers", office.company.pk, **filled(office, why="whole", confirm="1"))
    assert "ask the privacy officer" in text_of(refused)

    asked = text_of(post(officer, "return_registers", office.company.pk, **filled(office, why="whole")))
    assert "Two persons are asked to approve it, as 1 person in them is protected or restricted." in asked
    post(officer, "return_registers", office.company.pk, **filled(office, why="whole", confirm="1"))
    request = DisclosureRequest.objects.get()
    page = text_of(manager.get(reverse("admin:disclosure_request", args=[request.pk])))
    assert "everybody in the registers of the housing company" in page
    assert "As Oy Kaislaranta" in page
    assert "Salainen" not in page
    assert "As Oy Kaislaranta" in text_of(manager.get(reverse("admin:disclosure_requests")))
    for client in (manager, client_of("manager")):
        post(client, "disclosure_request_word", request.pk, word="approve")

    post(officer, "disclosure_request_release", request.pk)

    record = Disclosure.objects.get(kind="successor")
    content = post(officer, "disclosure_take", record.pk).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b'"non_disclosure":true' in archive.read("registers.json")
    assert record.about.filter(person_key=office.protected.pk).exists()


def test_the_desk_takes_the_same_queries_for_many_companies(ended, manager):
    desk_text(manager)
    with CaptureQueriesContext(connection) as one:
        desk_text(manager)
    for _number in range(8):
        ResidencyFactory()
    HousingCompany.objects.update(managed_until=timezone.localdate() - timedelta(days=40))

    with CaptureQueriesContext(connection) as many:
        text = desk_text(manager)

    assert len(many) == len(one)
    assert text.count(">late<") == 5
    assert "More housing companies wait for their registers or certificates" in text
