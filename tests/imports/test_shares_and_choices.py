from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.designation import Designation
from registers.imports.problems import CellProblem
from registers.imports.values import choices, designations, official_ids, shares
from registers.imports.values.text import short_text

from .spreadsheets import TODAY, identity_code


def problem(parse, *cells, **options):
    with pytest.raises(CellProblem) as raised:
        parse(*cells, **options)
    return raised.value.code


@pytest.mark.parametrize(
    ("cell", "ranges"),
    [
        ("1-100, 151-160", ((1, 100), (151, 160))), ("1–100", ((1, 100),)), ("5", ((5, 5),)), (5.0, ((5, 5),)),
        ("1 - 100;", ((1, 100),)),
        ("151-160 ja 1-100", ((1, 100), (151, 160))), ("1 001-1 250", ((1001, 1250),)), ("1-5\n151", ((1, 5),
        (151, 151))),
        ("1...100", ((1, 100),)), ("1,3,5", ((1, 1), (3, 3), (5, 5))), ("-", ()),
    ],
)  # fmt: skip
def test_share_numbers(cell, ranges):
    assert shares.share_ranges(cell) == ranges


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("100-1", "range_reversed"), ("1-100, 50-60", "ranges_overlap"), ("1-100, 100", "ranges_overlap"),
        ("kaikki", "not_a_range"),
        ("1-100-200", "not_a_range"), ("1-", "not_a_range"), ("1-5 151", "not_a_range"), ("0-5", "not_a_range"),
        (1.5, "not_a_range"),
        (date(2024, 12, 1), "range_became_date"), ("1,,5", "not_a_range"), ("1-99999999999", "not_a_range"),
    ],
)  # fmt: skip
def test_a_range_is_never_guessed(cell, code):
    assert problem(shares.share_ranges, cell) == code


@given(
    st.lists(st.integers(1, 10**6), min_size=2, max_size=12, unique=True),
    st.sampled_from(["-", "–", " - "]),
    st.sampled_from([", ", ";", ","]),
)
def test_share_numbers_survive_being_written(numbers, dash, separator):
    ordered = sorted(numbers)[: len(numbers) // 2 * 2]
    ranges = tuple(zip(ordered[::2], ordered[1::2], strict=True))
    assert shares.share_ranges(separator.join(f"{start}{dash}{end}" for start, end in ranges)) == ranges


@pytest.mark.parametrize(
    ("cell", "fraction"),
    [
        ("1/2", Fraction(1, 2)), ("1 / 3", Fraction(1, 3)), ("50/100", Fraction(1, 2)), ("0,5", Fraction(1, 2)),
        (0.25, Fraction(1, 4)),
        ("1", Fraction(1)), (1.0, Fraction(1)), ("50 %", Fraction(1, 2)), ("100%", Fraction(1)), ("-", None),
    ],
)  # fmt: skip
def test_a_fraction(cell, fraction):
    assert shares.fraction(cell) == fraction


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("0.66", "rounded_fraction"), (0.333, "rounded_fraction"), ("33 %", "rounded_fraction"),
        ("0,3", "rounded_fraction"),
        ("3/2", "fraction_out_of_bounds"), ("1/0", "fraction_out_of_bounds"), ("0/1", "fraction_out_of_bounds"),
        (50, "fraction_out_of_bounds"),
        ("puolet", "not_a_fraction"), (date(2024, 2, 1), "fraction_became_date"), (float("inf"), "not_a_fraction"),
    ],
)  # fmt: skip
def test_a_fraction_is_never_guessed(cell, code):
    assert problem(shares.fraction, cell) == code


@pytest.mark.parametrize(("cell", "number"), [("100", 100), (100.0, 100), ("1 250", 1250), ("-", None)])
def test_a_whole_number(cell, number):
    assert shares.whole_number(cell) == number


