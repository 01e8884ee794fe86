"""Who sits on a housing company's board."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, DeleteRow, RegisterPerson, WithRow
from registers.models.base import PROVENANCE, DateRange, OnlyThis, RegisterRow, ends_after_start
from registers.models.housing_company import HousingCompany
from registers.models.person import Person


class BoardSeat(RegisterRow):
    """From the day of `term_from` until the day before `term_until`."""

    SPAN = ("term_from", "term_until")

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        MEMBER = "member", _("member")
        DEPUTY = "deputy", _("deputy member")
        AUDITOR = "auditor", _("auditor")

    housing_company = models.ForeignKey(
        HousingCompany, verbose_name=_("housing company"), on_delete=models.PROTECT, related_name="board_seats"
    )
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="board_seats")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    term_from = models.DateField(_("term from"))
    term_until = models.DateField(_("term until"), null=True, blank=True)

    class Meta:
        verbose_name = _("board seat")
        verbose_name_plural = _("board seats")
        ordering = ["housing_company", "-term_from"]
        indexes = [
            models.Index("term_until", name="board_seat_by_end", condition=Q(term_until__isnull=False)),
            models.Index("housing_company", "term_from", name="chair_by_company", condition=Q(role="chair")),
        ]
        constraints = [
            ends_after_start("term_from", "term_until", "term_ends_after_it_starts"),
            ExclusionConstraint(
                name="one_seat_per_person_at_a_time",
                expressions=[
                    (OnlyThis("housing_company"), RangeOperators.OVERLAPS),
                    (OnlyThis("person"), RangeOperators.OVERLAPS),
                    (DateRange("term_from", "term_until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The person has a seat on this board at that time already."),
            ),
            ExclusionConstraint(
                name="one_chair_at_a_time",
                expressions=[
                    (OnlyThis("housing_company"), RangeOperators.OVERLAPS),
                    (DateRange("term_from", "term_until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(role="chair"),
                violation_error_message=_("The board has a chair at that time already."),
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person")
        company = "housing_company"
        ends = DeleteRow()
        personal = {
            Category.OWNERSHIP: {
                "housing_company": WithRow(),
                "person": WithRow(),
                "role": WithRow(),
                "term_from": WithRow(),
                "term_until": WithRow(),
            }
        }
        not_personal = PROVENANCE

    def __str__(self) -> str:
        return str(_("board seat %(id)s") % {"id": self.pk})
