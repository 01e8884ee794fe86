"""Who owns a share group, by what fraction, from when until when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, DeleteRow, RegisterPerson, WithRow
from registers.models.base import PROVENANCE, RegisterRow, ends_after_start
from registers.models.organisation import Organisation
from registers.models.person import Person
from registers.models.share_group import ShareGroup


class Ownership(RegisterRow):
    """At any date the fractions of one share group sum to one at most: a trigger holds it, exactly, by integers."""

    SPAN = ("owned_from", "owned_until")

    share_group = models.ForeignKey(
        ShareGroup, verbose_name=_("share group"), on_delete=models.PROTECT, related_name="ownerships"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, null=True, blank=True, related_name="ownerships"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ownerships",
    )
    numerator = models.PositiveIntegerField(_("numerator"), default=1)
    denominator = models.PositiveIntegerField(_("denominator"), default=1)
    owned_from = models.DateField(_("owned from"), null=True, blank=True)
    owned_until = models.DateField(_("owned until"), null=True, blank=True)

    class Meta:
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        ordering = ["share_group", "-owned_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="owner_is_a_person_or_an_organisation",
                violation_error_message=_("The owner is a person or an organisation, one of them."),
            ),
            models.CheckConstraint(
                condition=Q(numerator__gte=1, denominator__gte=F("numerator")),
                name="fraction_is_between_zero_and_one",
                violation_error_message=_("The fraction is more than nothing and at most the whole."),
            ),
            ends_after_start("owned_from", "owned_until", "ownership_ends_after_it_starts"),
        ]

    class PersonalData:
        subject = RegisterPerson("person")
        company = "share_group__housing_company"
        ends = DeleteRow()
        personal = {
            Category.OWNERSHIP: {
                "share_group": WithRow(),
                "person": WithRow(),
                "numerator": WithRow(),
                "denominator": WithRow(),
                "owned_from": WithRow(),
                "owned_until": WithRow(),
            }
        }
        not_personal = (*PROVENANCE, "organisation")

    def __str__(self) -> str:
        return str(_("ownership %(id)s") % {"id": self.pk})

    @property
    def owner(self) -> Person | Organisation:
        return self.person or self.organisation  # type: ignore[return-value]

    @property
    def fraction(self) -> str:
        return f"{self.numerator}/{self.denominator}"
