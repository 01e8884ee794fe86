"""A file on its way out: encrypted, taken once, gone within a day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, DeleteRow, NoPerson, WithRow
from disclosures.models.disclosure import Disclosure
from registers.fields import EncryptedBytesField


class Artefact(models.Model):
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="artefact")
    content = EncryptedBytesField(_("content"), null=True)
    media_type = models.CharField(_("media type"), max_length=100)
    extension = models.CharField(_("extension"), max_length=5)
    expires_at = models.DateTimeField(_("expires at"))
    taken_at = models.DateTimeField(_("taken at"), null=True)
    taken_by = models.EmailField(_("taken by"), blank=True)

    class Meta:
        verbose_name = _("file of a disclosure")
        verbose_name_plural = _("files of disclosures")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by="") | Q(taken_at__isnull=False, content__isnull=True),
                name="a_file_is_taken_once",
            )
        ]

    class PersonalData:
        subject = NoPerson("about many people at once; the content ends when it is taken, or within a day")
        ends = DeleteRow()
        personal = {
            Category.IDENTITY: {"content": WithRow()},
            Category.ACCOUNT: {"taken_at": WithRow(), "taken_by": WithRow()},
        }
        not_personal = ("id", "disclosure", "media_type", "extension", "expires_at")

    def __str__(self) -> str:
        return f"{self.disclosure_id}.{self.extension}"
