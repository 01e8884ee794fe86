"""Everything that leaves by email: queued here, delivered here."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, actor_columns, check_may, service
from accounts.crypto import CannotDecrypt
from accounts.models import User
from mail.delivery import Fault, fault_of, send
from mail.gate import MayNotSend, refusal_of
from mail.letter import Letter, check, columns_of, letter_of
from mail.models import NO_CONTENT, OutgoingMessage

logger = logging.getLogger(__name__)
Kind, State = OutgoingMessage.Kind, OutgoingMessage.State

RIGHT = "mail.view_messages"
# Minutes until the next attempt after the first, the second …: given up after a day.
WAITS = (1, 5, 15, 60, 240, 240, 240, 240, 240, 240)
CONTENT_DAYS = 7
ROW_DAYS = 90


@service
def queue_message(
    *,
    to: str,
    subject: str,
    text: str,
    language: str,
    kind: str,
    by: User | Program,
    person_key: int | None = None,
    purpose_key: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> OutgoingMessage:
    """The message leaves when the transaction is through, within a moment or when the server answers again.

    For kind `purpose` the gate is asked first, and again when it leaves: `MayNotSend`. An address or a header that is
    none: ValidationError.
    """
    letter = Letter(to=to.strip(), subject=subject, text=text, headers=dict(headers or {}))
    check(letter)
    actor = actor_columns(by)
    message = OutgoingMessage(
        kind=Kind(kind),
        language=language,
        person_key=person_key,
        purpose_key=purpose_key,
        user_key=actor["actor_id"],
        user_email=actor["actor_email"] or "",
        program=actor["program"],
        # The database's clock, which web servers and workers share.
        queued_at=Now(),
        next_attempt_at=Now(),
        **columns_of(letter),
    )
    if reason := refusal_of(message, letter.to):
        raise MayNotSend(reason)
    message.save()
    message.refresh_from_db()  # whoever queued it holds sealed content from here on
    _enqueue(message.pk)
    return message


def _enqueue(key: int) -> None:
    """Once the transaction is through. A queue that does not answer is no harm: the schedule collects what is due."""
    transaction.on_commit(lambda: current_app.send_task("mail.tasks.deliver_message", args=[key]), robust=True)


@transaction.atomic
def deliver(*, key: int) -> str | None:
    """Send a message that is due; its state then, or None when it is not due or another worker has it.

    At least once, never lost: the lock ends with the worker, and what was not recorded as sent is sent again, under the
    same Message-ID. It is sent twice only when the worker ends between the server's answer and the commit.
    """
    due = OutgoingMessage.objects.select_for_update(skip_locked=True).filter(pk=key, state=State.QUEUED)
    message = due.filter(next_attempt_at__lte=Now()).first()
    if message is None:
        return None
    try:
        letter = letter_of(message)
    except CannotDecrypt as error:
        return _postpone(message, fault_of(error))
    if reason := refusal_of(message, letter.to):
        return _refuse(message, reason)
    try:
        send(message, letter)
    except Exception as error:
        return _postpone(message, fault_of(error))
    message.move_to(State.SENT, sent_at=timezone.now(), next_attempt_at=None, attempts=message.attempts + 1)
    return State.SENT


def _refuse(message: OutgoingMessage, reason: str) -> str:
    """Somebody has said no since it was queued: what it says has no purpose any more."""
    now = timezone.now()
    message.move_to(State.REFUSED, reason=reason, stopped_at=now, next_attempt_at=None, emptied_at=now, **NO_CONTENT)
    return State.REFUSED


def _postpone(message: OutgoingMessage, fault: Fault) -> str:
    now, tried = timezone.now(), message.attempts + 1
    given_up = fault.permanent or tried > len(WAITS)
    logger.warning("Message %s did not leave at attempt %s: %s", message.pk, tried, fault.name)
    if given_up:
        times = {"next_attempt_at": None, "stopped_at": now}
    else:
        times = {"next_attempt_at": now + timedelta(minutes=WAITS[tried - 1])}
    state = State.GIVEN_UP if given_up else State.QUEUED
    message.move_to(state, attempts=tried, last_fault=fault.name[:60], **times)
    return state


@service
def retry_message(*, key: int, by: User | Program) -> OutgoingMessage:
    """A message that was given up is tried for another day. ValidationError when there is nothing to try."""
    check_may(by, RIGHT)
    message = OutgoingMessage.objects.select_for_update().get(pk=key)
    if message.state != State.GIVEN_UP:
        raise ValidationError(_("This message has gone on meanwhile. The list shows where it is now."))
    if message.emptied_at:
        raise ValidationError(_("The content of this message was removed: it can't be sent any more."))
    message.move_to(State.QUEUED, attempts=0, stopped_at=None, next_attempt_at=timezone.now())
    _enqueue(message.pk)
    return message


def empty_ended_messages() -> int:
    """What has left or was given up keeps its content for a week: long enough to try again or to look at it."""
    before = timezone.now() - timedelta(days=CONTENT_DAYS)
    ended = OutgoingMessage.objects.exclude(state=State.QUEUED).filter(emptied_at=None)
    old = ended.alias(ended_at=Coalesce("sent_at", "stopped_at")).filter(ended_at__lt=before)
    return old.update(emptied_at=timezone.now(), **NO_CONTENT)


def delete_old_messages() -> int:
    before = timezone.now() - timedelta(days=ROW_DAYS)
    old = OutgoingMessage.objects.exclude(state=State.QUEUED).filter(queued_at__lt=before)
    return old.delete()[0]
