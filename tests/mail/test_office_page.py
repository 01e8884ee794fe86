"""The office's page of outgoing mail, and what the desk says of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mail.models import OutgoingMessage
from mail.services import deliver
from mail.tasks import empty_sent_messages
from tests.factories import HousingCompanyFactory
from tests.mail.letters import ADDRESS, age, queued
from tests.pages.browsing import post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def given_up(server):
    message = queued()
    server.answers["RCPT"] = "550 unknown"
    deliver(key=message.pk)
    return message


def listed(client, **query):
    return text_of(client.get(reverse("admin:mail_list"), query))


def test_the_page_says_what_became_of_a_message_and_not_what_it_said(officer, given_up, staff):
    user = staff("manager")
    queued(by=user)

    text = listed(officer)

    assert '<span class="badge bad">given up</span>' in text
    assert "SMTP 550" in text
    assert user.email in text
    for word in (ADDRESS, "Vahvista", "Hei"):
        assert word not in text


def test_the_list_is_filtered_by_state(officer, given_up):
    queued()

    assert listed(officer).count("<tr>") == 3
    assert listed(officer, state="queued").count("<tr>") == 2
    assert "SMTP 550" not in listed(officer, state="queued")
    assert "SMTP 550" in listed(officer, state="given_up")
    assert "No messages." in listed(officer, state="sent")
    assert listed(officer, state="nonsense").count("<tr>") == 3


def test_the_reason_of_a_refusal_is_said_in_words(officer, closed, monkeypatch):
    message = queued(kind="purpose", purpose_key=7)
    monkeypatch.setattr("mail.gate._gate", None)
    deliver(key=message.pk)

    assert "nothing allows it" in listed(officer)


def test_a_message_that_was_given_up_is_tried_again_by_a_button(officer, given_up):
    assert reverse("admin:mail_retry", args=[given_up.pk]) in listed(officer)

    response = post(officer, "mail_retry", given_up.pk)

    given_up.refresh_from_db()
    assert (response.status_code, given_up.state, given_up.attempts) == (302, "queued", 0)
    assert "The message is tried again." in text_of(officer.get(response["Location"]))
    assert "gone on meanwhile" in text_of(officer.post(reverse("admin:mail_retry", args=[given_up.pk]), follow=True))
    assert post(officer, "mail_retry", 999999).status_code == 404


def test_nothing_is_offered_once_the_content_is_gone(officer, given_up):
    age(given_up, days=8)
    empty_sent_messages()

    assert "Try again" not in listed(officer)


def test_the_desk_tells_of_messages_that_could_not_be_delivered(officer, client_of, given_up):
    HousingCompanyFactory()  # an empty office's desk says how to begin, and nothing else
    assert "1 message could not be delivered" in text_of(officer.get(reverse("admin:index")))
    other = client_of("manager")
    other.cookies["django_language"] = "en"
    assert "could not be delivered" not in text_of(other.get(reverse("admin:index")))

    age(given_up, days=8)
    empty_sent_messages()

    assert "could not be delivered" not in text_of(officer.get(reverse("admin:index")))


def test_one_message_or_many_take_the_same_queries(officer):
    queued()
    listed(officer)
    with CaptureQueriesContext(connection) as few:
        listed(officer)
    for _more in range(60):
        queued()
    with CaptureQueriesContext(connection) as many:
        text = listed(officer)

    assert len(few) == len(many)
    assert "1 / 2" in text
    assert 'href="?state=queued&amp;page=2"' in listed(officer, state="queued")
    assert OutgoingMessage.objects.count() == 61
