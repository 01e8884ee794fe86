"""Whose housing companies: the members of staff who look after each, and who stands in for whom."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow
from registers.models.base import DateRange, OnlyThis, ends_after_start
from registers.models.housing_company import HousingCompany

WHO = "who was responsible for a housing company when, and through whom"


# vastuuisännöitsijä
class CompanyDuty(models.Model):
    """Somebody looks after a housing company, from `since` until the day before `until`."""

    class Role(models.TextChoices):
        RESPONSIBLE = "responsible", _("responsible manager")
        TEAM = "team", _("in the team")

    housing_company = models.ForeignKey(
        HousingCompany, verbose_name=_("housing company"), on_delete=models.CASCADE, related_name="duties"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="duties"
    )
    role = models.CharField(_("as"), max_length=12, choices=Role, default=Role.RESPONSIBLE)
    since = models.DateField(_("from day"))
    until = models.DateField(_("until day"), null=True, blank=True)
    created_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("responsibility for a company")
        verbose_name_plural = _("responsibilities for companies")
        ordering = ["housing_company", "role", "since"]
        default_permissions = ()
        permissions = [("assign_companies", "May say who looks after which housing company")]
        constraints = [
            ends_after_start("since", "until", "duty_ends_after_it_starts"),
            ExclusionConstraint(
                name="one_duty_per_user_and_company",
                expressions=[
                    (OnlyThis("housing_company"), RangeOperators.OVERLAPS),
                    (OnlyThis("user"), RangeOperators.OVERLAPS),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This user looks after the company at that time already."),
            ),
            ExclusionConstraint(
                name="one_responsible_manager_at_a_time",
                expressions=[
                    (OnlyThis("housing_company"), RangeOperators.OVERLAPS),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(role="responsible"),
                violation_error_message=_("The company has a responsible manager at that time already."),
            ),
        ]

    class PersonalData:
        subject = Account("user")
        ends = KeepRow(WHO)
        personal = {
            Category.ACCOUNT: {"user": Keep(WHO), "role": Keep(WHO), "since": Keep(WHO), "until": Keep(WHO)},
        }
        not_personal = ("id", "housing_company", "created_at")

    def __str__(self) -> str:
        return f"{self.housing_company_id}/{self.user_id}"


# sijaisuus
class Substitution(models.Model):
    """Somebody is away and another looks after their companies, from `since` until the day before `until`."""

    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who is away"), on_delete=models.PROTECT, related_name="absences"
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who stands in"), on_delete=models.PROTECT, related_name="stands_in"
    )
    since = models.DateField(_("from day"))
    until = models.DateField(_("until day"))
    created_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        ordering = ["-since"]
        default_permissions = ()
        constraints = [
            ends_after_start("since", "until", "substitution_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(absent=F("substitute")),
                name="nobody_stands_in_for_themselves",
                violation_error_message=_("Nobody stands in for themselves."),
            ),
            ExclusionConstraint(
                name="one_substitution_of_the_same_two_at_a_time",
                expressions=[
                    (OnlyThis("absent"), RangeOperators.OVERLAPS),
                    (OnlyThis("substitute"), RangeOperators.OVERLAPS),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This is recorded for that time already."),
            ),
        ]

    class PersonalData:
        subject = Account("absent", "substitute")
        ends = KeepRow(WHO)
        personal = {
            Category.ACCOUNT: {
                "absent": Keep(WHO),
                "substitute": Keep(WHO),
                "since": Keep(WHO),
                "until": Keep(WHO),
            },
        }
        not_personal = ("id", "created_at")

    def __str__(self) -> str:
        return f"{self.absent_id}/{self.substitute_id}"
