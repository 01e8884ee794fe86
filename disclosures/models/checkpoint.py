"""What stands in the chain's place where old records were pruned by retention."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import KeepRow, NoPerson
from consent.models.purpose import Made


class Checkpoint(Made):
    """Seals `first` to `last` are gone; the chain goes on from `after`. Signed with a key outside the database."""

    first = models.BigIntegerField(_("first number"), unique=True)
    last = models.BigIntegerField(_("last number"))
    before = models.BinaryField(_("digest before"))
    after = models.BinaryField(_("digest after"))
    reason = models.CharField(_("reason"), max_length=300)
    signature = models.BinaryField(_("signature"))

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["first"]
        default_permissions = ()
        constraints = [
            Made.named("checkpoint_names_its_maker"),
            models.CheckConstraint(condition=Q(last__gte=F("first")) & ~Q(reason=""), name="checkpoint_is_whole"),
        ]

    class PersonalData:
        subject = NoPerson("digests and numbers of records that are gone")
        ends = KeepRow("the chain's proof")
        personal: dict = {}
        not_personal = (
            "id", "at", "user_key", "user_email", "program", "first", "last", "before", "after", "reason", "signature",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"
