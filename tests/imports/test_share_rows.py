from datetime import date
from fractions import Fraction

import pytest

from registers.designation import Designation
from registers.imports.titles import Kind
from registers.imports.values.names import PartyKind

from .spreadsheets import codes, read, rejections

HEADER = ["Osakeryhmä", "Osakkeet", "Osakemäärä", "Omistaja", "Omistusosuus", "Alkamispäivä"]


def test_a_row_of_a_share_register():
    found = read(HEADER, ["A 1", "1-100, 151-160", 110, "Virtanen, Matti", "1/2", "1.5.2010"])
    row = found.rows[0]
    assert (found.kind, codes(found)) == (Kind.SHARES, [])
    assert (row.share_group_name, row.apartment) == ("A 1", Designation("A", 1, ""))
    assert (row.ranges, row.share_count, row.fraction) == (((1, 100), (151, 160)), 110, Fraction(1, 2))
    assert (row.last_name, row.first_names, row.owned_from) == ("Virtanen", "Matti", date(2010, 5, 1))


def test_the_columns_of_htj():
    header = [
        "ytunnus", "paatoiminimi", "osakeryhmatunnus", "osakeryhmanimi", "alkunumero", "loppunumero", "etunimet",
        "sukunimi",
        "syntymapvm", "kuolinpesa", "omistusosuusOsoittaja", "omistusosuusNimittaja", "alkamispvm",
    ]  # fmt: skip
    cells = [
        "2829837-1",
        "Esimerkki Oy",
        "OR-1",
        "A 1",
        1,
        100,
        "Matti",
        "Virtanen",
        "1.5.1940",
        "true",
        1,
        2,
        "2019-01-02",
    ]
    row = read(header, cells).rows[0]
    assert (row.company_business_id, row.share_group_id, row.ranges) == ("2829837-1", "OR-1", ((1, 100),))
    assert (row.kind, row.last_name, row.organisation_name) == (PartyKind.ESTATE, "Virtanen", "Virtanen Matti")
    assert (row.fraction, row.owned_from) == (Fraction(1, 2), date(2019, 1, 2))


def test_a_share_group_need_not_be_an_apartment():
    row = read(HEADER, ["AP 12 halli", "1-5", 5, "Aalto, Aino", "1/1", None]).rows[0]
    assert (row.share_group_name, row.apartment) == ("AP 12 halli", None)


def test_a_range_per_row_and_a_count_for_the_group():
    rows = [["A 1", "1-100", 110, "Aalto, Aino", "1/1", None], ["A 1", "151-160", 110, "Aalto, Aino", "1/1", None]]
    assert codes(read(HEADER, *rows)) == []


def test_owners_of_a_group_may_share_the_numbers_of_its_first_row():
    rows = [["A 1", "1-100", 100, "Aalto, Aino", "1/2", None], ["A 1", None, None, "Koivu, Kaisa", "1/2", None]]
    assert [row.ranges for row in read(HEADER, *rows).rows] == [((1, 100),), ()]


def test_a_count_that_differs_from_the_numbers():
    found = read(HEADER, ["A 1", "1-100", 90, "Aalto, Aino", "1/1", None])
    assert [(p.row, p.column, p.code, p.params) for p in found.problems] == [
        (2, "Osakemäärä", "share_count_differs", {"declared": 90, "counted": 100})
    ]
    assert (found.rows, found.rejected_rows) == ([], frozenset({2}))


def test_a_group_without_any_number():
    assert codes(read(HEADER, ["A 1", None, 100, "Aalto, Aino", "1/1", None])) == ["ranges_missing"]


def test_rows_of_a_group_whose_numbers_overlap():
    rows = [["A 1", "1-100", None, "Aalto, Aino", "1/2", None], ["A 1", "50-150", None, "Koivu, Kaisa", "1/2", None]]
    found = read(HEADER, *rows)
    assert [(p.row, p.code, p.params) for p in found.problems] == [
        (2, "group_ranges_overlap", {"number": 50}),
        (3, "group_ranges_overlap", {"number": 50}),
    ]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        (1, "100-1", "range_reversed"),
        (1, "1-100, 90-95", "ranges_overlap"),
        (2, "sata", "not_a_whole_number"),
        (3, None, "name_missing"),
        (3, "Virtanen Matti & Korhonen Liisa", "several_people"),
        (4, "0.66", "rounded_fraction"),
        (5, "31.2.2010", "no_such_day"),
        (0, None, "share_group_missing"),
    ],
)
def test_a_problem_in_one_cell(column, cell, code):
    cells = ["A 1", "1-100", 100, "Virtanen, Matti", "1/1", "1.5.2010"]
    cells[column] = cell
    found = read(HEADER, cells)
    assert [(p.row, p.column, p.code) for p in rejections(found)] == [(2, HEADER[column], code)]


@pytest.mark.parametrize(
    ("start", "end", "column", "code"),
    [
        (1, None, "loppunumero", "range_incomplete"),
        (None, 5, "alkunumero", "range_incomplete"),
        (5, 1, "loppunumero", "range_reversed"),
    ],
)
def test_a_range_in_two_columns(start, end, column, code):
    found = read(["osakeryhmanimi", "alkunumero", "loppunumero", "sukunimi"], ["A 1", start, end, "Aalto"])
    assert [(p.column, p.code) for p in found.problems] == [(column, code)]


def test_a_numerator_without_its_denominator():
    found = read(["osakeryhmanimi", "Osakkeet", "sukunimi", "osoittaja", "nimittäjä"], ["A 1", "1-5", "Aalto", 1, None])
    assert codes(found) == ["fraction_incomplete"]


def test_an_ownership_that_ends_before_it_begins():
    found = read([*HEADER, "Päättymispäivä"], ["A 1", "1-5", 5, "Aalto, Aino", "1/1", "1.5.2010", "30.4.2010"])
    assert codes(found) == ["owned_to_before_from"]
