"""What is put in the queue, and what is not."""

import base64

import pytest
import redis
from celery import Celery
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.acting import Program
from fluxio.celery import app as celery_app
from mail.gate import MayNotSend
from mail.letter import letter_of
from mail.models import CONTENT, OutgoingMessage
from mail.services import deliver, queue_message
from registers.inventory import rows_about
from tests.conftest import QUEUE_ADDRESS
from tests.factories import PersonFactory
from tests.mail.letters import ADDRESS, FACTS, forget_tasks, letters, queued, tasks

pytestmark = pytest.mark.django_db


def test_a_message_waits_in_the_queue_and_says_who_put_it_there(staff):
    user = staff("manager")

    message = queued(by=user)

    assert (message.state, message.kind, message.attempts) == ("queued", "answer", 0)
    assert (message.user_key, message.user_email, message.program) == (user.pk, user.email, "")
    assert [(letter.to, letter.text) for letter in letters()] == [(ADDRESS, FACTS["text"])]


def test_the_database_holds_no_readable_word_of_it():
    message = queued(headers={"Reply-To": "toimisto@example.com"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM mail_outgoingmessage m")
        row = cursor.fetchone()[0]
    assert message.message_id in row
    for word in ("aino", "Vahvista", "Hei", "toimisto"):
        assert word not in row
        assert word.encode().hex() not in row


def test_content_is_masked_in_python():
    message = queued()

    assert {str(getattr(message, name)) for name in CONTENT} == {"••••••-••••"}
    assert ADDRESS not in f"{message!r} {letters()!r}"


@pytest.mark.parametrize("to", ["", "aino", "aino@", "a@example.com\nBcc: b@example.com", "Aino <aino@example.com>"])
def test_an_address_that_is_none_is_refused_without_repeating_it(to):
    with pytest.raises(ValidationError) as refused:
        queued(to=to)

    assert refused.value.message_dict == {"to": ["This is no email address."]}
    assert OutgoingMessage.objects.count() == 0


@pytest.mark.parametrize(
    "facts",
    [
        {"subject": "Hei\nBcc: toinen@example.com"},
        {"subject": "Hei\u2028Bcc: toinen@example.com"},
        {"headers": {"X-Note": "a\r\nBcc: toinen@example.com"}},
        {"headers": {"X-Note\nBcc": "toinen@example.com"}},
        {"headers": {"Bcc": "toinen@example.com"}},
        {"headers": {"from": "toinen@example.com"}},
        {"headers": {"Message-ID": "<1@example.com>"}},
        {"headers": {"Content-Type": "text/html"}},
    ],
)
def test_nobody_adds_a_header_or_a_receiver(facts):
    with pytest.raises(ValidationError):
        queued(**facts)

    assert OutgoingMessage.objects.count() == 0


def test_what_the_gate_refuses_is_not_queued(closed):
    closed[7] = "no_consent"
    assert queued(kind="purpose", purpose_key=8).state == "queued"

    with pytest.raises(MayNotSend) as refused:
        queued(kind="purpose", purpose_key=7)

    assert (refused.value.reason, OutgoingMessage.objects.count()) == ("no_consent", 1)


def test_without_a_gate_nothing_is_sent_for_a_purpose(no_gate):
    with pytest.raises(MayNotSend, match=r"^no_gate$"):
        queued(kind="purpose", purpose_key=7)

    assert queued(kind="answer", purpose_key=7).state == "queued"


def test_nothing_is_sent_for_a_purpose_that_is_not_named(closed):
    with pytest.raises(MayNotSend, match=r"^no_purpose$"):
        queued(kind="purpose")


def test_the_gate_is_told_whom_and_what_it_is_about(no_gate):
    from mail import gate

    asked = []
    gate.register_gate(lambda message, to: asked.append((message.person_key, message.purpose_key, to)))

    queued(kind="purpose", person_key=3, purpose_key=7)

    assert asked == [(3, 7, ADDRESS)]


def test_a_message_about_a_person_is_among_what_is_held_about_them():
    person = PersonFactory()
    queued(person_key=person.pk)

    (row,) = rows_about(person.pk)["mail.outgoingmessage"]

    assert (row["state"], row["to"]) == ("queued", "••••••-••••")


@pytest.mark.django_db(transaction=True)
def test_the_task_holds_a_number_alone():
    forget_tasks()

    message = queued()

    assert tasks() == [("mail.tasks.deliver_message", [message.pk], {})]
    (raw,) = redis.Redis.from_url(QUEUE_ADDRESS).lrange("celery", 0, -1)
    assert ADDRESS.encode() not in raw


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_enqueued():
    forget_tasks()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queued()
        raise ZeroDivisionError

    assert (tasks(), OutgoingMessage.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_does_not_answer_is_no_harm():
    Celery("away", broker="redis://127.0.0.1:1", set_as_current=False).set_current()
    try:
        message = queued()
    finally:
        celery_app.set_current()

    assert OutgoingMessage.objects.get().pk == message.pk


@pytest.mark.parametrize(
    "change",
    [
        {"state": "sent"},
        {"state": "refused"},
        {"state": "given_up", "next_attempt_at": None},
        {"next_attempt_at": None},
        {"to": None},
        {"emptied_at": "2026-01-01T00:00Z"},
        {"program": ""},
        {"kind": "purpose"},
    ],
)
def test_the_database_refuses_what_cannot_be(change):
    message = queued()

    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMessage.objects.filter(pk=message.pk).update(**change)


def test_a_program_or_a_user_answers_for_each_message():
    with pytest.raises(KeyError):
        queue_message(**FACTS)
    assert queued(by=Program("schedule")).program == "schedule"


def test_an_old_key_can_go_when_messages_were_encrypted_anew(settings, closed):
    waiting, emptied = queued(), queued(kind="purpose", purpose_key=7)
    closed[7] = "withdrawn"
    deliver(key=emptied.pk)
    new = f"new:{base64.b64encode(b'n' * 32).decode()}"
    settings.FIELD_KEYS = f"{new},{settings.FIELD_KEYS}"

    call_command("rotate_field_keys", verbosity=0)
    settings.FIELD_KEYS = new

    assert letter_of(OutgoingMessage.objects.get(pk=waiting.pk)).text == FACTS["text"]
