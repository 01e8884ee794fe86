"""What stops erasure."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, DeleteRow, Keep, RegisterPerson, WithRow
from registers.models import HousingCompany, Person


# säilytyksen jatkaminen, poiston esto
class Hold(models.Model):
    """Placed by hand on a person, a company, a category, or on what they have in common; a case gives its reference.

    Automatic holds (a restriction under Art. 18, an open debt) are no rows: `retention/queries/holds.py` finds them.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, null=True, blank=True, related_name="holds"
    )
    housing_company = models.ForeignKey(
        HousingCompany,
        verbose_name=_("housing company"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="holds",
    )
    category = models.CharField(_("category of data"), max_length=20, choices=Category, blank=True)
    case = models.CharField(_("case"), max_length=60, blank=True, help_text=_("Its number or other reference."))
    reason = models.CharField(_("reason"), max_length=300)
    review_on = models.DateField(_("to be reviewed on"))
    placed_at = models.DateTimeField(_("placed at"), editable=False)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("placed by"), on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    released_because = models.CharField(_("why it was released"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("hold on erasure")
        verbose_name_plural = _("holds on erasure")
        ordering = ["review_on", "id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["review_on"], name="hold_to_review", condition=Q(released_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(housing_company__isnull=False) | ~Q(category="") | ~Q(case=""),
                name="hold_holds_something",
                violation_error_message=_("Choose a person, a housing company or a category."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(housing_company__isnull=False) | ~Q(category=""),
                name="hold_on_a_case_says_whose",
                violation_error_message=_("Say whose data the case holds: a person, a housing company or a category."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, released_because="")
                | Q(released_at__isnull=False, released_by__isnull=False) & ~Q(released_because=""),
                name="released_hold_has_who_when_why",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person")
        actor = Account("placed_by", "released_by")
        ends = DeleteRow()
        personal = {
            Category.CASE: {
                "person": WithRow(),
                "case": WithRow(),
                "reason": WithRow(),
                "released_because": WithRow(),
                "placed_at": WithRow(),
                "released_at": WithRow(),
            },
            Category.ACCOUNT: {
                "placed_by": Keep("goes with the row; who answers for the hold"),
                "released_by": Keep("goes with the row; who answers for the release"),
            },
        }
        not_personal = ("id", "housing_company", "category", "review_on")

    def __str__(self) -> str:
        return f"{self.pk}"
