"""From the queue to a mail server: once, again, or not at all."""

import logging
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.utils import timezone

from mail.models import CONTENT, OutgoingMessage
from mail.services import WAITS, deliver, retry_message
from mail.tasks import collect_due, deliver_message, empty_sent_messages
from tests.mail.letters import ADDRESS, age, attempt, forget_tasks, queued, tasks

pytestmark = pytest.mark.django_db


def test_a_message_arrives_as_it_was_written(server):
    message = queued(headers={"List-Unsubscribe": "<https://fluxio.example/pois>"})

    assert deliver(key=message.pk) == "sent"

    ((receiver, mail),) = server.taken
    assert (receiver, mail["To"], mail["Subject"]) == (ADDRESS, ADDRESS, "Vahvista osoite")
    assert mail["From"] == "Fluxio <office@fluxio.example>"
    assert (mail["Message-ID"], mail["Content-Language"]) == (message.message_id, "fi")
    assert mail["List-Unsubscribe"] == "<https://fluxio.example/pois>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().split() == ["Hei", "Aino!", "Älä", "vastaa."]
    message.refresh_from_db()
    assert (message.state, message.attempts, message.next_attempt_at) == ("sent", 1, None)
    assert timezone.now() - message.sent_at < timedelta(minutes=1)


def test_what_has_left_does_not_leave_again(server):
    message = queued()
    deliver(key=message.pk)

    assert deliver(key=message.pk) is None
    assert len(server.taken) == 1


def test_a_message_waits_until_the_server_answers_and_keeps_its_message_id(server):
    message = queued()
    server.answers["DATA"] = "451 try later"
    assert deliver(key=message.pk) == "queued"
    message.refresh_from_db()
    assert (message.attempts, message.last_fault) == (1, "SMTP 451")
    wait = message.next_attempt_at - timezone.now()
    assert timedelta(seconds=50) < wait <= timedelta(minutes=1)
    assert deliver(key=message.pk) is None  # not before its time

    del server.answers["DATA"]
    assert attempt(message) == "sent"

    ((_receiver, mail),) = server.taken
    assert mail["Message-ID"] == message.message_id


def test_a_second_delivery_has_the_same_message_id(server):
    """The server takes it and answers nonsense, so that it counts as not sent."""
    message = queued()
    server.after_data = "451 taken, but did we say so?"
    assert deliver(key=message.pk) == "queued"

    server.after_data = "250 OK"
    assert attempt(message) == "sent"

    first, second = (mail["Message-ID"] for _receiver, mail in server.taken)
    assert first == second == message.message_id


def test_waiting_grows_and_ends_after_a_day(server):
    message = queued()
    server.answers["MAIL"] = "421 closing"
    waits = []
    while attempt(message) == "queued":
        message.refresh_from_db()
        waits.append(round((message.next_attempt_at - timezone.now()).total_seconds() / 60))

    message.refresh_from_db()
    assert tuple(waits) == WAITS
    assert waits[:5] == [1, 5, 15, 60, 240]
    assert 24 * 60 <= sum(waits) < 26 * 60
    assert (message.state, message.attempts, message.next_attempt_at) == ("given_up", len(WAITS) + 1, None)
    assert server.taken == []


def test_without_a_server_a_message_waits(settings, server):
    message = queued()
    settings.EMAIL_PORT = 1

    assert deliver(key=message.pk) == "queued"
    message.refresh_from_db()
    assert message.last_fault == "ConnectionRefusedError"


@pytest.mark.parametrize(
    ("command", "answer", "state", "fault"),
    [
        ("RCPT", f"550 no {ADDRESS} here", "given_up", "SMTP 550"),
        ("RCPT", "450 mailbox busy", "queued", "SMTP 450"),
        ("DATA", "554 no such mail", "given_up", "SMTP 554"),
        ("MAIL", "550 you may not send", "queued", "SMTP 550"),  # our settings: somebody mends them
    ],
)
def test_the_servers_last_word_about_the_receiver_ends_it(command, answer, state, fault, server):
    message = queued()
    server.answers[command] = answer

    assert deliver(key=message.pk) == state

    message.refresh_from_db()
    assert (message.last_fault, message.attempts, message.emptied_at) == (fault, 1, None)


def test_somebody_who_has_withdrawn_since_is_sent_nothing(closed, server):
    message = queued(kind="purpose", purpose_key=7)
    closed[7] = "withdrawn"

    assert deliver(key=message.pk) == "refused"

    message.refresh_from_db()
    assert (message.reason, server.taken) == ("withdrawn", [])
    assert [getattr(message, name) for name in CONTENT] == [None] * 4
    assert deliver(key=message.pk) is None


