from datetime import date

import pytest

from registers.designation import Designation
from registers.imports.problems import Problem, Severity
from registers.imports.table import BadCell
from registers.imports.values.names import PartyKind

from .spreadsheets import HEADER, RESIDENT, codes, identity_code, read, rejections, resident


def test_a_row_of_a_resident_list():
    row = resident(Rooli="Vuokralainen", Talo="Talo 2", Kieli="ruotsi", Postinumero="530").rows[0]
    assert (row.row, row.kind, row.last_name, row.first_names) == (2, PartyKind.PERSON, "Virtanen", "Matti")
    assert (row.apartment, row.building) == (Designation("A", 12, ""), "Talo 2")
    assert (row.date_of_birth, row.moved_in, row.moved_out) == (date(1980, 5, 1), date(2020, 6, 1), None)
    assert (row.phone, row.email, row.postal_code) == ("+358401234567", "", "00530")
    assert (row.role, row.language, row.non_disclosure) == ("tenant", "sv", None)


def test_a_problem_says_row_column_and_the_cells_own_text():
    assert resident(Muuttopäivä="31.2.2024").problems == [
        Problem(2, "Muuttopäivä", "no_such_day", {"value": "31.2.2024"}, Severity.REJECT)
    ]


def test_a_row_with_a_problem_is_rejected_and_the_others_are_understood():
    found = read(
        HEADER, RESIDENT, ["A 13", "Aalto", "Aino", "31.2.1980", "", ""], ["A 14", "Koivu", "Kaisa", "", "", ""]
    )
    assert [row.row for row in found.rows] == [2, 4]
    assert (found.rejected_rows, found.data_rows) == (frozenset({3}), 3)


def test_every_problem_of_a_row_is_told_at_once():
    found = resident(Muuttopäivä="31.2.2024", Puhelin="ei ole", Huoneisto="talo")
    assert sorted(codes(found)) == ["no_such_day", "not_a_designation", "not_a_phone"]


def test_a_move_out_before_the_move_in():
    found = resident(Poismuutto="31.5.2020")
    assert [(p.column, p.code, p.params) for p in found.problems] == [
        ("Poismuutto", "moved_out_before_in", {"value": "31.5.2020"})
    ]


def test_an_apartment_in_three_columns():
    found = read(["Porras", "Asunnon numero", "Jakokirjain", "Nimi"], ["a", 12.0, "B", "Virtanen, Matti"])
    assert found.rows[0].apartment == Designation("A", 12, "b")


def test_an_apartment_that_is_missing():
    assert codes(resident(Huoneisto=None)) == ["apartment_missing"]


def test_an_apartment_without_a_resident_is_skipped_with_a_note():
    found = read(HEADER, RESIDENT, ["A 13", "Tyhjä"], ["A 14"])
    assert [(p.row, p.code, p.severity) for p in found.problems] == [
        (3, "vacant_apartment", Severity.NOTE),
        (4, "vacant_apartment", Severity.NOTE),
    ]
    assert (found.data_rows, found.skipped_rows) == (1, frozenset({3, 4}))


def test_a_birthday_without_a_name_is_a_problem():
    assert codes(resident(Sukunimi=None, Etunimet=None)) == ["name_missing"]


def test_the_same_row_again_points_to_the_first():
    found = read(HEADER, RESIDENT, ["a12", "VIRTANEN", "MATTI", "1980-05-01", "+358 40 1234567", date(2020, 6, 1)])
    assert [(p.row, p.code, p.params) for p in rejections(found)] == [(3, "duplicate_row", {"first": 2})]
    assert len(found.rows) == 1


def test_totals_and_repeated_headers_are_skipped():
    found = read(HEADER, RESIDENT, HEADER, ["Yhteensä", 1.0], ["Yhteensä: 1 asukas"])
    assert [(p.row, p.code) for p in found.problems] == [(3, "repeated_header"), (4, "total_row"), (5, "total_row")]
    assert found.data_rows == 1


def test_a_person_called_summa_is_no_total():
    assert read(["Nimi", "Huoneisto"], ["Summa Matti", "A 12"]).rows[0].last_name == "Summa"


def test_formula_cells_without_a_value_are_problems():
    found = resident(Sukunimi=BadCell("formula_error", "#REF!"))
    assert [(p.column, p.code, p.params) for p in found.problems] == [
        ("Sukunimi", "formula_error", {"error": "#REF!", "value": "#REF!"})
    ]


def test_an_assumed_order_of_names_is_told_once_for_the_file():
    found = read(["Huoneisto", "Nimi"], ["A 1", "Virtanen Matti"], ["A 2", "Aalto Aino"], ["A 3", "Koivu, Kaisa"])
    assert found.problems == [Problem(None, "Nimi", "name_order_assumed", {"count": 2}, Severity.NOTE)]


