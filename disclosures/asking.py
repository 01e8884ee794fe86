"""The words of a question: who wants to know what, and what is shown for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from registers.models import HousingCompany, Organisation, Person

if TYPE_CHECKING:
    from disclosures.models import OutsideRecipient

Recipient: TypeAlias = "Person | Organisation | OutsideRecipient | None"


class Kind(TextChoices):
    """Whom we tell (law.md, recipients). The controller's own exports are told of like any other."""

    BOARD = "board", _("board member")
    MAINTENANCE = "maintenance", _("maintenance firm")
    COLLECTION = "collection", _("collection agency")
    ANYONE = "anyone", _("anyone who asks for the share register")
    ENTITLED = "entitled", _("shareholder or somebody with a proven right")
    RESIDENTS = "residents", _("the residents of the house (name board)")
    AUTHORITY = "authority", _("authority")
    SUBJECT = "subject", _("the person concerned")
    CONTROLLER = "controller", _("the controller itself, for its accountability")
    SUCCESSOR = "successor", _("next manager, or the housing company itself")  # seuraava isännöitsijä
    MESSAGES = "messages", _("processor of messages or post")


@dataclass(frozen=True)
class Asked:
    """What is asked for, before anything is read of anybody."""

    kind: str
    recipient: Recipient
    company: HousingCompany | None
    fields: frozenset[str]
    evidence: Mapping[str, Any]
    on: date
    former: bool = False  # ended homes and shares too


@dataclass(frozen=True)
class Refusal:
    """`about` is the field or piece of evidence that it is about."""

    about: str
    text: Any


@dataclass(frozen=True)
class LogFilter:
    """Which rows of the log: everything that is set must fit. Keys, days and codes; nothing is searched by name."""

    kind: str = ""
    what: str = ""
    company: int | None = None
    organisation: int | None = None
    recipient: int | None = None  # a person
    outside: int | None = None
    about: int | None = None  # a person
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        return self == LogFilter()
