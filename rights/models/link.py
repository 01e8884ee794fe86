"""Links that open one thing once: a message of a case, its package."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, Keep, KeepRow, RegisterPerson
from rights.models.message import RequestMessage
from rights.models.request import SubjectRequest


class OneTimeLink(models.Model):
    """The secret itself stands in the email alone. Opening asks for a button, since mail scanners open links; then for
    a code that is sent to the same address."""

    class What(models.TextChoices):
        MESSAGE = "message", _("message")
        PACKAGE = "package", _("package")

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="links")
    what = models.CharField(_("what it opens"), max_length=7, choices=What)
    message = models.ForeignKey(RequestMessage, on_delete=models.CASCADE, null=True, related_name="links")
    token_digest = models.BinaryField(_("secret, digest"), unique=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used at"), null=True)
    code_digest = models.BinaryField(_("code, digest"), null=True)
    code_expires_at = models.DateTimeField(_("code valid until"), null=True)
    code_tries = models.PositiveSmallIntegerField(_("wrong codes"), default=0)

    class Meta:
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="message") | Q(message__isnull=False), name="link_to_a_message_names_it"
            )
        ]

    class PersonalData:
        subject = RegisterPerson("request__person_key")
        ends = KeepRow("goes a month after it has expired, and with its request")
        personal = {
            Category.USAGE: {
                "used_at": Keep("goes with the row, a month after it has expired"),
                "made_at": Keep("goes with the row, a month after it has expired"),
            }
        }
        not_personal = (
            "id", "request", "what", "message", "token_digest", "expires_at", "code_digest", "code_expires_at",
            "code_tries",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.request_id}/{self.what}"
