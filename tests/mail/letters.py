"""Queueing and reading messages in tests."""

import base64
import json
from datetime import timedelta

import redis
from django.db.models import F

from accounts.acting import Program
from mail.letter import Letter, letter_of
from mail.models import OutgoingMessage
from mail.queries import messages_with_content
from mail.services import deliver, queue_message
from tests.conftest import QUEUE_ADDRESS

ADDRESS = "aino.virtanen@example.com"
FACTS = {
    "to": ADDRESS,
    "subject": "Vahvista osoite",
    "text": "Hei Aino!\n\nÄlä vastaa.",
    "language": "fi",
    "kind": "answer",
}


def queued(**facts) -> OutgoingMessage:
    return queue_message(**({"by": Program("tests")} | FACTS | facts))


def letters() -> list[Letter]:
    """What everybody was sent, or is about to be, in the order of queueing."""
    return [letter_of(message) for message in messages_with_content().order_by("pk")]


def attempt(message) -> str | None:
    """The next attempt, whenever it is due."""
    rows = OutgoingMessage.objects.filter(pk=message.pk, state="queued")
    rows.update(next_attempt_at=F("queued_at") - timedelta(seconds=1))
    return deliver(key=message.pk)


def age(message, **by) -> None:
    """Let time pass for this message."""
    passed = timedelta(**by)
    columns = ("queued_at", "next_attempt_at", "sent_at", "stopped_at", "emptied_at")
    OutgoingMessage.objects.filter(pk=message.pk).update(**{name: F(name) - passed for name in columns})


def forget_tasks() -> None:
    redis.Redis.from_url(QUEUE_ADDRESS).flushdb()


def tasks() -> list[tuple[str, list, dict]]:
    """What waits for a worker: name, arguments, named arguments."""
    envelopes = [json.loads(raw) for raw in redis.Redis.from_url(QUEUE_ADDRESS).lrange("celery", 0, -1)]
    bodies = [json.loads(base64.b64decode(envelope["body"])) for envelope in envelopes]
    return [(envelope["headers"]["task"], *body[:2]) for envelope, body in zip(envelopes, bodies, strict=True)]
