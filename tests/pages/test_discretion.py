"""What the office's pages keep to themselves, and what they remember."""

import re
from datetime import date

import pytest
from django.urls import reverse

from registers.models import (
    AccessEntry,
    Person,
    Residency,
)
from registers.services.people import correct_person
from tests.factories import ApartmentFactory, PersonFactory, identity_code
from tests.pages.browsing import correct, post, text_of


def test_a_person_is_searched_for_chosen_and_moved_in(office, manager):
    PersonFactory(last_name="Tulija", first_names="Tuomas")
    home = ApartmentFactory(building=office.building, staircase="B", number=3)
    person = Person.objects.get(last_name="Tulija")

    searched = post(manager, "move_in", person_words="tulija", apartment_words="rantatie 5 b 3", search="x")
    assert f'value="{person.pk}"' in text_of(searched)
    assert "This field is required" not in text_of(searched)

    facts = {"person": person.pk, "apartment": home.pk, "on": "2026-06-01", "role": "tenant", "source": "form"}
    asked = post(manager, "move_in", **facts)
    assert "Tulija Tuomas moves in on 1.6.2026" in text_of(asked)
    assert post(manager, "move_in", **facts, confirm="1").status_code == 302

    row = Residency.objects.get(person=person)
    assert (row.apartment, row.moved_in, row.role, row.source) == (home, date(2026, 6, 1), "tenant", "form")


def test_the_history_shows_old_and_new_values(office, manager):
    facts = {
        "last_name": "Virtanen",
        "first_names": "Aino",
        "email": "uusi@example.com",
        "language": "fi",
        "source": "email",
    }
    correct(manager, office.person, **(facts | {"date_of_birth": "1.1.1980"}))

    text = text_of(manager.get(reverse("admin:person", args=[office.person.pk])))

    assert "<del>aino@example.com</del> → <ins>uusi@example.com</ins>" in text


def test_an_identity_code_is_masked_until_a_reason_is_given(office, manager):
    url = reverse("admin:person", args=[office.person.pk])
    assert office.code not in text_of(manager.get(url))

    assert office.code not in text_of(post(manager, "identity_code", office.person.pk, reason=""))
    shown = post(manager, "identity_code", office.person.pk, reason="vuokrasopimus")
    assert office.code in text_of(shown)
    assert "no-store" in shown["Cache-Control"]
    assert AccessEntry.objects.exclude(kind="opened").get().reason == "vuokrasopimus"


def test_an_identity_code_typed_into_the_search_leaves_no_copy(office, manager):
    response = manager.post(reverse("admin:search"), {"text": office.code})

    assert response["Location"] == reverse("admin:person", args=[office.person.pk])
    assert office.code not in str(dict(manager.session))
    assert AccessEntry.objects.get().kind == "searched"


def test_what_is_searched_for_is_in_no_address(office, manager):
    response = manager.post(reverse("admin:search"), {"text": "virtanen"})
    listed = manager.post(reverse("admin:registers_person_changelist"), {"q": "virtanen"})

    assert "virtanen" not in response["Location"] + listed["Location"]
    assert "Virtanen Aino" in text_of(manager.get(response["Location"]))
    assert "Virtanen Aino" in text_of(manager.get(listed["Location"]))


def test_a_search_of_another_session_is_nobodys(office, manager, client_of):
    response = manager.post(reverse("admin:search"), {"text": "virtanen"})

    assert "Virtanen Aino" not in text_of(client_of("manager").get(response["Location"]))


def test_the_inventory_counts_the_rows(office, manager):
    text = text_of(manager.get(reverse("admin:inventory")))

    assert "Personal identity code" in text
    assert '<td class="number">2</td>' in text


def test_a_page_that_is_not_there_says_so(office, manager):
    assert manager.get("/admin/person/999999/").status_code == 404
    assert manager.get("/nothing/").status_code == 404


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_speaks_the_chosen_language(language, office, client_of):
    client = client_of("manager")
    client.post("/language/setlang/", {"language": language})

    assert f'<html lang="{language}">' in text_of(client.get(reverse("admin:index")))


def test_an_identification_at_the_desk_is_logged(office, manager):
    assert post(manager, "identify", office.person.pk, means="guess").status_code == 422
    post(manager, "identify", office.person.pk, means="document")

    identified = AccessEntry.objects.exclude(kind="opened")  # the form that was shown again
    assert list(identified.values_list("kind", "person_key", "reason")) == [
        ("identified", office.person.pk, "document")
    ]
    assert "identity document seen" in text_of(manager.get(reverse("admin:person", args=[office.person.pk])))


