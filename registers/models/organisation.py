"""Companies, estates and associations that own, serve or receive."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, Erase, Keep, KeepRow, RegisterPerson
from registers.models.base import PROVENANCE, RegisterRow, SearchVector
from registers.validation import (
    clean_business_id,
    clean_phone,
    clean_postal_code,
)


class Organisation(RegisterRow):
    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        ESTATE = "estate", _("estate of a deceased")  # kuolinpesä
        ASSOCIATION = "association", _("association or foundation")
        PUBLIC = "public", _("municipality or authority")

    CLEANERS = {"business_id": clean_business_id, "phone": clean_phone, "postal_code": clean_postal_code}

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.COMPANY)
    name = models.CharField(_("name"), max_length=200)
    business_id = models.CharField(  # noqa: DJ001  unique where given
        _("business ID"), max_length=9, blank=True, null=True
    )
    deceased = models.ForeignKey(
        "registers.Person",
        verbose_name=_("the deceased"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="estates",
        help_text=_("Whose estate this is, if the person is in the register."),
    )
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    street_address = models.CharField(_("street address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    post_office = models.CharField(_("post office"), max_length=80, blank=True)
    words = models.GeneratedField(
        expression=SearchVector("name", "business_id"),
        output_field=SearchVectorField(),
        db_persist=True,
        verbose_name=_("search words"),
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        indexes = [GinIndex("words", name="organisation_words")]
        constraints = [
            models.UniqueConstraint(
                "business_id",
                name="one_organisation_per_business_id",
                violation_error_message=_("An organisation with this business ID is in the register already."),
            ),
            models.CheckConstraint(
                condition=Q(deceased__isnull=True) | Q(kind="estate"),
                name="only_an_estate_has_a_deceased",
                violation_error_message=_("Only an estate has a deceased person."),
            ),
            models.CheckConstraint(condition=~Q(business_id=""), name="organisation_business_id_null_or_given"),
        ]

    class PersonalData:
        # An estate's and a sole trader's name names a person, a contact person is one.
        subject = RegisterPerson("deceased")
        ends = KeepRow("a party of its own: an estate owns when the deceased's own data have gone")
        personal = {
            Category.IDENTITY: {
                "name": Keep("the organisation's own name"),
                "contact_name": Keep("the organisation's own details"),
                "deceased": Erase(),
                "words": Keep("the organisation's own name"),
            },
            Category.CONTACT: {
                "email": Keep("the organisation's own details"),
                "phone": Keep("the organisation's own details"),
                "street_address": Keep("the organisation's own details"),
                "postal_code": Keep("the organisation's own details"),
                "post_office": Keep("the organisation's own details"),
            },
        }
        not_personal = (*PROVENANCE, "kind", "business_id")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.business_id = self.business_id or None
