"""The end of a management contract: the registers go back, then what was kept for the housing company ends."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, NoPerson
from registers.models import HousingCompany

PROOF = "who answers for the return of the registers (GDPR 28(3)(g))"


def _by() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )


# hallinnon luovutus
class ManagementEnd(models.Model):
    """What was done after a contract ended on `ends_on`: facts with their days; how it stands follows from them.

    A contract whose end is moved or begins anew asks for all of it again: the row belongs to its day.
    """

    housing_company = models.ForeignKey(
        HousingCompany, verbose_name=_("housing company"), on_delete=models.PROTECT, related_name="management_ends"
    )
    ends_on = models.DateField(_("end of the management contract"))

    package_key = models.BigIntegerField(_("disclosure of the registers"), null=True, blank=True)
    handed_over_on = models.DateField(_("handed over on"), null=True, blank=True)
    handed_over_how = models.CharField(_("how it was handed over"), max_length=300, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = _by()

    received_on = models.DateField(_("receipt confirmed on"), null=True, blank=True)
    received_as = models.CharField(_("document of the receipt"), max_length=300, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = _by()

    nothing_wanted_because = models.CharField(_("why nothing is returned"), max_length=300, blank=True)
    nothing_wanted_at = models.DateTimeField(null=True, blank=True)
    nothing_wanted_by = _by()

    held = models.JSONField(
        _("what was held"), default=dict, blank=True
    )  # table → rows, when one of the two was recorded
    people = ArrayField(models.BigIntegerField(), verbose_name=_("people then"), default=list, blank=True)

    certificate = models.JSONField(_("facts of the certificate"), default=dict, blank=True)
    certified_at = models.DateTimeField(_("certified at"), null=True, blank=True)
    certified_by = _by()

    class Meta:
        verbose_name = _("end of a management contract")
        verbose_name_plural = _("ends of management contracts")
        ordering = ["-ends_on", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["housing_company", "ends_on"], name="one_end_of_a_contract"),
            models.CheckConstraint(
                condition=Q(
                    handed_over_at__isnull=True, handed_over_by__isnull=True, handed_over_on__isnull=True,
                    package_key__isnull=True, handed_over_how="",
                )
                | Q(
                    handed_over_at__isnull=False, handed_over_by__isnull=False, handed_over_on__isnull=False,
                    package_key__isnull=False,
                )
                & ~Q(handed_over_how=""),
                name="handing_over_has_what_when_how_who",
            ),
            models.CheckConstraint(
                condition=Q(
                    received_at__isnull=True, received_by__isnull=True, received_on__isnull=True, received_as=""
                )
                | Q(
                    received_at__isnull=False, received_by__isnull=False, received_on__isnull=False,
                    handed_over_at__isnull=False,
                )
                & ~Q(received_as=""),
                name="receipt_follows_handing_over",
            ),
            models.CheckConstraint(
                condition=Q(nothing_wanted_at__isnull=True, nothing_wanted_by__isnull=True, nothing_wanted_because="")
                | Q(nothing_wanted_at__isnull=False, nothing_wanted_by__isnull=False, handed_over_at__isnull=True)
                & ~Q(nothing_wanted_because=""),
                name="nothing_wanted_has_who_when_why",
                violation_error_message=_("The registers have been handed over already."),
            ),
            models.CheckConstraint(
                condition=Q(certified_at__isnull=True, certified_by__isnull=True, certificate={})
                | Q(certified_at__isnull=False, certified_by__isnull=False, people=[])
                & (Q(handed_over_at__isnull=False) | Q(nothing_wanted_at__isnull=False)),
                name="certificate_follows_the_return",
            ),
        ]  # fmt: skip

    class PersonalData:
        subject = NoPerson("a housing company; the keys of its people are emptied with the certificate")
        actor = Account("handed_over_by", "received_by", "nothing_wanted_by", "certified_by")
        ends = KeepRow("proof that the registers went back and that what was kept has ended (GDPR 28(3)(g) and (h))")
        personal = {
            Category.USAGE: {"people": Keep("keys, by which erasures are counted; emptied with the certificate")},
            Category.ACCOUNT: {
                "handed_over_by": Keep(PROOF),
                "received_by": Keep(PROOF),
                "nothing_wanted_by": Keep(PROOF),
                "certified_by": Keep(PROOF),
            },
        }
        not_personal = (
            "id", "housing_company", "ends_on", "package_key", "handed_over_on", "handed_over_how", "handed_over_at",
            "received_on", "received_as", "received_at", "nothing_wanted_because", "nothing_wanted_at", "held",
            "certificate", "certified_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_settled(self) -> bool:
        """Returned, or wanted by nobody: erasure need not wait."""
        return self.handed_over_at is not None or self.nothing_wanted_at is not None
