import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.imports.problems import CellProblem
from registers.imports.values import contacts


def problem(parse, cell):
    with pytest.raises(CellProblem) as raised:
        parse(cell)
    return raised.value.code


@pytest.mark.parametrize(
    "cell",
    [
        "040 1234567", "040-123 4567", "(040) 123 4567", "+358 40 1234567", "+358 (0)40 1234567", "00358401234567",
        "0401234567",
        401234567.0, 401234567, "401234567", 358401234567.0, "358401234567", "puh. 040 1234567",
        "GSM: 040 123 4567", "'0401234567",
        "040\u00a0123\u00a04567", "040/1234567",
    ],
)  # fmt: skip
def test_a_finnish_number_as_people_type_it(cell):
    assert contacts.phone(cell) == "+358401234567"


@pytest.mark.parametrize(
    ("cell", "number"),
    [("+46 70 123 45 67", "+46701234567"), ("09 123 4567", "+35891234567"), ("020 712 3456", "+358207123456")],
)
def test_other_numbers(cell, number):
    assert contacts.phone(cell) == number


@pytest.mark.parametrize(
    "cell",
    ["040 1234567, 050 7654321", "040 1234567 / 09 1234567", "040 1234567 tai 050 7654321", "0401234567\n0507654321"],
)
def test_two_numbers_in_a_cell(cell):
    assert problem(contacts.phone, cell) == "several_phones"


@pytest.mark.parametrize(
    "cell", ["ei ole", "12", "040 1234567 (työ)", "=1+1", "040", "+358", "(", "0000000000", 1e300, "1" * 400]
)
def test_what_is_no_phone_number(cell):
    assert problem(contacts.phone, cell) == "not_a_phone"


@given(st.from_regex(r"(0|\+358|00358|\+)[0-9][0-9 ()./-]{3,14}", fullmatch=True))
def test_the_short_way_for_finnish_mobile_numbers_gives_the_answer_of_phonenumbers(text):
    spelled = text.replace("(0)", "") if text.startswith(("+", "00")) else text
    try:
        number = phonenumbers.parse(spelled, "FI")
        expected = (
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            if phonenumbers.is_valid_number(number) and not number.extension
            else None
        )
    except phonenumbers.NumberParseException:
        expected = None
    try:
        found = contacts.phone(text)
    except CellProblem as raised:
        found = None
        if raised.code == "several_phones":
            return
    assert found == expected


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        (" Matti.Virtanen@Example.FI ", "Matti.Virtanen@example.fi"),
        ("mailto:a@b.fi", "a@b.fi"),
        ("a+b@mäki.fi", "a+b@mäki.fi"),
        ("-", ""),
    ],
)
def test_an_email_address(cell, address):
    assert contacts.email(cell) == address


@pytest.mark.parametrize(
    "cell", ["a@b", "@b.fi", "a b@c.fi", "a@b..fi", "päivi@b.fi", "a@b.f", 12.0, "a..b@c.fi", "a" * 300 + "@b.fi"]
)
def test_what_is_no_email_address(cell):
    assert problem(contacts.email, cell) == "not_an_email"


def test_two_email_addresses_in_a_cell():
    assert problem(contacts.email, "a@b.fi, c@d.fi") == "several_emails"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("00530", "00530"),
        ("530", "00530"),
        (530.0, "00530"),
        (2100, "02100"),
        ("FI-00530", "00530"),
        ("SE-111 22", "SE-111 22"),
        ("-", ""),
    ],
)
def test_a_postal_code_gets_its_leading_zeros_back(cell, code):
    assert contacts.postal_code(cell) == code


@pytest.mark.parametrize("cell", ["53", 53, "111 22", "Helsinki", 100000.0, 12.5, "00000"])
def test_what_is_no_postal_code(cell):
    assert problem(contacts.postal_code, cell) == "not_a_postal_code"


def test_a_postal_code_and_post_office_in_one_cell():
    assert contacts.postal_line("00530 Helsinki") == ("00530", "Helsinki")
    assert problem(contacts.postal_line, "Helsinki") == "not_a_postal_line"


def test_an_address_that_ends_in_its_postal_code_is_divided():
    assert contacts.street_address("Esimerkkikatu 5 A 12, 00530 Helsinki") == (
        "Esimerkkikatu 5 A 12",
        "00530",
        "Helsinki",
    )
    assert contacts.street_address("Esimerkkikatu 5 A 12, c/o Aalto") == ("Esimerkkikatu 5 A 12, c/o Aalto", "", "")
