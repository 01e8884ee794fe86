"""Links in messages to a person's choices: signed, without an end; they hold keys and a keyed hash, no values."""

import base64
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from consent.models import ConsentEvent, Purpose
from registers.models import FormerKey

SALT = "consent.choices"


class LinkNotValid(Exception):
    """A link that was never given, has expired, or was used."""


@dataclass(frozen=True)
class Choices:
    """Whose choices about which purpose a link opens."""

    purpose: Purpose
    person_key: int | None
    contact_key: bytes | None
    event: ConsentEvent | None = None


def token_of_event(event: ConsentEvent) -> str:
    return signing.dumps({"e": event.pk}, salt=SALT)


def token_of_person(person_key: int, purpose_key: int, contact_key: bytes) -> str:
    """With the hash of the address that is written to: it can be banned when the person is long gone."""
    contact = base64.urlsafe_b64encode(contact_key).decode()
    return signing.dumps({"p": person_key, "u": purpose_key, "c": contact}, salt=SALT)


def read(token: str) -> Choices:
    """Raises `LinkNotValid`."""
    try:
        says = signing.loads(token, salt=SALT)
        if "e" in says:
            event = ConsentEvent.objects.select_related("purpose__controller").get(pk=says["e"])
            key = bytes(event.contact_key) if event.contact_key else None
            return Choices(event.purpose, _now(event.person_key), key, event)
        purpose = Purpose.objects.select_related("controller").get(pk=says["u"])
        return Choices(purpose, _now(says["p"]), base64.urlsafe_b64decode(says["c"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError, ConsentEvent.DoesNotExist, Purpose.DoesNotExist):
        raise LinkNotValid from None


def _now(person_key: int | None) -> int | None:
    """The key under which the person stands now, after a merging."""
    if person_key is None:
        return None
    merged = FormerKey.objects.filter(key=person_key).values_list("person_id", flat=True).first()
    return merged or person_key


def address(name: str, token: str) -> str:
    return settings.BASE_URL.rstrip("/") + reverse(name, args=[token])


def page_address(name: str) -> str:
    return settings.BASE_URL.rstrip("/") + reverse(name)