def test_an_organisation_may_rent_an_apartment():
    row = read(["Huoneisto", "Nimi", "Y-tunnus"], ["A 1", "Esimerkki Oy", "2829837-1"]).rows[0]
    assert (row.kind, row.organisation_name, row.business_id) == (PartyKind.ORGANISATION, "Esimerkki Oy", "2829837-1")


def test_a_business_id_of_a_person_is_a_problem():
    assert codes(resident(**{"Y-tunnus": "2829837-1"})) == ["business_id_of_person"]


def test_of_two_phone_columns_the_first_that_is_filled_counts():
    header = ["Huoneisto", "Nimi", "Puhelin", "Matkapuhelin"]
    found = read(
        header, ["A 1", "Aalto, Aino", None, "0401234567"], ["A 2", "Koivu, Kaisa", "0401234567", "0507654321"]
    )
    assert [row.phone for row in found.rows] == ["+358401234567", "+358401234567"]
    assert [(p.code, p.params) for p in found.problems] == [("further_phone", {"count": 1})]


def test_an_unknown_language_is_left_open_with_a_note():
    found = resident(Kieli="venäjä")
    assert (found.rows[0].language, codes(found)) == ("", ["other_language"])


@pytest.mark.parametrize(("cell", "flag"), [("x", True), ("ei", False), (None, False), ("31.12.2027 asti", True)])
def test_a_non_disclosure_column(cell, flag):
    assert resident(Turvakielto=cell).rows[0].non_disclosure is flag


def test_whatever_is_not_a_clear_no_counts_as_an_order_and_is_noted():
    found = resident(Turvakielto="31.12.2027 asti")
    assert [(p.code, p.severity) for p in found.problems] == [("non_disclosure_assumed", Severity.NOTE)]
    assert found.protected_rows == frozenset({2})


def test_problems_of_a_protected_person_quote_nothing():
    found = resident(Turvakielto="x", Puhelin="salainen numero", Sukunimi="Virtanen ja Aalto")
    assert [p.params for p in found.problems] == [{}]
    assert found.protected_rows == found.rejected_rows == frozenset({2})


def test_problems_of_others_do_quote_the_cell():
    assert resident(Puhelin="salainen numero").problems[0].params == {"value": "salainen numero"}


def test_the_identity_code_column_is_not_read_without_a_ground():
    code = identity_code("010580")
    found = resident(Henkilötunnus=code, Puhelin="x")
    assert (found.identity_codes_ignored, codes(found)) == (1, ["identity_codes_ignored", "not_a_phone"])
    assert code not in repr(found)
    found = resident(Henkilötunnus=code)
    assert found.rows[0].identity_code == ""


def with_ground(**cells):
    values = {**dict(zip(HEADER, RESIDENT, strict=True)), **cells}
    options = {"identity_code_ground": "s29-1", "allow_temporary_identity_codes": True}
    return read(list(values), list(values.values()), **options)


def test_an_identity_code_is_read_on_a_ground_and_kept_out_of_repr():
    code = identity_code("010580")
    found = with_ground(Henkilötunnus=code)
    assert found.rows[0].identity_code == code
    assert code not in repr(found)


def test_an_identity_code_gives_the_date_of_birth():
    assert with_ground(Henkilötunnus=identity_code("010580"), Syntymäaika=None).rows[0].date_of_birth == date(
        1980, 5, 1
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (identity_code("020580"), "birth_date_differs"),
        (identity_code("010580", "A"), "birth_in_future"),
        ("010580-9000", "identity_code_check_character"),
        ("viisi", "not_an_identity_code"),
    ],
)
def test_a_wrong_identity_code_is_located_and_never_quoted(code, expected):
    found = with_ground(Henkilötunnus=code)
    assert [(p.row, p.column, p.code, p.params) for p in found.problems] == [(2, "Henkilötunnus", expected, {})]
    assert code not in repr(found)


def test_a_minors_identity_code_is_left_out():
    found = with_ground(Henkilötunnus=identity_code("010515", "A"), Syntymäaika="1.5.2015")
    assert (found.rows[0].identity_code, found.rows[0].date_of_birth) == ("", date(2015, 5, 1))
    assert codes(found) == ["identity_code_of_minor"]


@pytest.mark.parametrize("title", ["Syntymäaika", "Sukunimi", "Puhelin", "Huoneisto", "Muuttopäivä"])
def test_an_identity_code_in_another_column_is_rejected_and_masked(title):
    code = identity_code("010580")
    found = resident(**{title: code})
    assert len(rejections(found)) == 1
    assert code not in repr(found)
