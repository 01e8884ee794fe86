"""How long a purpose needs a category of data."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, NoPerson
from consent.models import Purpose
from consent.models.purpose import Made
from consent.texts import TextsField, whole_or_empty
from consent.words import Mark
from retention.events import EVENTS
from retention.periods import Period
from retention.words import Action


# säilytysaika
class RetentionRule(Made):
    """A version of what one purpose says of one category and one event. Append-only; the newest one speaks.

    A purpose may count a category from several events: the latest end wins. A rule without an event is an exemption:
    nothing ends by it, for the reason that it gives.
    """

    purpose = models.ForeignKey(
        Purpose, verbose_name=_("purpose"), on_delete=models.PROTECT, related_name="retention_rules"
    )
    category = models.CharField(_("category of data"), max_length=20, choices=Category)
    event = models.CharField(_("counted from"), max_length=20, blank=True)
    number = models.PositiveIntegerField(_("version"))
    in_force = models.BooleanField(_("in force"), default=True)
    years = models.PositiveSmallIntegerField(_("years"), default=0)
    months = models.PositiveSmallIntegerField(_("months"), default=0)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    from_year_end = models.BooleanField(_("from the end of the calendar year"), default=False)
    action = models.CharField(_("what happens"), max_length=10, choices=Action)
    exempt_because = TextsField(_("why nothing ends by it"), blank=True)
    citation = models.CharField(_("statute or other source"), max_length=200, blank=True)
    mark = models.CharField(_("standing"), max_length=1, choices=Mark, default=Mark.OWN)
    reason = models.CharField(_("why it was changed"), max_length=300)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["purpose", "category", "event", "-number"]
        default_permissions = ()
        permissions = [
            ("view_retention", "May read retention rules, plans and erasures"),
            ("change_rules", "May change retention rules"),
            ("place_holds", "May place and release holds on erasure"),
            ("run_sweeps", "May plan and run erasures"),
            ("approve_sweeps", "May approve an erasure that the brake has stopped"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "category", "event", "number"], name="one_version_of_a_rule_per_number"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rule_says_why_it_was_changed"),
            models.CheckConstraint(
                condition=Q(event="", action="keep") & ~Q(exempt_because={}) | ~Q(event="") & Q(exempt_because={}),
                name="rule_has_an_event_or_an_exemption",
                violation_error_message=_("A rule counts from an event, or says why nothing ends by it."),
            ),
            models.CheckConstraint(
                condition=Q(years__lte=100, months__lte=1200, days__lte=36500), name="period_is_within_a_century"
            ),
            whole_or_empty("exempt_because", "rule_exemption_in_all_languages"),
            models.CheckConstraint(condition=~Q(mark="L") | ~Q(citation=""), name="statute_is_cited"),
            Made.named("rule_names_its_maker"),
        ]

    class PersonalData:
        subject = NoPerson("a rule is about nobody; its maker acts in office")
        actor = Account("user_key")
        ends = KeepRow("what was decided, by whom and when, is the controller's accountability")
        personal = {
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")}
        }
        not_personal = (
            "id",
            "at",
            "program",
            "purpose",
            "category",
            "event",
            "number",
            "in_force",
            "years",
            "months",
            "days",
            "from_year_end",
            "action",
            "exempt_because",
            "citation",
            "mark",
            "reason",
        )

    def __str__(self) -> str:
        return f"{self.purpose.code}/{self.category}/{self.event}"

    @property
    def period(self) -> Period:
        return Period(self.years, self.months, self.days, self.from_year_end)

    @property
    def event_name(self) -> str:
        return str(EVENTS[self.event].name) if self.event in EVENTS else self.event

    @property
    def going_on(self) -> str:
        return str(EVENTS[self.event].going_on) if self.event in EVENTS else ""