def test_a_gate_that_is_gone_is_closed(closed, monkeypatch, server):
    message = queued(kind="purpose", purpose_key=7)
    monkeypatch.setattr("mail.gate._gate", None)

    assert (deliver(key=message.pk), server.taken) == ("refused", [])
    message.refresh_from_db()
    assert message.reason == "no_gate"


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_message_once(server):
    message = queued()
    server.go_on.clear()
    states = []

    def work():
        try:
            states.append(deliver(key=message.pk))
        finally:
            connections.close_all()

    first = threading.Thread(target=work)
    first.start()
    assert server.asked.wait(10)
    second = threading.Thread(target=work)
    second.start()
    second.join(10)
    assert states == [None]
    server.go_on.set()
    first.join(10)

    assert (states, len(server.taken)) == ([None, "sent"], 1)


def test_the_schedule_collects_what_is_due_and_no_more(server):
    due, later, sent = queued(), queued(), queued()
    OutgoingMessage.objects.filter(pk=later.pk).update(next_attempt_at=timezone.now() + timedelta(minutes=1))
    deliver(key=sent.pk)

    forget_tasks()

    collect_due()

    assert tasks() == [("mail.tasks.deliver_message", [due.pk], {})]


def test_a_task_of_a_message_that_is_gone_does_nothing():
    deliver_message(key=123456)


def test_logs_hold_no_address_and_no_word(server, caplog):
    caplog.set_level(logging.DEBUG)
    taken, failed, rejected = queued(), queued(), queued()
    deliver(key=taken.pk)
    server.answers["RCPT"] = f"450 {ADDRESS} is busy"
    deliver(key=failed.pk)
    server.answers["RCPT"] = f"550 {ADDRESS} unknown"
    deliver(key=rejected.pk)

    assert f"Message {failed.pk} did not leave at attempt 1: SMTP 450" in caplog.text
    assert f"Message {rejected.pk} did not leave at attempt 1: SMTP 550" in caplog.text
    for word in (ADDRESS, "aino", "Vahvista", "vastaa"):
        assert word not in caplog.text


def test_what_was_given_up_is_tried_again_by_somebody_who_may(server, staff):
    message = queued()
    server.answers["RCPT"] = "550 unknown"
    deliver(key=message.pk)
    server.answers.clear()
    with pytest.raises(PermissionDenied):
        retry_message(key=message.pk, by=staff("manager"))

    retry_message(key=message.pk, by=staff("privacy_officer"))

    assert deliver(key=message.pk) == "sent"
    assert len(server.taken) == 1


def test_nothing_but_what_was_given_up_is_tried_again(server, by):
    message = queued()
    with pytest.raises(ValidationError, match="gone on meanwhile"):
        retry_message(key=message.pk, by=by)
    server.answers["RCPT"] = "550 unknown"
    deliver(key=message.pk)
    age(message, days=8)
    empty_sent_messages()

    with pytest.raises(ValidationError, match="can't be sent any more"):
        retry_message(key=message.pk, by=by)


def test_content_is_removed_after_a_week_and_the_row_after_three_months(server):
    waiting, sent, given_up = queued(), queued(), queued()
    deliver(key=sent.pk)
    server.answers["RCPT"] = "550 unknown"
    deliver(key=given_up.pk)
    for message in (waiting, sent, given_up):
        age(message, days=6, hours=23)
    empty_sent_messages()
    assert OutgoingMessage.objects.filter(emptied_at=None).count() == 3

    for message in (waiting, sent, given_up):
        age(message, hours=2)
    empty_sent_messages()
    assert list(OutgoingMessage.objects.filter(emptied_at=None)) == [waiting]
    assert set(OutgoingMessage.objects.values_list("state", "to").exclude(pk=waiting.pk)) == {
        ("sent", None),
        ("given_up", None),
    }

    for message in (waiting, sent, given_up):
        age(message, days=84)
    empty_sent_messages()
    assert list(OutgoingMessage.objects.all()) == [waiting]


def test_the_states_are_a_table_and_nothing_beside_it():
    states = set(OutgoingMessage.State.values)

    assert set(OutgoingMessage.TRANSITIONS) == states
    assert {to for tos in OutgoingMessage.TRANSITIONS.values() for to in tos} <= states
    with pytest.raises(ValueError, match="does not go from sent"):
        OutgoingMessage(state="sent").move_to("queued")
