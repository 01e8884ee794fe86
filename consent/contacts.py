"""How a contact is compared: normalised, then hashed with a key that stands outside the database.

Email: case, spaces, Unicode forms and plus-tags say nothing; Gmail's dots neither. Phone: E.164, however it is written.
Postal address: name, street and postal code without case, accents, punctuation. Decision 8 says why so widely.
"""

import contextlib
import re
import unicodedata
from functools import lru_cache

from django.core.exceptions import ValidationError

from accounts.crypto import blind_index
from registers.validation import INVISIBLE, clean_phone

GMAIL = {"gmail.com", "googlemail.com"}
NO_WORD = re.compile(r"[\W_]+")
DIGITS = re.compile(r"(\d+)")
STORED = re.compile(r"\+358[1-9][0-9]{6,9}")  # as the registers keep a Finnish number: nothing left to understand


def normal_email(text: str) -> str:
    """ "Aino.Virtanen+uutiset@Example.COM " → "aino.virtanen@example.com"; "" for what is no address."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    compact = "".join(INVISIBLE.sub("", plain).split()).casefold()
    local, at, domain = compact.rpartition("@")
    local = local.partition("+")[0] or local
    domain = domain.strip(".")
    if not (at and local and domain):
        return ""
    domain = _in_ascii(domain)
    if domain in GMAIL:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


@lru_cache(maxsize=10_000)
def _in_ascii(domain: str) -> str:
    with contextlib.suppress(UnicodeError):
        return domain.encode("idna").decode()
    return domain


def normal_phone(text: str) -> str:
    if STORED.fullmatch(text):
        return text
    try:
        return clean_phone(INVISIBLE.sub("", text)) if text.strip() else ""
    except ValidationError:
        return ""


def _words(text: str) -> str:
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    apart = DIGITS.sub(r" \1 ", plain)  # "A12" is "A 12"
    return NO_WORD.sub(" ", apart).strip()


def normal_post(names: str, street: str, postal_code: str) -> str:
    """Names in any order, so that "Virtanen Aino" is "Aino Virtanen"; "" where no street is known."""
    people, place = " ".join(sorted(_words(names).split())), _words(street)
    return f"{people}|{place}|{_words(postal_code)}" if people and place else ""


def contact_key(kind: str, normal: str) -> bytes:
    """The keyed hash of a normalised contact. Its text before hashing can never be an identity code's."""
    return blind_index(f"contact:{kind}:{normal}")


def email_key(text: str) -> bytes | None:
    normal = normal_email(text)
    return contact_key("email", normal) if normal else None


def phone_key(text: str) -> bytes | None:
    normal = normal_phone(text)
    return contact_key("phone", normal) if normal else None


def post_key(names: str, street: str, postal_code: str) -> bytes | None:
    normal = normal_post(names, street, postal_code)
    return contact_key("post", normal) if normal else None
