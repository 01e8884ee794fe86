"""What a message says: checked on its way in, revealed for whoever delivers it and for the demo's outbox alone."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from mail.models import OutgoingMessage
from registers.fields import Sealed

_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
# Ours to set; a second one would name another sender, receiver or message.
_RESERVED = {"to", "cc", "bcc", "from", "sender", "subject", "date", "message-id", "mime-version", "return-path"}


@dataclass(frozen=True, repr=False)
class Letter:
    to: str
    subject: str
    text: str
    headers: dict[str, str]


def check(letter: Letter) -> None:
    """Raises ValidationError, which never repeats the value."""
    try:
        validate_email(letter.to)
    except ValidationError:
        raise ValidationError({"to": _("This is no email address.")}) from None
    if _BREAKS.search(letter.subject):
        raise ValidationError({"subject": _("The subject must be one line.")})
    for name, value in letter.headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _RESERVED or name.lower().startswith("content-"):
            raise ValidationError({"headers": _("Such a header cannot be added.")})
        if _BREAKS.search(value):
            raise ValidationError({"headers": _("A header must be one line.")})


def columns_of(letter: Letter) -> dict[str, str]:
    return {
        "to": letter.to,
        "subject": letter.subject,
        "body": letter.text,
        "headers": json.dumps(letter.headers, ensure_ascii=False),
    }


def letter_of(message: OutgoingMessage) -> Letter:
    """Raises `CannotDecrypt`. Not for a message whose content was removed."""

    def reveal(name: str) -> str:
        return cast(Sealed, getattr(message, name)).reveal()

    headers: Mapping[str, str] = json.loads(reveal("headers"))
    return Letter(to=reveal("to"), subject=reveal("subject"), text=reveal("body"), headers=dict(headers))
