"""Who a row of a resident list is, and what it would change."""

from datetime import date

import pytest

from registers.models import Person, Residency
from tests.factories import (
    ApartmentFactory,
    BuildingFactory,
    HousingCompanyFactory,
    PersonFactory,
    ProtectedPersonFactory,
    ResidencyFactory,
)

from .flow import RESIDENTS, applied, changes, codes_of, imported, only, reviewed

pytestmark = pytest.mark.django_db
MATTI = ["A 1", "Virtanen", "Matti", "1.5.1980", "", "1.6.2020"]


@pytest.fixture
def company():
    return HousingCompanyFactory(street_address="Rantatie 5")


@pytest.fixture
def home(company):
    return ApartmentFactory(building=BuildingFactory(housing_company=company), staircase="A", number=1)


def matti(home, **fields):
    details = {"last_name": "Virtanen", "first_names": "Matti", "date_of_birth": date(1980, 5, 1)}
    person = PersonFactory(**(details | fields))
    return ResidencyFactory(person=person, apartment=home, moved_in=date(2020, 6, 1), role="other")


def test_an_empty_company_gets_building_apartments_people_and_homes(company):
    run = imported(company, RESIDENTS, MATTI, ["A 2", "Aalto", "Aino", "", "040 123 4567", ""])

    assert (run.state, run.counts["applied"], run.counts["new_apartments"]) == ("done", 2, 2)
    homes = Residency.objects.order_by("apartment__number")
    assert [(h.apartment.designation, h.person.full_name, h.moved_in, h.source) for h in homes] == [
        ("A 1", "Virtanen Matti", date(2020, 6, 1), "system"),
        ("A 2", "Aalto Aino", None, "system"),
    ]
    assert homes[0].apartment.building.street_address == "Rantatie 5"
    assert (homes[1].person.phone, homes[1].person.language) == ("+358401234567", "fi")


def test_the_same_file_again_changes_nothing(company):
    rows = [
        RESIDENTS,
        MATTI,
        ["A 2", "Aalto", "Aino", "", "040 123 4567", ""],
        ["A 2", "Aalto", "Eero", "2.2.2010", "", ""],
    ]
    imported(company, *rows)

    assert changes(reviewed(company, *rows)) == {"unchanged": 3}


def test_a_name_with_its_date_of_birth_is_the_person_in_whichever_apartment(home):
    residency = matti(home)

    run = reviewed(home.housing_company, RESIDENTS, ["A 2", *MATTI[1:5], "1.11.2026"])

    assert changes(run) == {"new": 1, "moved_out": 1}
    assert only(run, change="new").person == residency.person
    assert only(run, change="moved_out").target_key == residency.pk


def test_the_same_name_with_another_date_of_birth_is_another_person(home):
    matti(home)

    run = reviewed(home.housing_company, RESIDENTS, MATTI, ["A 1", "Virtanen", "Matti", "3.3.2005", "", ""])

    assert changes(run) == {"new": 1, "unchanged": 1}
    assert only(run, change="new").person is None


def test_a_name_in_its_home_is_the_person_when_one_of_them_has_no_date_of_birth(home):
    residency = matti(home, date_of_birth=None)

    run = reviewed(home.housing_company, RESIDENTS, MATTI)

    row = only(run, change="changed")
    assert (row.person, row.differences) == (residency.person, {"date_of_birth": [None, "1980-05-01"]})


def test_a_name_without_dates_of_birth_in_another_apartment_is_not_taken_for_the_person(home):
    residency = matti(home, date_of_birth=None)

    run = reviewed(home.housing_company, RESIDENTS, ["A 2", "Virtanen", "Matti", "", "", ""])

    row = only(run, change="new")
    assert (row.person, row.suggested, row.linked) == (None, residency.person, False)


def test_two_candidates_are_a_problem_and_no_guess(home):
    matti(home, date_of_birth=None)
    matti(home, date_of_birth=date(1950, 1, 1))

    run = reviewed(home.housing_company, RESIDENTS, ["A 1", "Virtanen", "Matti", "", "", ""])

    assert changes(run) == {"rejected": 1}
    assert codes_of(only(run)) == ["several_candidates"]


