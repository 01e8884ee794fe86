"""A non-disclosure order hides home and contact on every page, from everybody without the right to see them."""

import pytest
from django.urls import reverse

from registers.models import BoardSeat, Ownership
from tests.factories import BoardSeatFactory, OwnershipFactory, ShareGroupFactory


@pytest.fixture
def pages(office):
    """Every page that could tell of the protected person, their home or their contact data."""
    person = office.protected
    group = ShareGroupFactory(housing_company=office.company, name="A 13", apartment=office.apartment)
    OwnershipFactory(person=person, share_group=group)
    BoardSeatFactory(person=person, housing_company=office.company)
    return {
        "person": reverse("admin:person", args=[person.pk]),
        "apartment": reverse("admin:apartment", args=[office.apartment.pk]),
        "company": reverse("admin:company", args=[office.company.pk]),
        "desk": reverse("admin:index"),
        "people": reverse("admin:registers_person_changelist"),
        "residencies": reverse("admin:registers_residency_changelist"),
        "ownerships": reverse("admin:registers_ownership_changelist"),
        "board": reverse("admin:registers_boardseat_changelist"),
        "trail": reverse("admin:accounts_auditentry_changelist"),
    }


def secrets(office):
    person = office.protected
    return [person.email, person.phone, person.street_address, "+358 40 700"]


def test_the_privacy_officer_sees_them(pages, office, client_of):
    client = client_of("privacy_officer")
    seen = {name: client.get(url).content.decode() for name, url in pages.items()}

    assert office.protected.email in seen["person"]
    assert "Rantatie 5 A 12" in seen["person"]
    for name in ("apartment", "company", "people", "residencies", "ownerships", "board"):
        assert "Salainen" in seen[name], name


@pytest.mark.parametrize("role", ["manager", "customer_service", "accountant", "administrator"])
def test_nobody_else_does(role, pages, office, client_of):
    client = client_of(role)
    for name, url in pages.items():
        response = client.get(url)
        if response.status_code == 403:
            continue
        text = response.content.decode()
        for secret in secrets(office):
            assert secret not in text, (name, secret)
        if name not in {"person", "people"}:
            assert "Salainen" not in text, name
    assert "Rantatie" not in client.get(pages["person"]).content.decode()


def test_the_home_shows_that_somebody_protected_lives_there(pages, client_of):
    text = client_of("manager").get(pages["apartment"]).content.decode()

    assert "Virtanen Aino" in text
    assert "Tietoja ei näytetä sinulle" in text or "Not shown to you" in text
    assert 'class="badge warn"' not in text


@pytest.mark.parametrize("name", ["person_correct", "person_merge", "identity_code", "identity_code_store"])
def test_managers_cannot_open_what_they_may_not_handle(name, office, client_of):
    assert client_of("manager").get(reverse(f"admin:{name}", args=[office.protected.pk])).status_code == 403


def test_forms_of_a_protected_persons_rows_are_not_found(pages, office, client_of):
    client = client_of("manager")
    rows = [
        ("registers_residency_change", office.protected_residency),
        ("registers_ownership_change", Ownership.objects.get(person=office.protected)),
        ("registers_boardseat_change", BoardSeat.objects.get(person=office.protected)),
    ]

    assert client.get(reverse("admin:move_out", args=[office.protected_residency.pk])).status_code == 404
    for name, row in rows:
        assert client.get(reverse(f"admin:{name}", args=[row.pk])).status_code == 302  # back to the desk, "not found"


@pytest.mark.parametrize(
    "lookup",
    [
        "email__startswith=p",
        "phone__gt=0",
        "street_address__contains=Sala",
        "words__begin=sal",
        "residencies__apartment=1",
    ],
)
def test_lists_answer_no_free_questions(lookup, office, client_of):
    url = reverse("admin:registers_person_changelist")

    assert client_of("manager").get(f"{url}?{lookup}").status_code == 400


def test_a_search_by_home_or_phone_does_not_betray_them(office, client_of):
    def found(role, text):
        response = client_of(role).post(reverse("admin:search"), {"text": text}, follow=True)
        return "Salainen" in response.content.decode().replace(f'value="{text}"', "")

    for text in ("salainen a 12", office.protected.phone, office.protected.email):
        assert found("privacy_officer", text)
        assert not found("manager", text)


def test_moving_somebody_in_offers_a_protected_person_without_their_home(office, client_of):
    response = client_of("manager").post(
        reverse("admin:move_in"), {"person_words": "salainen", "search": "person_words"}
    )
    text = response.content.decode()

    assert "Salainen Saara" in text
    assert "Kaislaranta" not in text


def test_choosing_a_protected_person_is_refused_beside_the_choice(office, client_of):
    client = client_of("manager")
    client.cookies["django_language"] = "en"
    facts = {
        "person": office.protected.pk,
        "apartment": office.apartment.pk,
        "on": "2026-06-01",
        "role": "tenant",
        "source": "form",
    }
    response = client.post(reverse("admin:move_in"), facts)

    assert response.status_code == 422
    assert "This person is under a non-disclosure order" in response.content.decode()


def test_those_who_may_see_them_are_warned_wherever_they_are_named(pages, client_of):
    client = client_of("privacy_officer")

    for name in ("apartment", "company", "people", "residencies", "ownerships", "board"):
        assert 'class="badge warn"' in client.get(pages[name]).content.decode(), name
