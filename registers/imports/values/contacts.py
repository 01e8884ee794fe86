"""Phone numbers, email addresses, postal codes."""

import re

import phonenumbers

from registers.imports.problems import CellProblem
from registers.imports.table import Cell
from registers.imports.values.text import is_several_lines, short_text, text_of

_PHONE_LABEL = re.compile(r"^(?:puhelin|puh|gsm|matkap|tel|telefon|phone|mobile|mob|p|t)\b[.:]*\s*", re.IGNORECASE)
_PHONE_CHARACTERS = re.compile(r"[+\d][\d\s().\-‐‑–/]*|\([\d+][\d\s().\-‐‑–/]*")
_SEVERAL_PHONES = re.compile(r"\s*(?:[,;/|]|\sja\s|\stai\s|\soch\s|\seller\s|\sand\s|\sor\s)\s*")
_PHONE_PUNCTUATION = {ord(sign): None for sign in " ()./-‐‑–"}
# Most numbers are Finnish mobile ones. This is phonenumbers' own pattern for them: the answer is the same, as a test
# compares, in a tenth of the time.
_FINLAND = phonenumbers.PhoneMetadata.metadata_for_region("FI")
assert _FINLAND is not None
assert _FINLAND.mobile is not None
_FINNISH_MOBILE = re.compile(rf"(?:0|\+358|00358)({_FINLAND.mobile.national_number_pattern})", re.ASCII)
_DIGITS = re.compile(r"\d+")
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(
    rf"(?=[^@]{{1,64}}@){_LOCAL}(?:\.{_LOCAL})*@(?:[^\W_](?:[\w-]{{0,61}}[^\W_])?\.)+[^\W\d_][\w-]{{0,61}}[^\W_]"
)
_POSTAL_LINE = re.compile(r"(?:FI[- ]?)?(\d{5}),?\s+(\D.*)", re.IGNORECASE)
_FOREIGN_CODE = re.compile(r"[A-Z]{1,3}[- ][A-Z0-9][A-Z0-9 \-]{2,6}")


def phone(cell: Cell) -> str:
    """E.164. Excel drops the leading 0 or +: 401234567 is 040 1234567, 358401234567 is +358 40 1234567."""
    if is_several_lines(cell):
        raise CellProblem("several_phones")
    text = _PHONE_LABEL.sub("", text_of(cell).removeprefix("'"))
    if not text:
        return ""
    if len([part for part in _SEVERAL_PHONES.split(text) if sum(map(str.isdigit, part)) > 4]) > 1:
        raise CellProblem("several_phones")
    if _PHONE_CHARACTERS.fullmatch(text) is None:
        raise CellProblem("not_a_phone")
    text = text.replace("(0)", "") if text.startswith(("+", "00")) else text
    if text[0] not in "0+(" and _DIGITS.fullmatch(text):
        text = f"+{text}" if text.startswith("358") and len(text) > 10 else f"0{text}"
    if mobile := _FINNISH_MOBILE.fullmatch(text.translate(_PHONE_PUNCTUATION)):
        return f"+358{mobile[1]}"
    try:
        number = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException:
        raise CellProblem("not_a_phone") from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise CellProblem("not_a_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(cell: Cell) -> str:
    text = text_of(cell)
    if text[:7].lower() == "mailto:":
        text = text[7:].strip()
    if not text:
        return ""
    if text.count("@") > 1:
        raise CellProblem("several_emails")
    if len(text) > 254 or _EMAIL.fullmatch(text) is None:
        raise CellProblem("not_an_email")
    local, _, domain = text.partition("@")
    return f"{local}@{domain.lower()}"


def postal_code(cell: Cell) -> str:
    """Five digits, the lost leading zeros given back; a foreign one keeps its country's letters: "SE-111 22"."""
    text = text_of(cell).upper()
    if text[:2] == "FI":
        text = text[2:].lstrip("- ")
    if text.isascii() and text.isdigit() and 3 <= len(text) <= 5 and int(text) > 0:
        return text.zfill(5)
    if not text or _FOREIGN_CODE.fullmatch(text):
        return text
    raise CellProblem("not_a_postal_code")


def postal_line(cell: Cell) -> tuple[str, str]:
    """Code and post office: "00530 Helsinki"."""
    text = short_text(cell, 90)
    if not text:
        return "", ""
    found = _POSTAL_LINE.fullmatch(text)
    if found is None:
        raise CellProblem("not_a_postal_line")
    return found[1], found[2]


def street_address(cell: Cell) -> tuple[str, str, str]:
    """Street, postal code, post office: "Esimerkkikatu 5 A 12, 00530 Helsinki" holds all three."""
    text = short_text(cell, 200)
    street, comma, rest = text.rpartition(",")
    if comma and (found := _POSTAL_LINE.fullmatch(rest.strip())):
        return street.strip(), found[1], found[2]
    return text, "", ""