@pytest.mark.parametrize("cell", ["1,5", -1, "1\n250", "sata", "²", 1e18])
def test_what_is_no_whole_number(cell):
    assert problem(shares.whole_number, cell) == "not_a_whole_number"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("A 12 b", "A 12 b"), ("A12b", "A 12 b"), ("a 012", "A 12"), ("A-12", "A 12"), ("as. 12", "12"),
        ("as 12", "12"), ("12", "12"),
        (12.0, "12"), (12, "12"), (" A\u00a012 ", "A 12"),
    ],
)  # fmt: skip
def test_a_designation_in_one_cell(cell, written):
    assert designations.designation(cell).text == written


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        (("a", 12.0, "B"), "A 12 b"),
        (("A", "12 b", None), "A 12 b"),
        (("A", "A 12", None), "A 12"),
        ((None, "as 7", None), "7"),
    ],
)
def test_a_designation_in_three_cells(cells, written):
    assert designations.designation_of_parts(*cells).text == written


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("B", "A 12", None), "parts_disagree"),
        (("A", "12 b", "c"), "parts_disagree"),
        (("A", "x", None), "not_a_designation"),
    ],
)
def test_three_cells_that_do_not_fit(cells, code):
    assert problem(designations.designation_of_parts, *cells) == code


@given(st.sampled_from(["", "A", "B", "Å", "AB"]), st.integers(1, 9999), st.sampled_from(["", "a", "b", "ö"]))
def test_a_designation_survives_being_written(staircase, number, suffix):
    designation = Designation(staircase, number, suffix)
    assert designations.designation(designation.text) == designation


@pytest.mark.parametrize("cell", ["x", "X", "Kyllä", "k", "1", 1, 1.0, True, "ja", "true", "on", "yes"])
def test_yes(cell):
    assert choices.yes_or_no(cell) is True


@pytest.mark.parametrize("cell", ["", "-", "ei", "E", "nej", "no", 0, False, "false"])
def test_no(cell):
    assert choices.yes_or_no(cell) is False


@pytest.mark.parametrize(
    ("cell", "role"),
    [
        ("Vuokralainen", "tenant"),
        ("Omistaja-asukas", "owner"),
        ("boende", "other"),
        ("Puoliso", "household"),
        ("Tenant", "tenant"),
    ],
)
def test_a_role(cell, role):
    assert choices.role(cell) == role


def test_an_unknown_role_and_language():
    assert problem(choices.role, "isäntä") == "unknown_role"
    assert problem(choices.language, "venäjä") == "other_language"


@pytest.mark.parametrize(("cell", "language"), [("suomi", "fi"), ("Svenska", "sv"), ("EN", "en"), ("ruotsi", "sv")])
def test_a_language(cell, language):
    assert choices.language(cell) == language


@pytest.mark.parametrize("cell", ["2829837-1", "28298371", 28298371.0, "FI28298371", " 2829837–1 "])
def test_a_business_id(cell):
    assert official_ids.business_id(cell) == "2829837-1"


@pytest.mark.parametrize(
    ("cell", "code"),
    [("2829837-2", "business_id_check_digit"), ("abc", "not_a_business_id"), ("12", "not_a_business_id")],
)
def test_a_wrong_business_id(cell, code):
    assert problem(official_ids.business_id, cell) == code


@pytest.mark.parametrize("separator", ["-", "Y", "U"])
def test_an_identity_code_keeps_its_separator(separator):
    code = identity_code("010190", separator)
    read = official_ids.identity_code(code.lower(), today=TODAY, allow_temporary=True)
    assert read == (code, date(1990, 1, 1))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (identity_code("010190")[:-1] + "?", "not_an_identity_code"),
        ("FI" + identity_code("010190"), "not_an_identity_code"),
        (identity_code("310290"), "not_an_identity_code"),
        (identity_code("010199", "A"), "birth_in_future"),
        (identity_code("010190").replace("-", " "), "not_an_identity_code"),
    ],
)
def test_a_wrong_identity_code(code, expected):
    assert problem(official_ids.identity_code, code, today=TODAY, allow_temporary=True) == expected


def test_a_check_characters_error_and_a_temporary_code_where_they_are_not_allowed():
    good = identity_code("010190")
    wrong = good[:-1] + ("A" if good[-1] != "A" else "B")
    assert (
        problem(official_ids.identity_code, wrong, today=TODAY, allow_temporary=True) == "identity_code_check_character"
    )
    assert problem(official_ids.identity_code, good, today=TODAY, allow_temporary=False) == "not_an_identity_code"


def test_an_identity_code_in_free_text_is_a_problem_not_a_value():
    assert problem(short_text, f"Virtanen {identity_code('010190')}", 200) == "identity_code_elsewhere"


@pytest.mark.parametrize("separator", "-+ABCDEFYXWVU")
def test_free_text_knows_every_separator(separator):
    assert problem(short_text, f"hetu {identity_code('010190', separator).lower()}.", 200) == "identity_code_elsewhere"
