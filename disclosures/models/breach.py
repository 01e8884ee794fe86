"""Personal data breaches: what happened, what was done about it, and when who was told of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, NoPerson
from consent.models.purpose import Made
from disclosures.models.disclosure import Disclosure
from registers.models import Controller, HousingCompany

RECORD = "the record of the breach (GDPR 33(5)), deleted some years after it is closed (retention rule)"
NO_NAMES = _("Write no names and no personal identity codes.")
# '72 hours', not '3 days': PostgreSQL adds days by the calendar of the session's time zone.
IN_TIME = Func(F("aware_at"), template="%(expressions)s + interval '72 hours'", output_field=models.DateTimeField())


def before_none(field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": F("aware_at")})


# henkilötietojen tietoturvaloukkaus
class Breach(Made):
    """GDPR Art. 33-34. `at` is when it was recorded, `aware_at` when the clock began. A closed one is never changed."""

    class Nature(models.TextChoices):
        CONFIDENTIALITY = "confidentiality", _("somebody saw or got data without a right (confidentiality)")
        INTEGRITY = "integrity", _("data was changed without a right or by accident (integrity)")
        AVAILABILITY = "availability", _("data was lost or out of reach (availability)")

    class Risk(models.TextChoices):
        UNASSESSED = "unassessed", _("not assessed yet")
        NONE = "none", _("unlikely to be a risk to persons")
        RISK = "risk", _("a risk to persons")
        HIGH = "high", _("a high risk to persons")

    controller = models.ForeignKey(
        Controller, verbose_name=_("whose breach (controller)"), on_delete=models.PROTECT, related_name="breaches"
    )
    housing_company = models.ForeignKey(
        HousingCompany,
        verbose_name=_("housing company"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="breaches",
    )
    title = models.CharField(_("in a few words"), max_length=120, help_text=NO_NAMES)
    aware_at = models.DateTimeField(_("when the office became aware of it"))
    nature = ArrayField(models.CharField(max_length=16, choices=Nature), verbose_name=_("nature of the breach"))
    language = models.CharField(_("language of these texts"), max_length=2, choices=settings.LANGUAGES, default="fi")
    what_happened = models.TextField(_("what happened"), max_length=4000, help_text=NO_NAMES)
    categories = ArrayField(models.CharField(max_length=20, choices=Category), verbose_name=_("categories of data"))
    persons = models.PositiveIntegerField(_("number of persons, approximately"), null=True, blank=True)
    records = models.PositiveIntegerField(_("number of records, approximately"), null=True, blank=True)
    consequences = models.TextField(_("likely consequences"), max_length=4000, blank=True, help_text=NO_NAMES)
    measures = models.TextField(_("measures taken or planned"), max_length=4000, blank=True, help_text=NO_NAMES)
    risk = models.CharField(_("risk to the persons"), max_length=10, choices=Risk, default=Risk.UNASSESSED)
    controller_told_at = models.DateTimeField(_("the controller was told"), null=True, blank=True)
    authority_notified_at = models.DateTimeField(_("the authority was notified"), null=True, blank=True)
    authority_reference = models.CharField(_("the authority's reference"), max_length=100, blank=True)
    authority_not_because = models.TextField(_("why the authority is not notified"), max_length=2000, blank=True)
    late_because = models.TextField(_("why it was notified after 72 hours"), max_length=2000, blank=True)
    persons_notified_at = models.DateTimeField(_("the persons were told"), null=True, blank=True)
    persons_how = models.CharField(_("how the persons were told"), max_length=300, blank=True)
    persons_not_because = models.TextField(_("why the persons are not told"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.EmailField(_("closed by"), blank=True)
    disclosures = models.ManyToManyField(
        Disclosure, through="BreachDisclosure", related_name="breaches", verbose_name=_("disclosures")
    )

    class Meta:
        verbose_name = _("personal data breach")
        verbose_name_plural = _("personal data breaches")
        ordering = ["-id"]
        default_permissions = ()
        permissions = [
            ("handle_breaches", "May handle personal data breaches"),
            ("report_breach", "May report personal data breaches"),
        ]
        constraints = [
            Made.named("breach_names_its_maker"),
            models.CheckConstraint(
                condition=Q(nature__len__gt=0) & Q(categories__len__gt=0), name="breach_says_nature_and_categories"
            ),
            models.CheckConstraint(
                condition=before_none("controller_told_at")
                & before_none("authority_notified_at")
                & before_none("persons_notified_at")
                & before_none("closed_at"),
                name="breach_steps_come_after_becoming_aware",
                violation_error_message=_("This is before the office became aware of the breach."),
            ),
            models.CheckConstraint(
                condition=Q(authority_notified_at__isnull=True)
                | Q(authority_notified_at__lte=IN_TIME)
                | ~Q(late_because=""),
                name="late_notification_says_why",
                violation_error_message=_(
                    "More than 72 hours have passed: say why the notification is late (Art. 33(1))."
                ),
            ),
            models.CheckConstraint(
                condition=Q(persons_notified_at__isnull=True, persons_how="")
                | Q(persons_notified_at__isnull=False) & ~Q(persons_how=""),
                name="telling_persons_says_how",
                violation_error_message=_("Say when and how the persons were told."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by="") | Q(closed_at__isnull=False) & ~Q(closed_by=""),
                name="closed_breach_names_who_closed_it",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(risk="unassessed") & ~Q(consequences="") & ~Q(measures=""),
                name="closed_breach_is_assessed",
                violation_error_message=_("Assess the breach first: consequences, measures and risk."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(authority_notified_at__isnull=False)
                | Q(risk="none") & ~Q(authority_not_because=""),
                name="closed_breach_went_to_the_authority",
                violation_error_message=_("The authority must be notified, or it is said why there is no risk."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | ~Q(risk="high")
                | Q(persons_notified_at__isnull=False)
                | ~Q(persons_not_because=""),
                name="closed_breach_of_high_risk_went_to_persons",
                violation_error_message=_("The risk is high: tell the persons, or say why not (Art. 34(3))."),
            ),
        ]

    class PersonalData:
        subject = NoPerson("about an incident; staff are told to write no names in it, identity codes are refused")
        actor = Account("user_key")
        ends = KeepRow(RECORD)
        personal = {
            Category.ACCOUNT: {
                "user_key": Keep("who reported it"),
                "user_email": Keep("who reported it"),
                "closed_by": Keep("who answers for closing it"),
            }
        }
        not_personal = (
            "id",
            "at",
            "program",
            "controller",
            "housing_company",
            "title",
            "aware_at",
            "nature",
            "language",
            "what_happened",
            "categories",
            "persons",
            "records",
            "consequences",
            "measures",
            "risk",
            "controller_told_at",
            "authority_notified_at",
            "authority_reference",
            "authority_not_because",
            "late_because",
            "persons_notified_at",
            "persons_how",
            "persons_not_because",
            "closed_at",
            "disclosures",
        )

    def __str__(self) -> str:
        return f"{self.pk}: {self.title}"

    @property
    def needs_controller(self) -> bool:
        """The management company is the processor: it tells the controller without undue delay (Art. 33(2))."""
        return self.controller.housing_company_id is not None

    @property
    def authority_is_settled(self) -> bool:
        return self.authority_notified_at is not None or bool(self.risk == "none" and self.authority_not_because)

    @property
    def persons_are_settled(self) -> bool:
        return self.persons_notified_at is not None or self.risk != "high" or bool(self.persons_not_because)


class BreachDisclosure(models.Model):
    """A disclosure that is part of a breach: what was sent in error is found from either."""

    breach = models.ForeignKey(Breach, verbose_name=_("breach"), on_delete=models.CASCADE, related_name="links")
    disclosure = models.ForeignKey(
        Disclosure, verbose_name=_("disclosure"), on_delete=models.PROTECT, related_name="breach_links"
    )

    class Meta:
        verbose_name = _("disclosure of a breach")
        verbose_name_plural = _("disclosures of breaches")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["breach", "disclosure"],
                name="a_disclosure_once_per_breach",
                violation_error_message=_("This disclosure belongs to the breach already."),
            )
        ]

    class PersonalData:
        subject = NoPerson("joins a breach and a disclosure by their numbers")
        ends = KeepRow(RECORD)
        personal: dict = {}
        not_personal = ("id", "breach", "disclosure")

    def __str__(self) -> str:
        return f"{self.breach_id}/{self.disclosure_id}"