def test_a_person_who_could_be_either_of_two_rows_is_neither(home):
    matti(home, date_of_birth=None)

    run = reviewed(home.housing_company, RESIDENTS, MATTI, ["A 1", "Virtanen", "Matti", "2.2.1950", "", ""])

    assert [codes_of(row) for row in run.rows.all()] == [["several_candidates"]] * 2
    assert changes(run) == {"rejected": 2}


def test_a_namesake_of_another_company_is_suggested_and_never_taken(company):
    elsewhere = PersonFactory(last_name="Virtanen", first_names="Matti", date_of_birth=date(1980, 5, 1))

    run = reviewed(company, RESIDENTS, MATTI)
    row = only(run)
    assert (row.change, row.person, row.suggested) == ("new", None, elsewhere)

    applied(run)
    assert Person.objects.filter(last_name="Virtanen").count() == 2


def test_two_spellings_that_sort_the_same_are_two_people(company):
    rows = [RESIDENTS, ["A 1", "Wirta", "André", "1.1.1980", "", ""], ["A 1", "Virta", "Andre", "1.1.1980", "", ""]]

    imported(company, *rows)

    assert Person.objects.count() == 2
    assert changes(reviewed(company, *rows)) == {"unchanged": 2}


def test_a_name_without_a_date_of_birth_is_one_person_in_one_home(company):
    header = [*RESIDENTS, "Poismuutto"]
    rows = [
        ["A 1", "Virtanen", "Matti", "", "", "1.1.2010", "1.1.2012"],
        ["A 1", "Virtanen", "Matti", "", "", "1.1.2015", ""],
    ]

    imported(company, header, *rows, ["A 2", "Virtanen", "Matti", "", "", "", ""])

    assert (Person.objects.count(), Residency.objects.count()) == (2, 3)
    assert changes(reviewed(company, header, *rows, ["A 2", "Virtanen", "Matti", "", "", "", ""])) == {"unchanged": 3}


def test_a_namesake_in_one_home_with_and_without_a_date_of_birth_is_asked_about(company):
    run = reviewed(company, RESIDENTS, MATTI, ["A 1", "Virtanen", "Matti", "", "", ""])

    assert [codes_of(row) for row in run.rows.order_by("position")] == [[], ["namesake_with_birth"]]


def test_one_person_in_two_homes_is_made_once(company):
    run = imported(company, RESIDENTS, MATTI, ["B 7", *MATTI[1:]])

    assert run.counts["applied"] == 2
    assert Person.objects.count() == 1
    assert Residency.objects.count() == 2


def test_rows_of_one_person_that_disagree_are_told(company):
    run = reviewed(company, RESIDENTS, [*MATTI[:4], "040 123 4567", ""], ["B 7", *MATTI[1:4], "040 765 4321", ""])

    assert changes(run) == {"new": 1, "rejected": 1}
    assert only(run, change="rejected").problems == [[3, "", "rows_disagree", {"about": "2"}, "reject"]]


def test_an_empty_cell_erases_nothing(home):
    residency = matti(home, phone="+358401234567", email="matti@example.com")

    run = reviewed(
        home.housing_company,
        ["Huoneisto", "Nimi", "Syntymäaika", "Puhelin", "Sähköposti"],
        ["A 1", "Virtanen, Matti", "1.5.1980", "", ""],
    )

    assert changes(run) == {"unchanged": 1}
    assert residency.person.phone == "+358401234567"


def test_what_a_row_says_differently_is_shown_with_old_and_new(home):
    matti(home, phone="+358401234567")
    header = [*RESIDENTS, "Rooli", "Kieli"]

    run = reviewed(home.housing_company, header, [*MATTI[:4], "040 765 4321", "1.7.2020", "omistaja", "ruotsi"])

    assert only(run).differences == {
        "phone": ["+358401234567", "+358407654321"],
        "language": ["fi", "sv"],
        "role": ["other", "owner"],
        "moved_in": ["2020-06-01", "2020-07-01"],
    }


