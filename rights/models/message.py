"""What was written in a case, to the person and by them: kept in the case, told by email with a link alone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, RegisterPerson
from consent.models.purpose import Made
from registers.fields import EncryptedTextField
from rights.models.request import PROOF, SubjectRequest
from rights.words import AnswerBy


class RequestMessage(Made):
    """A letter to the person (`template` says by which it was begun), or the person's answer."""

    class Direction(models.TextChoices):
        OUT = "out", _("to the person")
        IN = "in", _("from the person")

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    template = models.CharField(_("template"), max_length=20, blank=True)
    subject = EncryptedTextField(_("subject"), null=True)
    text = EncryptedTextField(_("text"))
    language = models.CharField(_("language"), max_length=2)
    sent_by = models.CharField(_("sent"), max_length=5, choices=AnswerBy, blank=True)
    read_at = models.DateTimeField(_("opened by the person at"), null=True)

    class Meta:
        verbose_name = _("message of a request")
        verbose_name_plural = _("messages of requests")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            Made.named("request_message_names_its_maker"),
            models.CheckConstraint(
                condition=Q(direction="in", sent_by="") | Q(direction="out", subject__isnull=False) & ~Q(sent_by=""),
                name="letter_has_subject_and_way",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("request__person_key")
        actor = Account("user_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.CASE: {
                "subject": Keep(PROOF),
                "text": Keep(PROOF),
                "at": Keep(PROOF),
                "read_at": Keep(PROOF),
                "direction": Keep(PROOF),
            },
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")},
        }
        not_personal = ("id", "program", "request", "template", "language", "sent_by")

    def __str__(self) -> str:
        return f"{self.request_id}/{self.pk}"
