"""The words with which a model says what personal data it holds: see `docs/architecture.md`, the inventory.

Every model carries an inner class `PersonalData`:

    class PersonalData:
        subject = RegisterPerson("person")          # how a row leads to its person
        ends = DeleteRow()                          # what erasing does to the row as a whole
        personal = {Category.RESIDENCE: {"moved_in": Keep("goes with the row")}}
        not_personal = ("id", "role")
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    """Categories of personal data; retention and notices speak of these."""

    IDENTITY = "identity", _("Identity")
    CONTACT = "contact", _("Contact details")
    IDENTITY_CODE = "identity_code", _("Personal identity code")
    RESIDENCE = "residence", _("Residence")
    OWNERSHIP = "ownership", _("Ownership")
    FINANCIAL = "financial", _("Charges and payments")
    COMMUNICATION = "communication", _("Communication")
    FEEDBACK = "feedback", _("Feedback")
    MARKETING = "marketing", _("Marketing")
    ACCESS_CONTROL = "access_control", _("Access control")
    CASE = "case", _("Cases")
    ACCOUNT = "account", _("User accounts")
    USAGE = "usage", _("Use of the system")


@dataclass(frozen=True)
class Erase:
    """Erasing sets the field to this value."""

    to: Any = None


@dataclass(frozen=True)
class WithRow:
    """The field goes when its row is deleted."""


@dataclass(frozen=True)
class Keep:
    """The field stays, because …"""

    because: str


@dataclass(frozen=True)
class EraseWithPerson:
    """A text of a log: kept as long as the person's row, whatever else has ended, then set to this."""

    to: str = ""


FieldEnd = Erase | WithRow | Keep | EraseWithPerson


@dataclass(frozen=True)
class DeleteRow:
    """Erasing deletes the row."""


@dataclass(frozen=True)
class EraseFields:
    """Erasing empties the row's personal fields; the row stays, without its person."""


@dataclass(frozen=True)
class KeepRow:
    """The row stays, because …"""

    because: str


RowEnd = DeleteRow | EraseFields | KeepRow


class Subject:
    """How a row leads to the person it is about."""


class RegisterPerson(Subject):
    """The row is about the `registers.Person` that any of these lookups reaches ("pk" for the person's own row)."""

    def __init__(self, *lookups: str) -> None:
        self.lookups = lookups


class Account(Subject):
    """The row is about the user account that any of these lookups reaches."""

    def __init__(self, *lookups: str) -> None:
        self.lookups = lookups


@dataclass(frozen=True)
class NoPerson(Subject):
    """The row is about nobody, or about somebody whom no row of ours stands for."""

    because: str
