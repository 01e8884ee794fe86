"""The words of a question: who wants to know what, and what is shown for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from registers.models import HousingCompany, Organisation, Person


class Kind(TextChoices):
    """Whom we tell (law.md, recipients)."""

    BOARD = "board", _("board member")
    MAINTENANCE = "maintenance", _("maintenance firm")
    COLLECTION = "collection", _("collection agency")
    ANYONE = "anyone", _("anyone who asks for the share register")
    ENTITLED = "entitled", _("shareholder or somebody with a proven right")
    RESIDENTS = "residents", _("the residents of the house (name board)")
    AUTHORITY = "authority", _("authority")
    SUBJECT = "subject", _("the person concerned")


@dataclass(frozen=True)
class Asked:
    """What is asked for, before anything is read of anybody."""

    kind: str
    recipient: Person | Organisation | None
    company: HousingCompany | None
    fields: frozenset[str]
    evidence: Mapping[str, Any]
    on: date


@dataclass(frozen=True)
class Refusal:
    """`about` is the field or piece of evidence that it is about."""

    about: str
    text: Any
