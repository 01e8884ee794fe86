"""Business IDs, phone numbers, postal codes, permanent IDs, identity codes: each cleaner gives the stored form."""

import re
from datetime import date

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fi import hetu, ytunnus

PERMANENT_BUILDING_ID = re.compile(r"^1\d{8}[0-9A-FHJ-NPR-Y]$")
PERMANENT_APARTMENT_ID = re.compile(r"^[0-9A-Z]{6,20}$")
CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"))
CODE_INSIDE = re.compile(
    r"(?<![0-9A-Za-z])(\d{2})(\d{2})\d{2}\s*(?:[-+A-FU-Ya-fu-y]\s*\d{3}\s*[0-9A-Za-z]|\d{3}[A-Za-z])(?![0-9A-Za-z])"
)
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")


def clean_business_id(text: str) -> str:
    """ "2829837-1" from what a person types. Raises ValidationError."""
    compact = text.strip().replace(" ", "")
    try:
        if compact.upper().startswith("FI"):
            raise NumberError
        return str(ytunnus.format(ytunnus.validate(compact)))
    except InvalidChecksum:
        raise ValidationError(_("The check digit of the business ID is wrong."), code="business_id") from None
    except NumberError:
        raise ValidationError(_("Write the business ID as 1234567-8."), code="business_id") from None


def clean_phone(text: str) -> str:
    """E.164 ("+358401234567") from what a person types; Finnish unless a country code says otherwise."""
    try:
        number = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number) or number.extension:
        raise ValidationError(_("This is not a phone number. Write it as 040 123 4567 or +46 …"), code="phone")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def clean_postal_code(text: str) -> str:
    """Five digits as text, the leading zeros kept; a foreign code as it is written."""
    compact = text.strip()
    if compact.isdecimal() and len(compact) != 5:
        raise ValidationError(_("A Finnish postal code has five digits."), code="postal_code")
    return compact


def clean_permanent_building_id(text: str) -> str:
    """VTJ-PRT: 1, eight digits, a check character. Its form is checked; the character's rule is not published."""
    compact = text.strip().upper().replace(" ", "")
    if not PERMANENT_BUILDING_ID.match(compact):
        raise ValidationError(
            _("A permanent building ID is 1, eight digits and a check character, as in 100012345A."),
            code="building_id",
        )
    return compact


def clean_permanent_apartment_id(text: str) -> str:
    compact = text.strip().upper().replace(" ", "")
    if not PERMANENT_APARTMENT_ID.match(compact):
        raise ValidationError(_("A permanent apartment ID holds digits and letters alone."), code="apartment_id")
    return compact


def clean_identity_code(text: str, *, today: date) -> tuple[str, date]:
    """(code, date of birth). The separator is part of the code; its form of 2023 is known (law.md, hard rule 4).

    Errors never repeat the code. Individual numbers 900-999 are for the demo and tests alone.
    """
    compact = "".join(text.translate(DASHES).split()).upper()
    try:
        if (
            len(compact) != 11
            or compact[6] not in CENTURIES
            or not hetu.validate(compact, allow_temporary=settings.DEMO)
        ):
            raise NumberError
    except InvalidChecksum:
        raise ValidationError(_("The check character does not fit the identity code."), code="identity_code") from None
    except NumberError:
        raise ValidationError(_("This is not a Finnish personal identity code."), code="identity_code") from None
    born = date(CENTURIES[compact[6]] + int(compact[4:6]), int(compact[2:4]), int(compact[:2]))
    if born > today:
        raise ValidationError(_("The identity code says a date of birth in the future."), code="identity_code")
    return compact, born


def contains_identity_code(text: str) -> bool:
    """Whether something that looks like a personal identity code stands anywhere in the text, however it is spaced."""
    found = CODE_INSIDE.finditer(text.translate(DASHES))
    return any(1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12 for match in found)


def refuse_identity_code(text: str) -> None:
    """Raises ValidationError: a code belongs into its own field, where it is encrypted."""
    if contains_identity_code(text):
        raise ValidationError(
            _("This looks like a personal identity code. It is stored in its own place alone, on a ground."),
            code="identity_code",
        )


def is_key(text: object) -> bool:
    """Whether a text from outside can be a row's key."""
    return isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= 18
