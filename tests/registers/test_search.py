"""The search over everything."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registers.queries.search import search, split_designation
from tests.factories import (
    ApartmentFactory,
    BuildingFactory,
    HousingCompanyFactory,
    OrganisationFactory,
    OwnershipFactory,
    PersonFactory,
    ProtectedPersonFactory,
    ResidencyFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(staff):
    return staff("manager")


@pytest.fixture
def home():
    company = HousingCompanyFactory(name="As Oy Kaislaranta")
    building = BuildingFactory(housing_company=company, street_address="Mannerheimintie 5")
    return ApartmentFactory(building=building, staircase="A", number=12)


def people(text, user):
    return [person.last_name for person in search(text, user).people]


@pytest.mark.parametrize("text", ["hämäläinen", "HAMAL", "matti hämä", "hämäläinen juhani", "juh  ham"])
def test_a_person_is_found_by_the_beginnings_of_names(text, manager):
    PersonFactory(last_name="Hämäläinen", first_names="Matti Juhani")
    PersonFactory(last_name="Korhonen", first_names="Matti")

    assert people(text, manager) == ["Hämäläinen"]


@pytest.mark.parametrize("text", ["virtanen a 12", "Virtanen A12", "virtanen as 12"])
def test_a_name_and_a_home_find_who_lives_there(text, manager, home):
    ResidencyFactory(person=PersonFactory(last_name="Virtanen", first_names="Aino"), apartment=home)
    PersonFactory(last_name="Virtanen", first_names="Muu")

    found = search(text, manager)

    assert [p.first_names for p in found.people] == ["Aino"]


def test_a_former_resident_is_found_and_shown_as_such(manager, home):
    person = PersonFactory(last_name="Entinen")
    ResidencyFactory(person=person, apartment=home, moved_in=date(2019, 1, 1), moved_out=date(2020, 1, 1))

    (found,) = search("entinen", manager).people

    assert (found.lives_here, [row.apartment for row in found.homes]) == (False, [home])


@pytest.mark.parametrize(
    "text", ["mannerheimintie 5", "mannerh 5", "mannerheimintie 5 a 12", "kaislaranta a 12", "A 12"]
)
def test_an_apartment_is_found_by_address_or_company(text, manager, home):
    assert search(text, manager).apartments == [home]


@pytest.mark.parametrize("text", ["040 123 4567", "+358401234567", "040-1234567", "0401234"])
def test_a_phone_number_finds_its_person(text, manager):
    PersonFactory(last_name="Soittaja", phone="+358401234567")
    PersonFactory(last_name="Muu", phone="+358409999999")

    assert people(text, manager) == ["Soittaja"]


@pytest.mark.parametrize("text", ["aino@example.com", "AINO@", "aino@exa"])
def test_an_email_address_finds_its_person(text, manager):
    PersonFactory(last_name="Postittaja", email="aino@example.com")

    assert people(text, manager) == ["Postittaja"]


def test_a_business_id_and_a_name_find_companies_and_organisations(manager):
    company = HousingCompanyFactory(name="As Oy Kuusikko")
    organisation = OrganisationFactory(name="Kuusisto Oy")

    assert search(company.business_id, manager).companies == [company]
    found = search("kuusi", manager)
    assert (found.companies, found.organisations) == ([company], [organisation])


@pytest.mark.parametrize(
    "text", ["", " ", "a", "%", "'; drop table", "\\", "()", "a & | !", ":*", "\x00", "ä" * 200, "12345678901234567890"]
)
def test_no_text_breaks_the_search(text, manager):
    PersonFactory()

    assert isinstance(search(text, manager).people, list)


def test_names_find_a_protected_person_without_home_or_contact(manager, home):
    person = ProtectedPersonFactory(last_name="Salainen")
    ResidencyFactory(person=person, apartment=home)
    OwnershipFactory(person=person)

    (found,) = search("salainen", manager).people

    assert (found.homes, found.owns, found.shown_phone, found.shown_email) == ([], [], "", "")


@pytest.mark.parametrize("question", ["salainen a 12", "{email}", "{phone}"])
def test_an_address_does_not_betray_a_protected_person(question, manager, home, staff):
    person = ProtectedPersonFactory(last_name="Salainen")
    ResidencyFactory(person=person, apartment=home)
    text = question.format(email=person.email, phone=person.phone)

    assert people(text, staff("privacy_officer")) == ["Salainen"]
    assert people(text, manager) == []


@pytest.mark.parametrize(
    ("text", "name", "designation"),
    [
        ("virtanen a 12", "virtanen", "A 12"),
        ("virtanen", "virtanen", None),
        ("b2c", "", "B 2 c"),
        ("mannerheimintie 5", "mannerheimintie 5", None),
        ("mannerheimintie 5 b 2", "mannerheimintie 5", "B 2"),
    ],
)
def test_a_home_at_the_end_is_told_from_the_words_before(text, name, designation):
    words, found = split_designation(text)

    assert (words, found and found.text) == (name, designation)


def test_the_number_of_queries_does_not_grow_with_the_results(manager, home):
    def queries():
        with CaptureQueriesContext(connection) as context:
            search("matti", manager)
        return len(context)

    ResidencyFactory(person=PersonFactory(first_names="Matti"), apartment=home)
    search("matti", manager)  # the user's rights are asked for once
    one = queries()
    for _n in range(15):
        ResidencyFactory(person=PersonFactory(first_names="Matti"), apartment=home)

    assert queries() == one
