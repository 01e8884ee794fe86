"""The address of a request is its owner's: shown by six digits that are sent there.

By the same digits the person comes back to the page of the request. An address that fits no request takes the same work
as one that does: its message is queued, and gone before anybody sees it.
"""

from datetime import datetime, timedelta
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, service
from consent.contacts import email_key
from consent.links import page_address
from mail.models import OutgoingMessage
from registers.fields import Sealed
from rights.codes import TRIES, VALID_FOR, code_digest, is_code, new_code
from rights.keeping import end_requests
from rights.models import SubjectRequest
from rights.services.mailing import code_says, mail
from rights.services.marketing import ban_address
from rights.services.messages import send_receipt
from rights.services.steps import locked, move, note_step
from rights.words import Did, State

REMIND_AFTER = timedelta(days=2)
KEPT_UNCONFIRMED = timedelta(days=14)


@service
def send_code(*, request: SubjectRequest | None, email: str, language: str, by: Program) -> None:
    """A new code to this address, which ends the one before. None: it fits no request, and nothing leaves."""
    key, code = (request.pk if request else 0), new_code()
    SubjectRequest.objects.filter(pk=key).update(
        code_digest=code_digest(code, _salt(key)), code_expires_at=timezone.now() + VALID_FOR, code_tries=0
    )
    message = mail(
        to=email,
        language=language,
        says=lambda: code_says(
            code,
            _("Write it on the page on which you asked for it. Give it to nobody: we never ask for it."),
            _("If you have not asked for it, do nothing: somebody has written your address by mistake."),
        ),
        kind="answer",
        person_key=request.person_key if request else None,
        by=by,
    )
    OutgoingMessage.objects.filter(pk=0 if request else message.pk).delete()  # a statement for both


@service
def use_code(*, request: SubjectRequest, code: str, by: Program) -> SubjectRequest | None:
    """The address is confirmed; None for a wrong code, which is counted. A code that is dead: ValidationError."""
    case = locked(request)
    expired = case.code_expires_at is None or case.code_expires_at <= timezone.now()
    if expired or case.code_tries >= TRIES:
        raise ValidationError(_("This code is no longer valid. Ask for another one."))
    if not is_code(code, _salt(case.pk), case.code_digest):
        case.code_tries += 1
        case.save(update_fields=["code_tries"])
        return None
    case.code_digest = case.code_expires_at = None
    case.save(update_fields=["code_digest", "code_expires_at"])
    if case.confirmed_at is None:
        _confirm(case, by)
    return case


def _confirm(case: SubjectRequest, by: Program) -> None:
    """The request is open from here on. Its clock has run since the form was sent."""
    first = case.state == State.UNCONFIRMED
    if first:
        move(case, State.RECEIVED)
    case.confirmed_at = timezone.now()
    case.save(update_fields=["confirmed_at", "state"])
    note_step(case, Did.CONFIRMED, by)
    if case.no_marketing:  # also another address that the office put right
        ban_address(case, by)
    if first:
        send_receipt(case, by)


def request_with(reference: str, email: str) -> SubjectRequest | None:
    """The one with this reference and this address."""
    letters = "".join(letter for letter in reference.upper() if letter.isalnum())
    found = SubjectRequest.objects.filter(
        reference=f"{letters[:4]}-{letters[4:8]}" if len(letters) == 8 else "", email_key=email_key(email) or b""
    )
    return found.first()


@service
def remind_unconfirmed(*, at: datetime, by: Program) -> int:
    """Once, two days after the form was sent: an address gets one message in two weeks, however many name it."""
    waiting = SubjectRequest.objects.select_for_update(of=("self",)).filter(
        state=State.UNCONFIRMED, reminded_at=None, received_at__lte=at - REMIND_AFTER
    )
    lately = SubjectRequest.objects.filter(reminded_at__gt=at - KEPT_UNCONFIRMED, email_key__isnull=False)
    known = {bytes(key or b"") for key in lately.values_list("email_key", flat=True)}
    told: set[bytes] = set()
    for request in waiting.order_by("-received_at"):
        key = bytes(request.email_key or b"")
        if key not in known | told:
            _remind(request, by)
            told.add(key)
        request.reminded_at = at
        request.save(update_fields=["reminded_at"])
        note_step(request, Did.REMINDED, by)
    return len(told)


def _remind(request: SubjectRequest, by: Program) -> None:
    ends = timezone.localtime(request.received_at + KEPT_UNCONFIRMED).date()
    names = {"reference": request.reference}

    def says() -> tuple[str, list[str]]:
        return _("Confirm your request %(reference)s") % names, [
            _("A request was sent to us with this address, and the address is not confirmed yet: %(reference)s.")
            % names,
            _("If it was you, confirm it here with the reference and a code that we send: %(link)s")
            % {"link": page_address("request_status")},
            _("If it was not you, do nothing: what was sent is erased on %(day)d.%(month)d.")
            % {"day": ends.day, "month": ends.month},
        ]

    mail(to=cast(Sealed, request.email).reveal(), language=request.language, says=says, kind="answer", by=by)


@service
def purge_unconfirmed(*, at: datetime, by: Program) -> int:
    """Two weeks after the form was sent, with everything that came with it."""
    rows = SubjectRequest.objects.select_for_update(of=("self",))
    old = rows.filter(state=State.UNCONFIRMED, received_at__lte=at - KEPT_UNCONFIRMED)
    keys = list(old.values_list("pk", flat=True))
    if keys:
        end_requests(keys)
    return len(keys)


def _salt(key: int) -> str:
    return f"request {key}"
