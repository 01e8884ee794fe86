"""Processors and recipients: an agreement, a place, a review."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.acting import acting
from accounts.models import AuditEntry
from consent.models import Recipient, SubProcessor
from tests.consent.saying import BY, texts
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def made(management, **facts) -> Recipient:
    plain = {
        "recipient_class": "it",
        "service": texts("servers"),
        "categories": ["identity", "contact"],
        "agreement_on": date(2025, 1, 1),
        "review_on": date(2027, 1, 1),
        "organisation": facts.pop("organisation", None) or OrganisationFactory(),
    }
    with acting(BY):
        row = Recipient(controller=management, **plain | facts)
        row.full_clean()
        row.save()
    return row


@pytest.mark.parametrize("field", ["agreement_on", "review_on"])
def test_a_processor_has_an_agreement_and_a_review(management, field):
    with pytest.raises(ValidationError, match="needs an agreement"):
        made(management, **{field: None})


def test_the_database_says_the_same(management):
    row = made(management)

    with pytest.raises(IntegrityError, match="processor_has_an_agreement"), transaction.atomic():
        Recipient.objects.filter(pk=row.pk).update(agreement_on=None)
    with pytest.raises(IntegrityError, match="recipient_outside_rests"), transaction.atomic():
        Recipient.objects.filter(pk=row.pk).update(country="US")
    with pytest.raises(IntegrityError, match="country_in_two_letters"), transaction.atomic():
        Recipient.objects.filter(pk=row.pk).update(country="usa"[:2])


def test_an_independent_controller_needs_no_agreement(management):
    assert made(management, role="controller", agreement_on=None, review_on=None).pk


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"country": "US"}, "say on what the transfer rests"),
        ({"country": "US", "transfer": "clauses"}, "what safeguards"),
        ({"country": "Suomi"}, "two letters|at most 2"),
        ({"country": "1!"}, "two letters"),
        ({"service": {"fi": "vain"}}, "missing in: sv, en"),
        ({"categories": ["nonsense"]}, "not a valid choice"),
    ],
)
def test_a_place_outside_the_eea_names_its_ground(management, facts, says):
    with pytest.raises(ValidationError, match=says):
        made(management, **facts)


def test_norway_is_in_the_eea_and_switzerland_is_not(management):
    assert made(management, country="no").country == "NO"
    with pytest.raises(ValidationError):
        made(management, country="CH")


def test_a_sub_processor_follows_the_same_rules(management):
    sub = SubProcessor(recipient=made(management), name="Far Inc.", service="statistics", country="US")

    with pytest.raises(ValidationError, match="say on what the transfer rests"):
        sub.full_clean()


def test_changes_are_followed_without_the_file(management):
    row = made(management)
    with acting(BY):
        row.set_agreement(b"%PDF-1.7 secret terms")
        row.country = "SE"
        row.save()

    changes = AuditEntry.objects.filter(object_id=row.pk, content_type__model="recipient").order_by("-pk")[0].changes
    assert changes == {"country": ["FI", "SE"]}


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


def form(management, **facts):
    empty = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 30}
    return {
        "controller": management.pk,
        "organisation": "Esimerkkipalvelin Oy",
        "role": "processor",
        "recipient_class": "it",
        "service_fi": "palvelimet",
        "service_sv": "servrar",
        "service_en": "servers",
        "categories": ["identity"],
        "country": "FI",
        "transfer": "none",
        "safeguards": "",
        "agreement_on": "2025-01-01",
        "review_on": "2027-01-01",
        "ended_on": "",
        **{f"sub_processors-{name}": value for name, value in empty.items()},
    } | facts


ADD = "admin:consent_recipient_add"


def test_the_officer_adds_one_with_its_agreement(management, officer):
    from django.core.files.uploadedfile import SimpleUploadedFile

    OrganisationFactory(name="Esimerkkipalvelin Oy")
    file = SimpleUploadedFile("sopimus.pdf", b"%PDF-1.7 terms", content_type="application/pdf")

    response = officer.post(reverse(ADD), form(management, file=file))

    assert response.status_code == 302
    row = Recipient.objects.get()
    assert b"terms" not in row.agreement.token
    got = officer.get(reverse("admin:recipient_agreement", args=[row.pk]))
    assert (got.content, got["Content-Type"]) == (b"%PDF-1.7 terms", "application/pdf")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"organisation": "Tuntematon Oy"}, "No organisation has this name"),
        ({"service_sv": ""}, "missing in: sv"),
        ({"country": "US"}, "say on what the transfer rests"),
        ({"agreement_on": ""}, "needs an agreement"),
        ({"categories": []}, "required"),
    ],
)
def test_mistakes_are_named_and_nothing_is_saved(management, officer, facts, says):
    OrganisationFactory(name="Esimerkkipalvelin Oy")

    response = officer.post(reverse(ADD), form(management, **facts))

    assert response.status_code == 200
    assert says in response.content.decode()
    assert not Recipient.objects.exists()


def test_what_is_no_pdf_is_refused(management, officer):
    from django.core.files.uploadedfile import SimpleUploadedFile

    OrganisationFactory(name="Esimerkkipalvelin Oy")
    file = SimpleUploadedFile("sopimus.pdf", b"<script>alert(1)</script>", content_type="application/pdf")

    response = officer.post(reverse(ADD), form(management, file=file))

    assert "This is not a PDF file." in response.content.decode()
    assert not Recipient.objects.exists()


def test_namesakes_are_told_apart_by_the_business_id(management, officer):
    for business_id in ("1234567-1", "7654321-4"):
        OrganisationFactory(name="Esimerkkipalvelin Oy", business_id=business_id)

    refused = officer.post(reverse(ADD), form(management))
    assert "write the business ID" in refused.content.decode()

    officer.post(reverse(ADD), form(management, organisation="7654321-4"))
    assert Recipient.objects.get().organisation.business_id == "7654321-4"


def test_a_missing_agreement_and_an_unknown_one_are_not_found(management, officer):
    for key in (made(management).pk, 999_999):
        assert officer.get(reverse("admin:recipient_agreement", args=[key])).status_code == 404


def test_overdue_reviews_stand_on_the_desk_until_they_end(management, officer, house):
    row = made(management, review_on=date(2026, 1, 1))
    assert "1 review of a processor is overdue" in officer.get(reverse("admin:index")).content.decode()
    listed = officer.get(reverse("admin:consent_recipient_changelist") + "?state=review").content.decode()
    assert str(row.organisation) in listed

    with acting(BY):
        row.ended_on = date(2026, 2, 1)
        row.save()

    assert "is overdue" not in officer.get(reverse("admin:index")).content.decode()


def test_the_list_takes_the_same_queries_for_any_number(management, officer, django_assert_num_queries):
    made(management)
    url = reverse("admin:consent_recipient_changelist")
    officer.get(url)
    with django_assert_num_queries(7) as first:
        officer.get(url)
    for _ in range(20):
        made(management)
    with django_assert_num_queries(len(first)):
        officer.get(url)
