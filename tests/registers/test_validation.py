"""The field's own forms."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from registers import validation
from registers.designation import Designation, parse_designation
from tests.factories import business_id, identity_code


@given(st.integers(1, 9_999_999))
def test_a_right_business_id_is_taken_and_a_wrong_check_digit_is_not(number):
    right = business_id(number % 500_000 + 1_000_000)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)

    assert validation.clean_business_id(f" {right} ") == right
    with pytest.raises(ValidationError):
        validation.clean_business_id(wrong)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("040 123 4567", "+358401234567"),
        ("+358 (0)40 1234567", "+358401234567"),
        ("00358401234567", "+358401234567"),
        ("09-123456", "+3589123456"),
        ("+46 8 123 456 78", "+46812345678"),
    ],
)
def test_phone_numbers_are_stored_internationally(typed, stored):
    assert validation.clean_phone(typed) == stored


@pytest.mark.parametrize("typed", ["", "12", "abc", "040 123 4567 / 050 123 4567"])
def test_what_is_no_phone_number_is_refused(typed):
    with pytest.raises(ValidationError):
        validation.clean_phone(typed)


def test_postal_codes_keep_their_zeros():
    assert validation.clean_postal_code(" 00100 ") == "00100"
    with pytest.raises(ValidationError):
        validation.clean_postal_code("100")


@pytest.mark.parametrize(("text", "right"), [("100012345a", True), ("200012345A", False), ("1000123456789", False)])
def test_a_permanent_building_id_has_its_form(text, right):
    if right:
        assert validation.clean_permanent_building_id(text) == text.upper()
    else:
        with pytest.raises(ValidationError):
            validation.clean_permanent_building_id(text)


@pytest.mark.parametrize(
    ("text", "designation"),
    [
        ("A 12 b", ("A", 12, "b")),
        ("a12B", ("A", 12, "b")),
        ("as. 12", ("", 12, "")),
        ("as 12", ("", 12, "")),
        ("A-12", ("A", 12, "")),
        ("A 012", ("A", 12, "")),
        ("12", ("", 12, "")),
        ("A as 7", ("A", 7, "")),
        ("", None),
        ("A", None),
        ("A 0", None),
        ("Mannerheimintie 5", None),
    ],
)
def test_designations_are_read_as_people_write_them(text, designation):
    assert parse_designation(text) == designation


@given(
    st.builds(
        Designation,
        st.sampled_from(["", "A", "B", "Ö", "AB"]),
        st.integers(1, 9999),
        st.sampled_from(["", "a", "b", "ö"]),
    )
)
def test_a_designation_reads_what_it_writes(designation):
    assert parse_designation(designation.text) == designation


@given(st.text(max_size=30))
def test_no_text_breaks_the_designation(text):
    found = parse_designation(text)

    assert found is None or parse_designation(found.text) == found


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(900, 999), st.text(alphabet="abc ,.", max_size=5))
def test_an_identity_code_is_noticed_wherever_it_stands(born, individual, around):
    code = identity_code(born, individual)
    spellings = [code, code.lower(), code[:6] + " " + code[6:], code.replace("-", "–")]
    if code[-1].isalpha():
        spellings.append(code[:6] + code[7:])

    assert all(validation.contains_identity_code(f"{around} {text} {around}") for text in spellings)


@pytest.mark.parametrize(
    "text",
    ["", "0401234567", "+358401234567", "Mannerheimintie 5 A 12", "2829837-1", "100012345A", "1.5.2024-31.5.2024"],
)
def test_what_is_no_identity_code_is_left_alone(text):
    assert not validation.contains_identity_code(text)
