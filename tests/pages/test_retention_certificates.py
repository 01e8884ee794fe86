"""Certificates of erasures: what they say, that they name nobody, and that their hash can be checked again."""

import io

import pytest
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader

from accounts.acting import Program
from retention.certificates import facts_of, matches, seal_of
from retention.models import ErasureRecord, Sweep
from retention.services.planning import plan_sweep
from tests.pages.browsing import text_of

pytestmark = pytest.mark.django_db
VALUES = ("Entinen", "Eero", "entinen@example.com", "+358405550999", "office.example")


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


def pdf_text(client, name, *args) -> str:
    response = client.get(reverse(f"admin:{name}", args=args))
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def checked(client, **said) -> str:
    response = client.get(reverse("admin:certificate_verify"), said)
    return text_of(response)


def test_a_certificate_says_what_ended_why_and_how_it_was_verified(office, officer):
    text = pdf_text(officer, "sweep_certificate", office.sweep.pk)

    assert f"Certificate of erasure {office.sweep.pk}" in text
    assert "1 person with everything" in text
    assert "Residencies 1" in text
    assert "moving out" in text
    assert "728/2003" in text
    assert "statute" in text
    assert "our default" in text
    assert "Nothing was found." in text
    assert seal_of(facts_of(office.sweep)) in text
    assert office.sweep.head.split()[1] in text


def test_it_claims_nothing_that_was_not_done_on_disk(office, officer):
    assert "have not been written anew yet" in pdf_text(officer, "sweep_certificate", office.sweep.pk)

    said = {"tables": {"registers_person": 0.1, "registers_residency": None}, "statistics": None, "checkpoint": 0.1}
    Sweep.objects.filter(pk=office.sweep.pk).update(rewriting=said)

    text = pdf_text(officer, "sweep_certificate", office.sweep.pk)
    assert "Written anew: People." in text
    assert "Not written anew: Residencies, samples of values" in text
    assert "write-ahead log and backups are not touched" in text


def test_a_persons_certificate_is_by_key(office, officer):
    key = office.erased_key

    text = pdf_text(officer, "person_certificate", office.sweep.pk, key)

    assert f"Certificate of erasure {office.sweep.pk}/{key}" in text
    assert "Everything that was held about the person" in text
    assert seal_of(facts_of(office.sweep, key)) in text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_no_certificate_names_anybody_in_any_language(office, client_of, language):
    assert office.sweep
    client = client_of("privacy_officer")
    client.cookies["django_language"] = language

    whole = pdf_text(client, "sweep_certificate", office.sweep.pk)
    own = pdf_text(client, "person_certificate", office.sweep.pk, office.erased_key)

    assert "728/2003" in whole
    for value in VALUES:
        assert value not in whole + own


def test_there_is_none_before_the_end_and_none_of_who_was_not_erased(office, officer):
    assert office.sweep
    sweep = plan_sweep(on=office.sweep.on, by=Program("tests"))

    for args in ([sweep.pk], [999999]):
        assert officer.get(reverse("admin:sweep_certificate", args=args)).status_code == 404
    url = reverse("admin:person_certificate", args=[office.sweep.pk, office.person.pk])
    assert officer.get(url).status_code == 404


def test_the_hash_of_a_certificate_is_computed_again(office, officer):
    seal = seal_of(facts_of(office.sweep))

    said = {"erasure": office.sweep.pk, "person": "", "seal": seal}
    assert "The certificate is genuine" in checked(officer, **said)
    assert "The certificate is genuine" in checked(officer, **said | {"seal": f" {seal[:32].upper()} {seal[32:]} "})
    changed = ("0" if seal[0] != "0" else "1") + seal[1:]
    assert "does not match" in checked(officer, **said | {"seal": changed})
    of_person = seal_of(facts_of(office.sweep, office.erased_key))
    assert "The certificate is genuine" in checked(officer, **said | {"person": office.erased_key, "seal": of_person})
    assert "does not match" in checked(officer, **said | {"seal": of_person})
    assert "no certificate of these numbers" in checked(officer, **said | {"erasure": 999999})
    assert "no certificate of these numbers" in checked(officer, **said | {"person": office.person.pk})
    assert "64 characters" in checked(officer, **said | {"seal": "abc"})


def test_tables_written_anew_on_a_later_night_change_no_hash(office):
    before = seal_of(facts_of(office.sweep))

    Sweep.objects.filter(pk=office.sweep.pk).update(rewriting={"tables": {"registers_person": 0.1}})

    assert matches(before, facts_of(Sweep.objects.get(pk=office.sweep.pk)))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE retention_sweep SET counts = '{}'",
        "UPDATE retention_sweep SET verification = '{}'",
        "UPDATE retention_sweep SET done_at = done_at + interval '1 second'",
        "UPDATE retention_sweepbatch SET digest = sha256('x')",
        "UPDATE retention_sweep SET rules = '{}'",
    ],
)
def test_a_row_behind_it_that_is_changed_shows(office, change):
    before = seal_of(facts_of(office.sweep))
    with connection.cursor() as cursor:
        cursor.execute(change)

    assert not matches(before, facts_of(Sweep.objects.get(pk=office.sweep.pk)))


def test_what_has_ended_is_found_by_key(office, officer):
    key = office.erased_key

    shown = text_of(officer.get(reverse("admin:erased"), {"key": key}))

    assert "Everything" in shown
    assert reverse("admin:person_certificate", args=[office.sweep.pk, key]) in shown
    assert reverse("admin:sweep", args=[office.sweep.pk]) in shown
    assert "Nothing has ended under this key." in text_of(
        officer.get(reverse("admin:erased"), {"key": office.person.pk})
    )
    assert officer.get(reverse("admin:person", args=[key])).status_code == 404


@pytest.mark.parametrize(("key", "status"), [("", 200), ("x", 422), ("-1", 422), ("9" * 30, 422), ("\u0661", 422)])
def test_a_key_that_is_none_is_no_harm(office, officer, key, status):
    response = officer.get(reverse("admin:erased"), {"key": key})

    assert response.status_code in (200, status)
    assert ErasureRecord.objects.count() == 0
