"""That records reached the end of their own period: what let the append-only logs give them away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import KeepRow, NoPerson
from consent.models.purpose import Made


class RecordsEnd(Made):
    """Append-only. In its own transaction alone it opens the way out for rows of its kind from before that day."""

    what = models.CharField(_("what ended"), max_length=20)
    before = models.DateField(_("from before"))
    number = models.PositiveIntegerField(_("how many"))
    rules = ArrayField(models.BigIntegerField(), verbose_name=_("rules"))
    sweep_key = models.BigIntegerField(_("erasure"), null=True)  # null: months of the log of looks
    batch_key = models.BigIntegerField(_("batch"), null=True)
    transaction = models.BigIntegerField(_("transaction"), editable=False, default=0)  # PostgreSQL says

    class Meta:
        verbose_name = _("end of records")
        verbose_name_plural = _("ends of records")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["transaction"], name="records_end_at_work")]
        constraints = [Made.named("records_end_names_its_maker")]

    class PersonalData:
        subject = NoPerson("how many records ended, and by which rules")
        ends = KeepRow("proof that records have ended (GDPR 5(2))")
        personal: dict = {}
        not_personal = (
            "id", "at", "user_key", "user_email", "program", "what", "before", "number", "rules", "sweep_key",
            "batch_key", "transaction",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}"
