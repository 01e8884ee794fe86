"""Moving, selling, seating, registering: what the office's pages do."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from registers.models import (
    Apartment,
    BoardSeat,
    Building,
    Organisation,
    Ownership,
    Person,
    Residency,
    ShareRange,
)
from tests.factories import ApartmentFactory, PersonFactory, ResidencyFactory
from tests.pages.browsing import correct, post, text_of


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
