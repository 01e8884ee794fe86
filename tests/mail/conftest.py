"""A real mail server that the office delivers to; a gate as a test opens or closes it."""

import pytest

from mail import gate
from tests.mail.smtp_server import mail_server


@pytest.fixture
def server(settings):
    """Has `taken` and `answers`: see MailServer."""
    with mail_server() as running:
        settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 5
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.DEFAULT_FROM_EMAIL = "Fluxio <office@fluxio.example>"
        yield running


@pytest.fixture
def no_gate(monkeypatch):
    monkeypatch.setattr(gate, "_gate", None)


@pytest.fixture
def closed(no_gate):
    """The purposes for which nothing may be sent: key → reason. Everything else passes."""
    reasons: dict[int, str] = {}
    gate.register_gate(lambda message, to: reasons.get(message.purpose_key))
    return reasons
