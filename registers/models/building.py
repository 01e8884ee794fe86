"""A building of a housing company."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import KeepRow, NoPerson
from registers.models.base import PROVENANCE, RegisterRow, SearchVector
from registers.models.housing_company import HousingCompany
from registers.validation import (
    clean_permanent_building_id,
    clean_postal_code,
)


class Building(RegisterRow):
    CLEANERS = {"permanent_building_id": clean_permanent_building_id, "postal_code": clean_postal_code}

    housing_company = models.ForeignKey(
        HousingCompany, verbose_name=_("housing company"), on_delete=models.PROTECT, related_name="buildings"
    )
    name = models.CharField(_("name"), max_length=80, blank=True, help_text=_("As in “Building 2”; may be empty."))
    street_address = models.CharField(_("street address"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    post_office = models.CharField(_("post office"), max_length=80, blank=True)
    # pysyvä rakennustunnus
    permanent_building_id = models.CharField(
        _("permanent building ID"),
        max_length=10,
        null=True,
        blank=True,
        unique=True,
    )
    words = models.GeneratedField(
        expression=SearchVector("name", "street_address"),
        output_field=SearchVectorField(),
        db_persist=True,
        verbose_name=_("search words"),
    )

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["housing_company", "street_address", "name"]
        indexes = [GinIndex("words", name="building_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["housing_company", "street_address", "name"],
                name="building_once_in_a_company",
                violation_error_message=_("This company has a building with the same name and address already."),
            ),
            # The foot of composite foreign keys: an apartment's company is its building's company.
            models.UniqueConstraint(fields=["id", "housing_company"], name="building_with_company"),
            models.CheckConstraint(condition=~models.Q(permanent_building_id=""), name="building_id_null_or_given"),
        ]

    class PersonalData:
        subject = NoPerson("a building")
        ends = KeepRow("a building")
        personal: dict = {}
        not_personal = (
            *PROVENANCE,
            "housing_company",
            "name",
            "street_address",
            "postal_code",
            "post_office",
            "permanent_building_id",
            "words",
        )

    def clean(self) -> None:
        super().clean()
        self.permanent_building_id = self.permanent_building_id or None

    def __str__(self) -> str:
        return f"{self.street_address}, {self.name}" if self.name else self.street_address
