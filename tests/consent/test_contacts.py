"""A contact is the same however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.contacts import email_key, normal_email, normal_phone, normal_post, phone_key, post_key

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        "aino.virtanen@example.com",
        "AINO.VIRTANEN@EXAMPLE.COM",
        "  aino.virtanen@example.com\n",
        "aino.virtanen+uutiset@example.com",
        "Aino.Virtanen+a+b@Example.com",
        "aino.virtanen@example.com.",
        "aino.\u200bvirtanen@example.com",
        "ａｉｎｏ.virtanen@example.com",
    ],
)
def test_an_email_address_in_any_spelling(text):
    assert normal_email(text) == "aino.virtanen@example.com"


@pytest.mark.parametrize("text", ["a.i.n.o@gmail.com", "AINO@googlemail.com", "aino+x@gmail.com"])
def test_gmail_ignores_dots_and_so_do_we(text):
    assert normal_email(text) == "aino@gmail.com"


def test_dots_matter_elsewhere():
    assert email_key("a.ino@example.com") != email_key("aino@example.com")


def test_a_domain_with_letters_beyond_ascii_is_its_own_spelling_in_ascii():
    assert normal_email("a@köysi.example") == normal_email("a@xn--kysi-5qa.example")


@pytest.mark.parametrize("text", ["", "aino", "@example.com", "aino@", " @ "])
def test_what_is_no_address_has_no_key(text):
    assert email_key(text) is None


@pytest.mark.parametrize("text", ["+358401234567", "040 123 4567", "040-1234567", "(040) 1234567", "00358 40 1234567"])
def test_a_phone_number_in_any_spelling(text):
    assert normal_phone(text) == "+358401234567"


def test_what_is_no_phone_number_has_no_key():
    assert phone_key("ei ole") is None
    assert phone_key("") is None


def test_a_postal_address_in_any_spelling():
    written = normal_post("Virtanen Aino", "Rantatie 5 A 12", "00530")

    assert written == normal_post("aino VIRTANEN", "rantatie 5, A 12", " 00530 ")
    assert written != normal_post("Virtanen Aino", "Rantatie 5 A 13", "00530")
    assert post_key("Virtanen Aino", "", "00530") is None


def test_the_same_text_as_email_and_as_phone_has_different_keys():
    assert email_key("358401234567@example.com") != phone_key("358401234567")


@given(LETTERS, LETTERS, st.sampled_from([" ", "", "\t"]), LETTERS)
def test_case_spaces_and_tags_never_make_a_difference(name, domain, space, tag):
    plain = f"{name}@{domain}.example"

    assert email_key(f"{space}{name.upper()}+{tag}@{domain.upper()}.example{space}") == email_key(plain)
    assert normal_email(normal_email(plain)) == normal_email(plain)


@given(st.text(max_size=60))
def test_any_text_is_taken_without_a_fault(text):
    assert email_key(text) is None or len(email_key(text)) == 32
    assert phone_key(text) is None or len(phone_key(text)) == 32
    assert post_key(text, text, text) is None or len(post_key(text, text, text)) == 32
