"""Django's mail API leads to the queue: codes for signing in and whatever else Django or a library sends."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import get_language

from accounts.acting import Program
from accounts.notices import TO_NOBODY
from mail.models import OutgoingMessage
from mail.services import queue_message

BY = Program("accounts")  # nobody is signed in yet who asks for a code


class QueueBackend(BaseEmailBackend):
    """One message per receiver, as plain text: the row of one says nothing about the others."""

    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            if email.attachments or email.content_subtype != "plain":
                raise ValueError("Mail leaves as plain text, without attachments.")
            headers = dict(email.extra_headers)
            to_nobody = headers.pop(TO_NOBODY, None)
            if email.reply_to:
                headers["Reply-To"] = ", ".join(email.reply_to)
            for receiver in email.recipients():
                message = queue_message(
                    to=parseaddr(receiver)[1],
                    subject=str(email.subject),
                    text=str(email.body),
                    language=get_language() or settings.LANGUAGE_CODE,
                    kind=OutgoingMessage.Kind.ACCOUNT,
                    headers=headers,
                    by=BY,
                )
                if to_nobody:  # gone before anybody sees it; a worker finds nothing
                    message.delete()
        return len(email_messages)