@pytest.mark.parametrize(("last", "differs"), [("VIRTANEN", False), ("Wirtanen", True), ("virtanen", True)])
def test_a_name_in_capitals_is_no_other_spelling(last, differs, home):
    matti(home)

    run = reviewed(home.housing_company, RESIDENTS, ["A 1", last, *MATTI[2:]])

    assert only(run).change == ("changed" if differs else "unchanged")


def test_a_move_out_in_the_file_ends_the_residency(home):
    residency = matti(home)

    imported(home.housing_company, [*RESIDENTS, "Poismuutto"], [*MATTI, "31.10.2026"])

    residency.refresh_from_db()
    assert residency.moved_out == date(2026, 10, 31)


def test_who_moved_out_in_the_register_stays_so(home):
    residency = matti(home)
    residency.moved_out = date(2026, 5, 1)
    Residency.objects.bulk_update([residency], ["moved_out"])

    run = reviewed(home.housing_company, RESIDENTS, MATTI)

    assert (only(run).change, codes_of(only(run))) == ("unchanged", ["ended_in_register"])


def test_who_moved_back_has_a_second_residency(home):
    residency = matti(home)
    residency.moved_out = date(2024, 5, 1)
    Residency.objects.bulk_update([residency], ["moved_out"])

    imported(home.housing_company, RESIDENTS, [*MATTI[:5], "1.1.2025"])

    assert list(Residency.objects.order_by("moved_in").values_list("moved_in", "moved_out")) == [
        (date(2020, 6, 1), date(2024, 5, 1)),
        (date(2025, 1, 1), None),
    ]


def test_a_move_in_while_the_register_has_them_there_already_is_told(home):
    residency = matti(home)
    residency.moved_out = date(2024, 5, 1)
    Residency.objects.bulk_update([residency], ["moved_out"])

    run = reviewed(home.housing_company, RESIDENTS, [*MATTI[:5], "1.1.2024"])

    assert codes_of(only(run)) == ["overlaps_in_register"]


def test_a_person_twice_in_a_home_at_a_time_is_told(company):
    header = [*RESIDENTS, "Poismuutto"]
    run = reviewed(company, header, [*MATTI, "1.6.2022"], [*MATTI[:5], "1.1.2022", ""], [*MATTI[:5], "1.7.2022", ""])

    assert [codes_of(row) for row in run.rows.order_by("position")] == [[], ["same_home_twice"], ["same_home_twice"]]


def test_nobody_moves_out_because_their_row_was_rejected(home):
    matti(home)

    run = reviewed(home.housing_company, RESIDENTS, [*MATTI[:4], "12", ""], ["A 2", "Aalto", "Aino", "", "", ""])

    assert changes(run) == {"new": 1, "rejected": 1}


def test_nobody_moves_out_when_an_apartment_cannot_be_read(home):
    matti(home)

    run = reviewed(home.housing_company, RESIDENTS, ["yläkerta", *MATTI[1:]], ["A 2", "Aalto", "Aino", "", "", ""])

    assert changes(run) == {"new": 1, "rejected": 1}
    assert [note[2] for note in run.notes] == ["nobody_taken_as_moved_out"]


def test_only_buildings_of_the_file_can_lose_somebody(home):
    matti(home)
    other = BuildingFactory(housing_company=home.housing_company, street_address="Toinenkatu 9")
    ResidencyFactory(apartment=ApartmentFactory(building=other, staircase="B", number=1))

    header = ["Rakennuksen osoite", *RESIDENTS]
    run = reviewed(home.housing_company, header, ["Toinenkatu 9", "B 1", "Aalto", "Aino", "", "", ""])

    assert changes(run) == {"new": 1, "moved_out": 1}
    assert only(run, change="moved_out").values["building_id"] == other.pk


def test_the_missing_end_on_the_day_that_is_given_and_only_when_accepted(home):
    residency = matti(home)
    rows = [RESIDENTS, ["A 2", "Aalto", "Aino", "", "", ""]]

    imported(home.housing_company, *rows)
    residency.refresh_from_db()
    assert residency.moved_out is None

    applied(reviewed(home.housing_company, *rows), everybody=True, ended_on=date(2026, 11, 1))
    residency.refresh_from_db()
    assert residency.moved_out == date(2026, 11, 1)


