"""Who lives where, from when until when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, DeleteRow, RegisterPerson, WithRow
from registers.models.apartment import Apartment
from registers.models.base import PROVENANCE, DateRange, OnlyThis, RegisterRow, ends_after_start
from registers.models.person import Person


class Residency(RegisterRow):
    """From the day of `moved_in` until the day before `moved_out`; an empty `moved_in` is not known."""

    SPAN = ("moved_in", "moved_out")

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        TENANT = "tenant", _("tenant")
        HOUSEHOLD = "household", _("member of the household")
        OTHER = "other", _("other resident")

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="residencies")
    apartment = models.ForeignKey(
        Apartment, verbose_name=_("apartment"), on_delete=models.PROTECT, related_name="residencies"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.OTHER)
    moved_in = models.DateField(_("moved in"), null=True, blank=True)
    moved_out = models.DateField(_("moved out"), null=True, blank=True)

    class Meta:
        verbose_name = _("residency")
        verbose_name_plural = _("residencies")
        ordering = ["apartment", "-moved_in"]
        indexes = [
            models.Index("moved_in", "id", name="residency_by_move_in"),
            models.Index("moved_out", "id", name="residency_by_move_out", condition=Q(moved_out__isnull=False)),
        ]
        constraints = [
            ends_after_start("moved_in", "moved_out", "move_out_after_move_in"),
            ExclusionConstraint(
                name="residencies_do_not_overlap",
                expressions=[
                    (OnlyThis("person"), RangeOperators.OVERLAPS),
                    (OnlyThis("apartment"), RangeOperators.OVERLAPS),
                    (DateRange("moved_in", "moved_out"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The person lives in this apartment at that time already."),
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person")
        company = "apartment__housing_company"
        ends = DeleteRow()
        personal = {
            Category.RESIDENCE: {
                "person": WithRow(),
                "apartment": WithRow(),
                "role": WithRow(),
                "moved_in": WithRow(),
                "moved_out": WithRow(),
            }
        }
        not_personal = PROVENANCE

    def __str__(self) -> str:
        return str(_("residency %(id)s") % {"id": self.pk})
