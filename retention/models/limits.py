"""The brake and the other numbers by which erasures run."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, NoPerson
from consent.models.purpose import Made


class SweepLimits(Made):
    """Append-only; the newest row speaks. Our own defaults (mark D) but for the processor's: GDPR 28(3)(g)."""

    most_percent = models.DecimalField(_("at most this share of all people, %"), max_digits=5, decimal_places=2)
    most_times_usual = models.PositiveSmallIntegerField(_("at most so many times the usual"))
    always_allowed = models.PositiveIntegerField(_("never stopped up to so many people"))
    grace_days = models.PositiveSmallIntegerField(_("days of notice before the end"))
    processor_days = models.PositiveSmallIntegerField(_("days after a management contract's end"))
    quiet_from = models.PositiveSmallIntegerField(_("quiet hours from"))
    quiet_until = models.PositiveSmallIntegerField(_("quiet hours until"))
    reason = models.CharField(_("why it was changed"), max_length=300)

    class Meta:
        verbose_name = _("limits of erasures")
        verbose_name_plural = _("limits of erasures")
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            Made.named("limits_name_their_maker"),
            models.CheckConstraint(condition=~Q(reason=""), name="limits_say_why"),
            models.CheckConstraint(
                condition=Q(most_percent__gt=0, most_percent__lte=100, most_times_usual__gte=1, quiet_from__lte=23)
                & Q(quiet_until__lte=23),
                name="limits_are_possible",
                violation_error_message=_(
                    "A share is more than 0 and at most 100 per cent, a multiple at least 1, an hour 0–23."
                ),
            ),
        ]

    class PersonalData:
        subject = NoPerson("numbers")
        actor = Account("user_key")
        ends = KeepRow("what was decided, by whom and when, is the controller's accountability")
        personal = {
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")}
        }
        not_personal = (
            "id", "at", "program", "most_percent", "most_times_usual", "always_allowed", "grace_days",
            "processor_days", "quiet_from", "quiet_until", "reason",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}"
