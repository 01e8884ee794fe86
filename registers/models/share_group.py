"""Share groups and their share numbers."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.classification import KeepRow, NoPerson
from registers.models.apartment import Apartment
from registers.models.base import PROVENANCE, OnlyThis, RegisterRow
from registers.models.housing_company import HousingCompany


# osakeryhmä
class ShareGroup(RegisterRow):
    """The shares that give the right to one apartment."""

    housing_company = models.ForeignKey(
        HousingCompany, verbose_name=_("housing company"), on_delete=models.PROTECT, related_name="share_groups"
    )
    name = models.CharField(_("name"), max_length=40, help_text=_("Usually the apartment, as in “A 1”."))
    identifier = models.CharField(_("share group ID"), max_length=40, blank=True)
    apartment = models.ForeignKey(
        Apartment,
        verbose_name=_("apartment"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="share_groups",
    )

    sort_key = models.GeneratedField(
        expression=Func(F("name"), function="fluxio_natural_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        verbose_name=_("sort key"),
    )

    class Meta:
        verbose_name = _("share group")
        verbose_name_plural = _("share groups")
        ordering = ["housing_company", "sort_key"]
        indexes = [models.Index("housing_company", "sort_key", name="share_group_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["housing_company", "name"],
                name="share_group_once_in_a_company",
                violation_error_message=_("This company has a share group with the same name already."),
            ),
            models.UniqueConstraint(fields=["id", "housing_company"], name="share_group_with_company"),
        ]

    class PersonalData:
        subject = NoPerson("shares; who owns them stands in ownerships")
        ends = KeepRow("shares")
        personal: dict = {}
        not_personal = (*PROVENANCE, "housing_company", "name", "identifier", "apartment", "sort_key")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.apartment and self.apartment.housing_company_id != self.housing_company_id:
            raise ValidationError({"apartment": _("This apartment belongs to another housing company.")})


# osakenumerot
class ShareRange(models.Model):
    """Share numbers from `first` to `last`, both included; a group may have several."""

    share_group = models.ForeignKey(
        ShareGroup, verbose_name=_("share group"), on_delete=models.CASCADE, related_name="ranges"
    )
    housing_company = models.ForeignKey(
        HousingCompany, verbose_name=_("housing company"), on_delete=models.PROTECT, editable=False, related_name="+"
    )
    first = models.PositiveBigIntegerField(_("first share"))
    last = models.PositiveBigIntegerField(_("last share"))

    class Meta:
        verbose_name = _("range of share numbers")
        verbose_name_plural = _("share numbers")
        ordering = ["share_group", "first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first")),
                name="share_range_runs_upwards",
                violation_error_message=_("Share numbers begin at 1, and the last is not before the first."),
            ),
            ExclusionConstraint(
                name="share_ranges_do_not_overlap",
                expressions=[
                    (OnlyThis("housing_company"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            F("first"),
                            F("last"),
                            Value("[]"),
                            function="INT8RANGE",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Some of these shares belong to another share group of the company."),
            ),
        ]

    class PersonalData:
        subject = NoPerson("share numbers")
        ends = KeepRow("share numbers")
        personal: dict = {}
        not_personal = ("id", "share_group", "housing_company", "first", "last")

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.housing_company_id = self.share_group.housing_company_id
        super().save(*args, **kwargs)

    @property
    def count(self) -> int:
        return self.last - self.first + 1