def test_a_building_that_the_file_leaves_open_among_several_is_asked_for(home):
    BuildingFactory(housing_company=home.housing_company)

    run = reviewed(home.housing_company, RESIDENTS, ["C 9", *MATTI[1:]], MATTI)

    # A 1 stands in one building alone.
    assert [codes_of(row) for row in run.rows.order_by("position")] == [["building_unclear"], []]
    assert changes(run) == {"rejected": 1, "new": 1}


def test_buildings_by_name_code_and_address(company):
    named = BuildingFactory(housing_company=company, name="Talo 2", street_address="Rantatie 5")
    coded = BuildingFactory(housing_company=company, street_address="Rantatie 7", permanent_building_id="103000001A")
    header = ["Talo", "Pysyvä rakennustunnus", "Rakennuksen osoite", "Huoneisto", "Nimi"]

    imported(
        company,
        header,
        ["TALO 2", "", "", "A 1", "Virtanen, Matti"],
        ["", "103000001a", "", "A 1", "Aalto, Aino"],
        ["", "", "rantatie 7 A 2, 00530 Helsinki", "A 2", "Koivu, Kaisa"],
        ["", "", "Uusikuja 1", "A 1", "Mänty, Mauri"],
    )

    where = {h.person.last_name: h.apartment.building for h in Residency.objects.all()}
    assert where["Virtanen"] == named
    assert (where["Aalto"], where["Koivu"]) == (coded, coded)
    assert (where["Mänty"].street_address, where["Mänty"].housing_company) == ("Uusikuja 1", company)


def test_the_homes_own_address_is_not_kept_as_a_mailing_address(home):
    header = ["Huoneisto", "Nimi", "Osoite", "Postinumero"]
    street = home.building.street_address

    imported(
        home.housing_company,
        header,
        ["A 1", "Virtanen, Matti", f"{street} A 1", "00530"],
        ["A 2", "Aalto, Aino", "Muualla 1", "20100"],
    )

    assert {p.last_name: (p.street_address, p.postal_code) for p in Person.objects.all()} == {
        "Virtanen": ("", ""),
        "Aalto": ("Muualla 1", "20100"),
    }


def test_organisations_and_estates_do_not_live_anywhere(company):
    run = reviewed(company, ["Huoneisto", "Nimi"], ["A 1", "Esimerkki Oy"], ["A 2", "Virtanen Matti kuolinpesä"])

    assert [codes_of(row) for row in run.rows.order_by("position")] == [
        ["organisation_as_resident"],
        ["estate_as_resident"],
    ]


def test_rows_of_another_company_are_rejected(company):
    run = reviewed(company, ["Taloyhtiön Y-tunnus", *RESIDENTS], ["2829837-1", *MATTI], [company.business_id, *MATTI])

    assert [codes_of(row) for row in run.rows.order_by("position")] == [["other_company"], []]


def test_an_order_in_the_file_protects_from_the_first_day(company):
    run = imported(company, [*RESIDENTS, "Turvakielto"], [*MATTI, "x"], obtained_on=date(2026, 11, 3))

    person = Person.objects.get()
    assert run.counts["applied"] == 1
    assert (person.is_protected, person.non_disclosure_from, person.non_disclosure_source) == (
        True,
        date(2026, 11, 3),
        "import",
    )


def test_an_order_in_the_file_is_a_difference_of_a_known_person(home):
    residency = matti(home)

    run = imported(home.housing_company, [*RESIDENTS, "Turvakielto"], [*MATTI, "kyllä"])

    residency.person.refresh_from_db()
    assert (run.counts["changed"], residency.person.is_protected) == (1, True)


def test_no_file_lifts_an_order(home):
    protected = ProtectedPersonFactory(last_name="Salainen", first_names="Saara", date_of_birth=date(1980, 5, 1))
    ResidencyFactory(person=protected, apartment=home, moved_in=date(2020, 6, 1))

    run = reviewed(
        home.housing_company, [*RESIDENTS, "Turvakielto"], ["A 1", "Salainen", "Saara", "1.5.1980", "", "", "ei"]
    )

    assert changes(run) == {"unchanged": 1}
