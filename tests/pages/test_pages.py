"""What the office's pages do."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from registers.models import (
    AccessEntry,
    Apartment,
    BoardSeat,
    Building,
    Organisation,
    Ownership,
    Person,
    Residency,
    ShareRange,
)
from registers.services.people import correct_person
from tests.factories import ApartmentFactory, PersonFactory, ResidencyFactory, identity_code


@pytest.fixture
def manager(client_of):
    client = client_of("manager")
    client.cookies["django_language"] = "en"
    return client


def post(client, name, *args, **data):
    return client.post(reverse(f"admin:{name}", args=args), data)


def correct(client, person, **facts):
    """Open the form, as a person does, and send it back with `facts`."""
    shown = text_of(client.get(reverse("admin:person_correct", args=[person.pk])))
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    return post(client, "person_correct", person.pk, seen=seen, **facts)


def text_of(response) -> str:
    return response.content.decode()


def test_a_move_out_says_what_it_will_do_and_does_it_when_confirmed(office, manager):
    facts = {"on": "1.5.2026", "source": "phone", "street_address": "Uusikatu 1", "postal_code": "20100"}

    ResidencyFactory(apartment=office.apartment)
    asked = post(manager, "move_out", office.residency.pk, **facts)
    assert "Virtanen Aino moves out on 1.5.2026" in text_of(asked)
    assert "1 other resident stays." in text_of(asked)
    assert Residency.objects.get(pk=office.residency.pk).moved_out is None

    done = post(manager, "move_out", office.residency.pk, **facts, confirm="1")
    assert done.status_code == 302
    assert Residency.objects.get(pk=office.residency.pk).moved_out == date(2026, 5, 1)


def test_back_from_the_summary_keeps_what_was_typed(office, manager):
    response = post(manager, "move_out", office.residency.pk, on="1.5.2026", source="phone", back="1")

    assert 'value="1.5.2026"' in text_of(response)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"on": "31.2.2026", "source": "phone"}, "This is no date. Write it as day.month.year"),
        ({"on": "", "source": "phone"}, "This field is required."),
        ({"on": "1.5.3026", "source": "phone"}, "The year must be between 1850 and 2100."),
        ({"on": "1.5.2026", "source": "telepathy"}, "Select a valid choice."),
        ({"on": "1.5.2026", "source": "phone", "postal_code": "20"}, "A Finnish postal code has five digits."),
    ],
)
def test_bad_input_of_a_move_out_is_said_beside_its_field(facts, says, office, manager):
    response = post(manager, "move_out", office.residency.pk, **facts)

    assert response.status_code == 422
    assert says in text_of(response)
    assert Residency.objects.get(pk=office.residency.pk).moved_out is None


def test_a_move_out_before_the_move_in_is_said_beside_the_day(office, manager):
    response = post(manager, "move_out", office.residency.pk, on="1.5.2019", source="phone", confirm="1")

    assert response.status_code == 422
    assert "The move-out is before the move-in." in text_of(response)


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


def test_words_that_find_nobody_say_so(office, manager):
    response = post(manager, "move_in", person_words="olematon", search="x")

    assert "Nothing was found." in text_of(response)


@pytest.mark.parametrize("key", ["0", "999999", "abc", "-1", "1e9", "9" * 30])
def test_a_forged_choice_is_refused(key, office, manager):
    facts = {"person": key, "apartment": office.apartment.pk, "on": "2026-06-01", "role": "tenant", "source": "form"}

    assert post(manager, "move_in", **facts, confirm="1").status_code == 422
    assert (
        post(manager, "transfer", office.group.pk, first="p" + key, first_fraction="1/1", on="1.1.2026").status_code
        == 422
    )


def test_shares_are_transferred_in_two_steps(office, manager):
    buyer = PersonFactory(last_name="Ostaja")
    facts = {
        "ends": [office.ownership.pk],
        "first": f"p{buyer.pk}",
        "first_fraction": "1/2",
        "second": f"p{office.person.pk}",
        "second_fraction": "1/2",
        "on": "1.6.2026",
        "source": "official",
    }
    asked = post(manager, "transfer", office.group.pk, **facts)
    assert "owns 1/2 of share group A 12 from 1.6.2026" in text_of(asked)

    post(manager, "transfer", office.group.pk, **facts, confirm="1")
    assert list(Ownership.objects.order_by("pk").values_list("person", "owned_until")) == [
        (office.person.pk, date(2026, 6, 1)),
        (buyer.pk, None),
        (office.person.pk, None),
    ]


@pytest.mark.parametrize("fraction", ["0.66", "3/2", "0/1", "1/0", "x", "-1/2", "1/2/3"])
def test_a_fraction_is_written_as_one(fraction, office, manager):
    response = post(
        manager,
        "transfer",
        office.group.pk,
        first=f"p{office.person.pk}",
        first_fraction=fraction,
        on="1.6.2026",
        source="official",
    )

    assert response.status_code == 422


def test_a_board_member_is_seated_by_two_steps(office, manager):
    facts = {"person": office.person.pk, "role": "member", "term_from": "1.6.2030", "source": "company"}
    BoardSeat.objects.all()._raw_delete("default")

    assert "sits on the board" in text_of(post(manager, "seat", office.company.pk, **facts))
    post(manager, "seat", office.company.pk, **facts, confirm="1")

    assert BoardSeat.objects.get().term_from == date(2030, 6, 1)


def test_a_person_is_registered_and_corrected(office, manager):
    facts = {"last_name": "Uusi", "first_names": "Ulla", "phone": "040 123 4567", "language": "sv", "source": "form"}
    post(manager, "person_new", **facts)
    person = Person.objects.get(last_name="Uusi")
    assert (person.phone, person.source) == ("+358401234567", "form")

    correct(manager, person, **(facts | {"email": "ULLA@example.com", "source": "email"}))
    person.refresh_from_db()
    assert (person.email, person.source_of("email")[0], person.source_of("phone")[0]) == (
        "ulla@example.com",
        "email",
        "form",
    )


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
    assert AccessEntry.objects.get().reason == "vuokrasopimus"


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


@pytest.mark.parametrize(
    "table",
    [
        "person",
        "residency",
        "boardseat",
        "housingcompany",
        "building",
        "apartment",
        "organisation",
        "sharegroup",
        "ownership",
    ],
)
def test_lists_find_and_filter_without_faults(table, office, manager):
    url = reverse(f"admin:registers_{table}_changelist")
    for text in ("virtanen", "a 12", "rantatie", "1100", "%", "'\""):
        assert manager.post(url, {"q": text}, follow=True).status_code == 200
    for query in ("p=0", "p=99999", "o=1.-2", "q=unknown", "all="):
        assert manager.get(f"{url}?{query}", follow=True).status_code == 200
    assert manager.get(f"{url}?nothing=1", follow=True).status_code == 400


def test_shares_are_found_by_a_number_in_their_range(office, manager):
    url = reverse("admin:registers_sharegroup_changelist")

    assert "1001–1250" in text_of(manager.post(url, {"q": "1100"}, follow=True))
    assert "1001–1250" not in text_of(manager.post(url, {"q": "1251"}, follow=True))


PAGES_WITH_ROWS = [
    ("registers_person_changelist", ""),
    ("registers_residency_changelist", ""),
    ("registers_ownership_changelist", ""),
    ("registers_apartment_changelist", ""),
    ("accounts_auditentry_changelist", ""),
    ("index", ""),
    ("company", "company"),
    ("apartment", "apartment"),
]


@pytest.mark.parametrize(("name", "about"), PAGES_WITH_ROWS)
def test_the_number_of_queries_does_not_grow_with_rows(name, about, office, manager):
    url = reverse(f"admin:{name}", args=[getattr(office, about).pk] if about else [])

    def queries():
        with CaptureQueriesContext(connection) as context:
            assert manager.get(url).status_code == 200
        return len(context)

    queries()  # content types and rights are asked for once
    few = queries()
    for number in range(15):
        home = ApartmentFactory(building=office.building, staircase="C", number=number + 1)
        ResidencyFactory(apartment=home, moved_in=date.today())
        ResidencyFactory(apartment=office.apartment, moved_in=date(2022, 1, 1))
    assert queries() <= few + 1  # one more where an empty list asked nothing


def test_forms_write_in_the_name_of_the_user(office, manager):
    url = reverse("admin:registers_building_add")
    facts = {
        "housing_company": office.company.pk,
        "street_address": "Rantatie 7",
        "source": "company",
        "obtained_on": "2026-01-01",
    }
    assert manager.post(url, facts).status_code == 302

    building = Building.objects.get(street_address="Rantatie 7")
    entry = AuditEntry.objects.get(content_type__model="building", object_pk=str(building.pk))
    assert entry.actor_email.startswith("manager")


def test_a_double_apartment_is_refused_in_words(office, manager):
    facts = {
        "building": office.building.pk,
        "staircase": "a",
        "number": "12",
        "kind": "home",
        "source": "company",
        "obtained_on": "1.1.2026",
    }
    response = manager.post(reverse("admin:registers_apartment_add"), facts)

    assert response.status_code == 200
    assert "This building has an apartment with the same designation already." in text_of(response)
    assert Apartment.objects.count() == 1


def test_overlapping_share_numbers_are_refused_in_words(office, manager):
    facts = {
        "housing_company": office.company.pk,
        "name": "B 1",
        "source": "company",
        "obtained_on": "1.1.2026",
        "ranges-TOTAL_FORMS": "1",
        "ranges-INITIAL_FORMS": "0",
        "ranges-0-first": "1200",
        "ranges-0-last": "1300",
    }
    response = manager.post(reverse("admin:registers_sharegroup_add"), facts)

    assert response.status_code == 200
    assert "Some of these shares belong to another share group of the company." in text_of(response)
    assert ShareRange.objects.count() == 1


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

    assert list(AccessEntry.objects.values_list("kind", "person_key", "reason")) == [
        ("identified", office.person.pk, "document")
    ]
    assert "identity document seen" in text_of(manager.get(reverse("admin:person", args=[office.person.pk])))


def test_correcting_a_residency_into_an_overlap_is_refused_in_words(office, manager):
    later = ResidencyFactory(
        person=office.person, apartment=office.apartment, moved_in=date(2019, 1, 1), moved_out=date(2019, 6, 1)
    )
    facts = {
        "role": "owner",
        "moved_in": "1.1.2019",
        "moved_out": "1.6.2021",
        "source": "phone",
        "obtained_on": "1.1.2026",
    }
    response = manager.post(reverse("admin:registers_residency_change", args=[later.pk]), facts, follow=True)

    assert "The person lives in this apartment at that time already." in text_of(response)
    assert Residency.objects.get(pk=later.pk).moved_out == date(2019, 6, 1)


def test_a_newcomer_is_registered_on_the_way_to_moving_in(office, manager):
    url = f"{reverse('admin:person_new')}?apartment={office.apartment.pk}"
    response = manager.post(url, {"last_name": "Uusi", "language": "fi", "source": "form"})

    person = Person.objects.get(last_name="Uusi")
    assert response["Location"] == f"{reverse('admin:move_in')}?person={person.pk}&apartment={office.apartment.pk}"


def test_forms_bring_numbers_to_their_stored_form(office, manager):
    facts = {
        "kind": "company",
        "name": "Huolto Oy",
        "business_id": "",
        "phone": "040 123 4567",
        "source": "company",
        "obtained_on": "1.1.2026",
    }
    manager.post(reverse("admin:registers_organisation_add"), facts)

    assert list(Organisation.objects.values_list("phone", "business_id")) == [("+358401234567", None)]


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
        assert office.code[7:] not in text_of(answer)
    assert office.code[7:] not in str(dict(manager.session))


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


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("seat", {"role": "member", "term_from": "1.11.2026", "term_until": "1.1.2025", "source": "company"}),
        ("seat_end", {"on": "1.1.1990"}),
        ("company_end", {"on": "1.1.1990"}),
    ],
)
def test_an_end_before_the_start_is_said_beside_it(name, facts, office, manager):
    about = office.seat if name == "seat_end" else office.company
    if name == "seat":
        facts = facts | {"person": PersonFactory().pk}
    response = post(manager, name, about.pk, **facts)

    assert response.status_code == 422
    assert "The end is before the start." in text_of(response)


def test_what_would_be_refused_is_said_before_the_summary(office, manager):
    facts = {"person": PersonFactory().pk, "role": "chair", "term_from": "1.6.2026", "source": "company"}
    response = post(manager, "seat", office.company.pk, **facts)

    assert "The board has a chair at that time already." in text_of(response)


def test_the_rehearsal_before_the_summary_leaves_nothing(office, manager):
    trail = AuditEntry.objects.count()

    assert post(manager, "move_out", office.residency.pk, on="1.5.2026", source="phone").status_code == 200
    assert AuditEntry.objects.count() == trail


def test_residents_to_come_stand_apart(office, manager):
    ResidencyFactory(person=PersonFactory(last_name="Tuleva"), apartment=office.apartment, moved_in=date(2090, 1, 1))

    text = text_of(manager.get(reverse("admin:apartment", args=[office.apartment.pk])))

    assert text.index("Virtanen Aino") < text.index("<h3>Moving in</h3>") < text.index("Tuleva")


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
