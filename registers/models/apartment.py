"""An apartment, or another space with a designation."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import KeepRow, NoPerson
from registers.designation import Designation
from registers.models.base import PROVENANCE, RegisterRow
from registers.models.building import Building
from registers.models.housing_company import HousingCompany
from registers.validation import clean_permanent_apartment_id


# huoneisto
class Apartment(RegisterRow):
    """Natural order is the order of (staircase, number, suffix): A 2 comes before A 10."""

    CLEANERS = {"permanent_apartment_id": clean_permanent_apartment_id}

    class Kind(models.TextChoices):
        HOME = "home", _("home")
        BUSINESS = "business", _("business premises")
        STORAGE = "storage", _("storage")
        GARAGE = "garage", _("garage or parking place")
        COMMON = "common", _("common space")

    building = models.ForeignKey(
        Building, verbose_name=_("building"), on_delete=models.PROTECT, related_name="apartments"
    )
    # The building's company, kept equal by a composite foreign key: rows are read and protected by company.
    housing_company = models.ForeignKey(
        HousingCompany,
        verbose_name=_("housing company"),
        on_delete=models.PROTECT,
        related_name="apartments",
        editable=False,
    )
    staircase = models.CharField(_("staircase"), max_length=2, blank=True)
    number = models.PositiveIntegerField(_("number"))
    suffix = models.CharField(_("suffix"), max_length=1, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.HOME)
    floor = models.SmallIntegerField(_("floor"), null=True, blank=True)
    area_m2 = models.DecimalField(_("area, m²"), max_digits=7, decimal_places=1, null=True, blank=True)
    rooms = models.CharField(_("rooms"), max_length=40, blank=True, help_text=_("As in “2r + k”."))
    # pysyvä huoneistotunnus
    permanent_apartment_id = models.CharField(
        _("permanent apartment ID"),
        max_length=20,
        null=True,
        blank=True,
        unique=True,
    )

    class Meta:
        verbose_name = _("apartment")
        verbose_name_plural = _("apartments")
        ordering = ["housing_company", "building", "staircase", "number", "suffix"]
        indexes = [models.Index("staircase", "number", "suffix", name="apartment_designation")]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "staircase", "number", "suffix"],
                name="apartment_once_in_a_building",
                violation_error_message=_("This building has an apartment with the same designation already."),
            ),
            models.UniqueConstraint(fields=["id", "housing_company"], name="apartment_with_company"),
            models.CheckConstraint(
                condition=models.Q(number__gt=0),
                name="apartment_number_is_positive",
                violation_error_message=_("An apartment's number is 1 or more."),
            ),
            models.CheckConstraint(
                condition=models.Q(area_m2__isnull=True) | models.Q(area_m2__gt=0),
                name="apartment_area_is_positive",
                violation_error_message=_("The area is more than zero."),
            ),
        ]

    class PersonalData:
        subject = NoPerson("a space; who lives there stands in residencies")
        ends = KeepRow("a space")
        personal: dict = {}
        not_personal = (
            *PROVENANCE,
            "building",
            "housing_company",
            "staircase",
            "number",
            "suffix",
            "kind",
            "floor",
            "area_m2",
            "rooms",
            "permanent_apartment_id",
        )

    def __str__(self) -> str:
        return self.designation

    def clean(self) -> None:
        super().clean()
        self.permanent_apartment_id = self.permanent_apartment_id or None
        self.staircase, self.suffix = self.staircase.strip().upper(), self.suffix.strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        self.housing_company_id = self.building.housing_company_id
        super().save(*args, **kwargs)

    @property
    def designation(self) -> str:
        return Designation(self.staircase, self.number, self.suffix).text