@pytest.mark.parametrize(
    "query", ["person=²", "apartment=²", "person=99999999999999999999", "housing_company=x", "building=²"]
)
def test_no_address_gives_a_fault(query, office, manager):
    for name in (
        "move_in",
        "person_new",
        "registers_sharegroup_add",
        "registers_apartment_add",
        "registers_person_changelist",
    ):
        assert manager.get(f"{reverse(f'admin:{name}')}?{query}").status_code in {200, 302, 400}


def test_a_correction_does_not_overwrite_what_somebody_else_changed_meanwhile(office, manager, by):
    shown = text_of(manager.get(reverse("admin:person_correct", args=[office.person.pk])))
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    correct_person(person=office.person, changes={"phone": "+358401234567"}, source="phone", by=by)

    facts = {"last_name": "Virtanen", "first_names": "Aino", "language": "fi", "source": "email", "seen": seen}
    response = post(manager, "person_correct", office.person.pk, **facts)

    assert "Somebody else has changed these details meanwhile." in text_of(response)
    assert Person.objects.get(pk=office.person.pk).phone == "+358401234567"


def test_a_namesake_is_shown_before_a_person_is_registered_twice(office, manager):
    facts = {
        "last_name": "virtanen",
        "first_names": "AINO",
        "date_of_birth": "1.1.1980",
        "language": "fi",
        "source": "form",
    }
    asked = post(manager, "person_new", **facts)
    assert "Is it one of these?" in text_of(asked)
    assert Person.objects.filter(last_name__iexact="virtanen").count() == 1

    post(manager, "person_new", **facts, anyway="1")
    assert Person.objects.filter(last_name__iexact="virtanen").count() == 2


# Numbers of forms and secrets of sessions: in some of them any four characters stand.
RANDOM = re.compile(r"\b[0-9A-Za-z_-]{22,}")
SPELLINGS = ["{code}", "hetu {code}", "{code} virtanen", "{start} -{end}", "{start}–{end}"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_identity_code_in_any_search_is_neither_kept_nor_shown_again(spelling, office, manager):
    text = spelling.format(code=office.code, start=office.code[:6], end=office.code[7:])
    answers = [
        manager.post(reverse("admin:search"), {"text": text}, follow=True),
        manager.post(reverse("admin:registers_person_changelist"), {"q": text}, follow=True),
        post(manager, "move_in", person_words=text, search="x"),
    ]

    for answer in answers:
        assert office.code[7:] not in RANDOM.sub("", text_of(answer))
    assert "Identity codes are searched for in the box at the top alone." in text_of(answers[2])
    assert office.code[7:] not in RANDOM.sub("", str(dict(manager.session)))


def test_a_refused_identity_code_is_not_in_the_answer(office, manager):
    code = identity_code(date(1990, 5, 5))
    response = post(manager, "identity_code_store", office.person.pk, code=code, ground="", source="phone")

    assert response.status_code == 422
    assert code not in text_of(response)


@pytest.mark.parametrize("field", ["last_name", "first_names", "street_address", "post_office"])
def test_free_text_takes_no_identity_code(field, office, manager):
    facts = {"last_name": "Uusi", "language": "fi", "source": "form", field: f"Testi {office.code}"}
    response = post(manager, "person_new", **facts)

    assert "This looks like a personal identity code." in text_of(response)
    assert not Person.objects.filter(last_name="Uusi").exists()


def test_the_history_of_one_row_is_of_that_row(office, manager):
    url = reverse("admin:registers_housingcompany_history", args=[office.company.pk])
    text = text_of(manager.get(url, follow=True))

    assert "1 row" in text


def test_a_page_from_before_signing_in_again_says_so(office, staff):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(staff("manager"), "accounts.backends.StaffBackend")
    client.cookies["django_language"] = "en"
    response = client.post(reverse("admin:search"), {"text": "virtanen"})

    assert response.status_code == 403
    assert "The page was out of date" in text_of(response)


def test_a_nul_character_is_refused(office, manager):
    assert manager.get(reverse("admin:registers_person_changelist") + "?language__exact=%00").status_code == 400


def test_messages_do_not_travel_in_cookies(office, manager):
    post(manager, "move_out", office.residency.pk, on="1.5.2026", source="phone", confirm="1")

    assert "messages" not in manager.cookies
