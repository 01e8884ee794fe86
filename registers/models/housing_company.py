"""A housing company and the contract under which it is managed."""

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.classification import KeepRow, NoPerson
from registers.models.base import PROVENANCE, RegisterRow, SearchVector, ends_after_start
from registers.validation import clean_business_id, clean_postal_code


# taloyhtiö, asunto-osakeyhtiö
class HousingCompany(RegisterRow):
    SPAN = ("managed_from", "managed_until")
    CLEANERS = {"business_id": clean_business_id, "postal_code": clean_postal_code}

    name = models.CharField(_("name"), max_length=200)
    business_id = models.CharField(
        _("business ID"),
        max_length=9,
        unique=True,
        error_messages={"unique": _("A housing company with this business ID is in the register already.")},
    )
    street_address = models.CharField(_("street address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    post_office = models.CharField(_("post office"), max_length=80, blank=True)
    managed_from = models.DateField(_("management contract from"), null=True, blank=True)
    managed_until = models.DateField(
        _("management contract until"),
        null=True,
        blank=True,
        help_text=_("The first day on which the contract is no longer in force."),
    )
    words = models.GeneratedField(
        expression=SearchVector("name", "business_id"),
        output_field=SearchVectorField(),
        db_persist=True,
        verbose_name=_("search words"),
    )

    class Meta:
        verbose_name = _("housing company")
        verbose_name_plural = _("housing companies")
        ordering = ["name"]
        indexes = [GinIndex("words", name="housing_company_words")]
        constraints = [ends_after_start("managed_from", "managed_until", "management_ends_after_it_starts")]

    class PersonalData:
        subject = NoPerson("a housing company is a legal person")
        ends = KeepRow("a housing company is a legal person")
        personal: dict = {}
        not_personal = (
            *PROVENANCE,
            "name",
            "business_id",
            "street_address",
            "postal_code",
            "post_office",
            "managed_from",
            "managed_until",
            "words",
        )

    def __str__(self) -> str:
        return self.name

    def is_managed(self, on: date) -> bool:
        return (self.managed_from is None or self.managed_from <= on) and (
            self.managed_until is None or on < self.managed_until
        )
