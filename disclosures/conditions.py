"""The conditions of law.md under which a recipient may get anything: each asks the registers or the evidence."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from consent.models import Recipient
from consent.words import RecipientClass
from disclosures.asking import Asked, Kind, Refusal
from registers.models import BoardSeat

RETURN_AHEAD = 60  # days before the contract's end from which the registers may be handed over; our default
NOTICE_DAYS = 14  # between the reminder and the hand-over to collection; our default
CLASSES = {
    Kind.MAINTENANCE: RecipientClass.MAINTENANCE,
    Kind.COLLECTION: RecipientClass.COLLECTION,
    Kind.MESSAGES: RecipientClass.MESSAGES,
}


def _said(asked: Asked, name: str) -> str:
    return str(asked.evidence.get(name, "")).strip()


def _day(asked: Asked, name: str) -> date | None:
    try:
        return parse_date(_said(asked, name))
    except ValueError:
        return None


def current_seat(asked: Asked) -> Refusal | None:
    """The term of office runs on this very day."""
    seats = BoardSeat.objects.filter(
        Q(term_until__isnull=True) | Q(term_until__gt=asked.on),
        person=asked.recipient.pk if asked.recipient else None,
        housing_company=asked.company,
        term_from__lte=asked.on,
    )
    if seats.exists():
        return None
    return Refusal("recipient", _("This person has no seat on the company's board today."))


def reason_given(asked: Asked) -> Refusal | None:
    return None if _said(asked, "reason") else Refusal("reason", _("Write what it is needed for."))


def processing_agreement(asked: Asked) -> Refusal | None:
    """A register of processors says that the agreement is in force (GDPR Art. 28(3))."""
    current = Recipient.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=asked.on),
        organisation=asked.recipient.pk if asked.recipient else None,
        recipient_class=CLASSES[Kind(asked.kind)],
        agreement_on__lte=asked.on,
    )
    if current.exists():
        return None
    return Refusal("recipient", _("No agreement with this firm is in force: see the processors and recipients."))


def open_order(asked: Asked) -> Refusal | None:
    if not _said(asked, "order"):
        return Refusal("order", _("Write the number of the service order."))
    until = _day(asked, "order_until")
    if until is None or until < asked.on:
        return Refusal("order_until", _("The order is not open: its last day is missing or has passed."))
    return None


def collectable(asked: Asked) -> Refusal | None:
    """Overdue, reminded in time, undisputed."""
    due, reminded = _day(asked, "due_on"), _day(asked, "reminded_on")
    if due is None or due >= asked.on:
        return Refusal("due_on", _("The debt is not overdue."))
    if reminded is None or reminded + timedelta(days=NOTICE_DAYS) > asked.on or reminded <= due:
        return Refusal("reminded_on", _("A reminder must have been sent after the due date, two weeks ago or earlier."))
    if asked.evidence.get("undisputed") is not True:
        return Refusal("undisputed", _("A disputed debt is not handed over."))
    if not _said(asked, "assignment"):
        return Refusal("assignment", _("Write the number of the assignment."))
    return None


def proof_seen(asked: Asked) -> Refusal | None:
    return None if _said(asked, "proof") else Refusal("proof", _("Write what proves the right to get it."))


def case_and_section(asked: Asked) -> Refusal | None:
    """Written, with the provision cited and a case number."""
    for name, text in (
        ("section", _("Write the provision that the authority cites.")),
        ("case_number", _("Write the case number of the request.")),
    ):
        if not _said(asked, name):
            return Refusal(name, text)
    if asked.evidence.get("in_writing") is not True:
        return Refusal("in_writing", _("The request must be in writing."))
    return None


def call_back(asked: Asked) -> Refusal | None:
    if asked.evidence.get("called_back") is True:
        return None
    return Refusal("called_back", _("Call the authority back at its public number first."))


def identity_shown(asked: Asked) -> Refusal | None:
    if _said(asked, "identified_by"):
        return None
    return Refusal("identified_by", _("Write how the person was identified."))


def contract_ending(asked: Asked) -> Refusal | None:
    """The management contract has ended, or ends soon: the next manager takes over on the day."""
    until = asked.company.managed_until if asked.company else None
    if until is not None and until <= asked.on + timedelta(days=RETURN_AHEAD):
        return None
    return Refusal("company", _("The management contract has no end within 60 days: record it first."))


def instructed(asked: Asked) -> Refusal | None:
    """The controller says to whom its registers go (Art. 28(3)(a)): who of the board, when, in which document."""
    on = _day(asked, "instructed_on")
    if on is None or on > asked.on:
        return Refusal("instructed_on", _("Write the day of the instruction: it has been given already."))
    if not _said(asked, "instruction"):
        return Refusal("instruction", _("Write in which document the housing company gave the instruction."))
    seat = _said(asked, "instructed_by")
    given = BoardSeat.objects.filter(
        Q(term_until__isnull=True) | Q(term_until__gt=on),
        pk=int(seat) if seat.isdecimal() and len(seat) < 19 else 0,
        housing_company=asked.company,
        term_from__lte=on,
    )
    if given.exists():
        return None
    return Refusal("instructed_by", _("Choose who gave it: somebody with a seat on the company's board on that day."))


class RestrictionGround(TextChoices):
    """GDPR Art. 18(2): what restricted data may still be used for."""

    CONSENT = "consent", _("the person's consent")
    CLAIMS = "claims", _("establishing, exercising or defending legal claims")
    RIGHTS = "rights", _("protecting the rights of another person")
    PUBLIC = "public", _("an important public interest")


def restriction_ground(asked: Asked) -> Refusal | None:
    if _said(asked, "restriction_ground") in RestrictionGround.values:
        return None
    return Refusal("restriction_ground", _("Choose the ground on which restricted data are used (GDPR Art. 18(2))."))


def evidence_kept(asked: Asked) -> dict[str, Any]:
    """What of the evidence stands in the log: answers and references, no values of persons."""
    return {name: value for name, value in sorted(asked.evidence.items()) if value not in ("", None)}
