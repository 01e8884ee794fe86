"""Who decides why and how data is kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, Keep, KeepRow, NoPerson
from registers.models.base import PROVENANCE, RegisterRow
from registers.validation import clean_business_id, clean_phone


# rekisterinpitäjä
class Controller(RegisterRow):
    """The management company; each housing company can be one for its own registers (law.md, roles)."""

    CLEANERS = {"business_id": clean_business_id, "contact_phone": clean_phone}

    name = models.CharField(_("name"), max_length=200)
    business_id = models.CharField(_("business ID"), max_length=9, unique=True)
    housing_company = models.OneToOneField(
        "registers.HousingCompany",
        verbose_name=_("housing company"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="controller",
        help_text=_("Empty for the management company itself."),
    )
    contact_name = models.CharField(_("contact person"), max_length=150)
    contact_role = models.CharField(_("contact person's role"), max_length=100, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=20, blank=True)
    contact_email = models.EmailField(_("email"), blank=True)
    street_address = models.CharField(_("street address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    post_office = models.CharField(_("post office"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("controller")
        verbose_name_plural = _("controllers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                name="one_management_company",
                condition=Q(housing_company__isnull=True),
                violation_error_message=_("The management company has its row already."),
            )
        ]

    class PersonalData:
        subject = NoPerson("the contact person acts in office; published in every privacy notice")
        ends = KeepRow("the controller's own published details")
        personal = {
            Category.IDENTITY: {
                "contact_name": Keep("published by the controller; replaced when the contact changes"),
                "contact_role": Keep("published by the controller"),
            },
            Category.CONTACT: {
                "contact_phone": Keep("published by the controller"),
                "contact_email": Keep("published by the controller"),
            },
        }
        not_personal = (
            *PROVENANCE,
            "name",
            "business_id",
            "housing_company",
            "street_address",
            "postal_code",
            "post_office",
        )

    def __str__(self) -> str:
        return self.name
