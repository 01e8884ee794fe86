"""The one place where mail leaves: the connection of EMAIL_URL."""

import contextlib
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation

from mail.letter import Letter
from mail.models import OutgoingMessage


@dataclass(frozen=True)
class Fault:
    """What went wrong, without a word of what the server said: it repeats addresses."""

    name: str
    permanent: bool


class NothingLeft(Exception):
    """The connection took the message and says that it sent none."""


def send(message: OutgoingMessage, letter: Letter) -> None:
    """Raises whatever the connection raises. Waits for `EMAIL_TIMEOUT` seconds at most for each answer."""
    headers = {
        "Message-ID": message.message_id,
        "Content-Language": message.language,
        "Auto-Submitted": "auto-generated",
    }
    with translation.override(message.language):
        email = EmailMessage(letter.subject, letter.text, to=[letter.to], headers=headers | letter.headers)
        connection = get_connection(settings.MAIL_DELIVERY_BACKEND)
        connection.open()
        try:
            if connection.send_messages([email]) != 1:
                raise NothingLeft
        finally:
            # Once the server has taken the message, how it says goodbye must not make it be sent again.
            with contextlib.suppress(OSError):
                connection.close()


def fault_of(error: Exception) -> Fault:
    """A 5xx for the only receiver, or for the content, is the server's last word (RFC 5321, 4.2.1).

    About the sender or the sign-in it is a fault of our settings: worth another try when they were mended.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return Fault(f"SMTP {codes[0]}" if codes else type(error).__name__, any(500 <= code < 600 for code in codes))
    if isinstance(error, smtplib.SMTPResponseException):
        about_content = isinstance(error, smtplib.SMTPDataError)
        return Fault(f"SMTP {error.smtp_code}", about_content and 500 <= error.smtp_code < 600)
    return Fault(type(error).__name__, False)
