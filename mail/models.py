"""A message on its way out, and what became of it."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, DeleteRow, RegisterPerson, WithRow
from registers.fields import EncryptedTextField

CONTENT = ("to", "subject", "body", "headers")
NO_CONTENT: dict[str, None] = dict.fromkeys(CONTENT)


def new_message_id() -> str:
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"


class OutgoingMessage(models.Model):
    """One message to one address. Keys without foreign keys: it never blocks erasure, nor knows the rooms above.

    The row's lock is the claim of whoever sends it: it ends with the worker, however that ends.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("sign-in")  # codes and the like, by Django's mail API
        ANSWER = "answer", _("answer")  # what the receiver has just asked for
        PURPOSE = "purpose", _("for a purpose")  # the gate is asked
        SYSTEM = "system", _("message of the system")  # to the office itself

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("not allowed")
        GIVEN_UP = "given_up", _("given up")

    TRANSITIONS: dict[str, tuple[str, ...]] = {
        State.QUEUED: (State.QUEUED, State.SENT, State.REFUSED, State.GIVEN_UP),
        State.GIVEN_UP: (State.QUEUED,),
        State.SENT: (),
        State.REFUSED: (),
    }

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    language = models.CharField(_("language"), max_length=10)
    # The same at every try, so that a receiver recognises what is delivered a second time.
    message_id = models.CharField(_("Message-ID"), max_length=300, unique=True, default=new_message_id)
    to = EncryptedTextField(_("to"), null=True)
    subject = EncryptedTextField(_("subject"), null=True)
    body = EncryptedTextField(_("text"), null=True)
    headers = EncryptedTextField(_("more headers, as JSON"), null=True)
    person_key = models.BigIntegerField(_("person"), null=True)
    purpose_key = models.BigIntegerField(_("purpose"), null=True)  # of consent.Purpose
    user_key = models.BigIntegerField(_("queued by"), null=True)
    user_email = models.EmailField(_("queued by (email)"), blank=True)
    program = models.CharField(_("program"), max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_fault = models.CharField(_("last fault"), max_length=60, blank=True)  # a class or a code, never a text
    reason = models.CharField(_("why not allowed"), max_length=40, blank=True)
    queued_at = models.DateTimeField(_("queued at"))
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    stopped_at = models.DateTimeField(_("not allowed or given up at"), null=True)
    emptied_at = models.DateTimeField(_("content removed at"), null=True)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        default_permissions = ()
        permissions = [("view_messages", "May read which mail has left, without its content")]
        ordering = ["-queued_at", "-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="message_due", condition=Q(state="queued")),
            models.Index(fields=["state", "-queued_at"], name="message_by_state"),
            models.Index(fields=["-queued_at"], name="message_by_time"),
            models.Index(fields=["person_key"], name="message_by_person", condition=Q(person_key__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="queued", next_attempt_at__isnull=False)
                | ~Q(state="queued") & Q(next_attempt_at__isnull=True),
                name="queued_message_has_a_next_attempt",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="sent_message_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["refused", "given_up"], stopped_at__isnull=False)
                | ~Q(state__in=["refused", "given_up"]) & Q(stopped_at__isnull=True),
                name="stopped_message_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
                name="refused_message_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(emptied_at__isnull=True, **{f"{name}__isnull": False for name in CONTENT})
                | Q(emptied_at__isnull=False, **{f"{name}__isnull": True for name in CONTENT}),
                name="message_is_empty_when_emptied",
            ),
            models.CheckConstraint(
                condition=Q(emptied_at__isnull=True) | ~Q(state="queued"), name="queued_message_keeps_its_content"
            ),
            models.CheckConstraint(
                condition=Q(user_key__isnull=False, program="") & ~Q(user_email="")
                | Q(user_key__isnull=True, user_email="") & ~Q(program=""),
                name="message_names_its_actor",
            ),
            models.CheckConstraint(
                condition=~Q(kind="purpose") | Q(purpose_key__isnull=False), name="message_names_its_purpose"
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person_key")
        actor = Account("user_key")
        ends = DeleteRow()
        personal = {
            Category.CONTACT: {"to": WithRow()},
            Category.COMMUNICATION: {
                "subject": WithRow(),
                "body": WithRow(),
                "headers": WithRow(),
                "person_key": WithRow(),
                "purpose_key": WithRow(),
                "message_id": WithRow(),
                "queued_at": WithRow(),
                "sent_at": WithRow(),
            },
            Category.ACCOUNT: {"user_key": WithRow(), "user_email": WithRow()},
        }
        not_personal = (
            "id",
            "kind",
            "state",
            "language",
            "program",
            "attempts",
            "last_fault",
            "reason",
            "next_attempt_at",
            "stopped_at",
            "emptied_at",
        )

    def __str__(self) -> str:
        return str(_("message %(id)s") % {"id": self.pk})

    def move_to(self, state: str, **values: Any) -> None:
        """Raises ValueError for a step that is not in the table."""
        if state not in self.TRANSITIONS[self.state]:
            raise ValueError(f"a message does not go from {self.state} to {state}")
        self.state = state
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *values])
