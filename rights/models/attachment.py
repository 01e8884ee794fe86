"""A file that came with a request: written anew before it is kept, encrypted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, Keep, KeepRow, RegisterPerson
from registers.fields import EncryptedBytesField
from rights.models.message import RequestMessage
from rights.models.request import PROOF, SubjectRequest


class Attachment(models.Model):
    """Without the name that its owner gave it, which may tell of anybody. Its content can be removed, not changed."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(RequestMessage, on_delete=models.CASCADE, null=True, related_name="attachments")
    media_type = models.CharField(_("type"), max_length=20)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = EncryptedBytesField(_("content"), null=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed at"), null=True)

    class Meta:
        verbose_name = _("attachment of a request")
        verbose_name_plural = _("attachments of requests")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(content__isnull=False, removed_at__isnull=True)
                | Q(content__isnull=True, removed_at__isnull=False),
                name="attachment_is_empty_when_removed",
            ),
            models.CheckConstraint(
                condition=Q(media_type__in=["application/pdf", "image/jpeg", "image/png"]),
                name="attachment_is_pdf_or_picture",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("request__person_key")
        ends = KeepRow(PROOF)
        personal = {Category.CASE: {"content": Keep(PROOF), "at": Keep(PROOF)}}
        not_personal = ("id", "request", "message", "media_type", "size", "sha256", "removed_at")

    def __str__(self) -> str:
        return f"{self.request_id}/{self.pk}"

    @property
    def extension(self) -> str:
        return {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[self.media_type]
