"""What stays of residencies when their people are gone: figures of buildings, of groups of at least five."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.classification import KeepRow, NoPerson
from registers.models import Building, HousingCompany

GROUP = 5  # people, and homes that they live in: fewer are not told
STEP = 5  # what is told is rounded down to it

NOBODY = NoPerson("groups of at least five people in five homes, rounded down to fives: nobody stands out in them")
STAYS = KeepRow("statistics without persons, which stay when rows that they were made of are gone")


def told_in_fives(*columns: str) -> Q:
    """Each is empty, or at least five and a multiple of five."""
    allowed = Q()
    for column in columns:
        allowed &= Q(**{f"{column}__isnull": True}) | Q(
            **{f"{column}__gte": GROUP, column: F(column) / STEP * STEP}  # integers: what is no multiple differs
        )
    return allowed


# huoneistojen käyttöaste, vaihtuvuus, asumisaika: tilastot ilman henkilöitä
class Figures(models.Model):
    """Of a building with at least five homes; without one: of the company's smaller buildings together.

    An empty figure is one of fewer than five people or homes, nobody included. Append-only: a closed period is
    never counted again, since its rows may be gone.
    """

    housing_company = models.ForeignKey(
        HousingCompany, verbose_name=_("housing company"), on_delete=models.PROTECT, related_name="+"
    )
    building = models.ForeignKey(
        Building, verbose_name=_("building"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    moved_in = models.PositiveIntegerField(_("people who moved in"), null=True)
    moved_out = models.PositiveIntegerField(_("people who moved out"), null=True)
    at = models.DateTimeField(_("closed at"), db_default=Now(), editable=False)

    class Meta:
        abstract = True


class BuildingQuarter(Figures):
    """Homes and residents on the quarter's last day, moves within it."""

    quarter = models.PositiveSmallIntegerField(_("quarter"))
    homes = models.PositiveIntegerField(_("homes"))  # of the house, not of people: exact
    homes_lived_in = models.PositiveIntegerField(_("homes that are lived in"), null=True)
    residents = models.PositiveIntegerField(_("residents"), null=True)

    class Meta:
        verbose_name = _("figures of a quarter")
        verbose_name_plural = _("figures of quarters")
        ordering = ["housing_company", "building", "-year", "-quarter"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["housing_company", "building", "year", "quarter"],
                name="a_quarter_is_closed_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="quarter_of_a_year"),
            models.CheckConstraint(
                condition=Q(homes__gte=GROUP)
                & (Q(homes_lived_in__isnull=True) | Q(homes_lived_in__lte=F("homes")))
                & told_in_fives("homes_lived_in", "residents", "moved_in", "moved_out"),
                name="quarter_tells_of_groups_alone",
            ),
        ]

    class PersonalData:
        subject = NOBODY
        ends = STAYS
        personal: dict = {}
        not_personal = (
            "id", "housing_company", "building", "year", "quarter", "homes", "homes_lived_in", "residents",
            "moved_in", "moved_out", "at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year}/{self.quarter}"


class BuildingYear(Figures):
    """Moves of a year of which no quarter could be told, and how long they had lived there who moved out in it."""

    under_1 = models.PositiveIntegerField(_("lived there under a year"), null=True)
    from_1 = models.PositiveIntegerField(_("lived there 1–3 years"), null=True)
    from_3 = models.PositiveIntegerField(_("lived there 3–5 years"), null=True)
    from_5 = models.PositiveIntegerField(_("lived there 5–10 years"), null=True)
    from_10 = models.PositiveIntegerField(_("lived there 10 years or longer"), null=True)

    class Meta:
        verbose_name = _("figures of a year")
        verbose_name_plural = _("figures of years")
        ordering = ["housing_company", "building", "-year"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["housing_company", "building", "year"], name="a_year_is_closed_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=told_in_fives("moved_in", "moved_out", "under_1", "from_1", "from_3", "from_5", "from_10"),
                name="year_tells_of_groups_alone",
            ),
        ]

    class PersonalData:
        subject = NOBODY
        ends = STAYS
        personal: dict = {}
        not_personal = (
            "id", "housing_company", "building", "year", "moved_in", "moved_out", "under_1", "from_1", "from_3",
            "from_5", "from_10", "at",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year}"
