"""What Django and allauth send takes the same way out."""

import pytest
from django.core.mail import EmailMessage, send_mail
from django.urls import reverse

from accounts.models import User
from mail.models import OutgoingMessage
from tests.mail.letters import letters

pytestmark = pytest.mark.django_db


def test_a_code_for_a_new_password_is_read_in_the_outbox_and_works(client, staff):
    staff("manager", email="pia@office.example")
    client.post(reverse("account_reset_password"), {"email": "pia@office.example"})
    message = OutgoingMessage.objects.get()
    assert (message.kind, message.program, message.user_key) == ("account", "accounts", None)

    shown = client.get(reverse("demo_outbox_message", args=[message.pk])).content.decode()
    code = next(line for line in letters()[0].text.splitlines() if line.strip() and " " not in line.strip())
    assert f"<p>{code}</p>" in shown
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    facts = {"password1": "another long phrase", "password2": "another long phrase"}
    client.post(reverse("account_complete_password_reset"), facts)

    assert User.objects.get().check_password("another long phrase")


def test_a_code_speaks_the_language_of_whoever_asked_for_it(client, staff):
    staff("manager", email="pia@office.example")
    client.cookies["django_language"] = "sv"
    client.post(reverse("account_reset_password"), {"email": "pia@office.example"})

    assert OutgoingMessage.objects.get().language == "sv"


def test_every_receiver_gets_a_message_of_their_own():
    send_mail("Hei", "Teksti", "office@example.com", ["a@example.com", "Bo B <b@example.com>"])

    assert [(letter.to, letter.subject, letter.text) for letter in letters()] == [
        ("a@example.com", "Hei", "Teksti"),
        ("b@example.com", "Hei", "Teksti"),
    ]


def test_where_to_answer_goes_along():
    EmailMessage("Hei", "Teksti", to=["a@example.com"], reply_to=["b@example.com"]).send()

    assert letters()[0].headers == {"Reply-To": "b@example.com"}


def test_mail_that_is_not_plain_text_is_refused_rather_than_cut():
    email = EmailMessage("Hei", "Teksti", to=["a@example.com"])
    email.attach("a.txt", "Liite")

    with pytest.raises(ValueError, match="plain text"):
        email.send()
    assert OutgoingMessage.objects.count() == 0
