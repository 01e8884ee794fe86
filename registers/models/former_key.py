"""Keys of records that were merged into another: old links and append-only logs still lead to the person."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, DeleteRow, Keep, RegisterPerson, WithRow
from registers.models.person import Person


class FormerKey(models.Model):
    key = models.BigIntegerField(_("key"), primary_key=True)
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="former_keys")
    merged_at = models.DateTimeField(_("merged at"), default=timezone.now)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("merged by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("former key")
        verbose_name_plural = _("former keys")
        default_permissions = ()

    class PersonalData:
        subject = RegisterPerson("person")
        actor = Account("merged_by")
        ends = DeleteRow()
        personal = {
            Category.IDENTITY: {"key": WithRow(), "person": WithRow(), "merged_at": WithRow()},
            Category.ACCOUNT: {"merged_by": Keep("who answers for the merging")},
        }
        not_personal = ()

    def __str__(self) -> str:
        return str(self.key)
