"""What is written to the ledger of erasures outside the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import KeepRow, NoPerson


class LedgerEntry(models.Model):
    """One committed batch. `line` waits here until it stands in the file; then its number alone stays.

    The highest number says how far this database has come: a ledger that is further than it tells of a restored backup.
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"))
    line = models.TextField(_("line of the ledger"), blank=True)
    mac = models.CharField(_("MAC of the line"), max_length=64)

    class Meta:
        verbose_name = _("entry of the ledger of erasures")
        verbose_name_plural = _("entries of the ledger of erasures")
        ordering = ["number"]
        default_permissions = ()

    class PersonalData:
        subject = NoPerson("keyed hashes of rows that are gone")
        ends = KeepRow("shows whether this database has seen every erasure")
        personal: dict = {}
        not_personal = ("number", "at", "line", "mac")

    def __str__(self) -> str:
        return f"{self.number}"
