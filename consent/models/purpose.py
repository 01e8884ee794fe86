"""Purposes, their versions and the legal bases of each version."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, NoPerson
from consent.texts import TextsField, in_language, whole_or_empty
from consent.words import Article, Channel, Mark, RecipientClass, RegisterKind, SubjectClass
from registers.models import Controller
from registers.models.base import Source

# Parts of the software that act by themselves, as people read of them.
PROGRAMS = {
    "web form": _("web form"),
    "installation": _("installation"),
    "demo": _("demo"),
    "recognition of objections": _("recognition of objections"),
}


class Made(models.Model):
    """Who made a row of an append-only table, and when: keys and an address, so that nothing stands in the way."""

    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    user_key = models.BigIntegerField(_("user"), null=True, editable=False)
    user_email = models.EmailField(_("user's email"), blank=True, editable=False)
    program = models.CharField(_("program"), max_length=60, blank=True, editable=False)

    class Meta:
        abstract = True

    @staticmethod
    def named(name: str) -> models.CheckConstraint:
        return models.CheckConstraint(condition=~Q(user_email="") | ~Q(program=""), name=name)

    @property
    def maker(self) -> str:
        return self.user_email or str(PROGRAMS.get(self.program, self.program))


class Purpose(models.Model):
    """What a controller keeps data for. What it says stands in its versions; the newest one speaks."""

    controller = models.ForeignKey(
        Controller, verbose_name=_("controller"), on_delete=models.PROTECT, related_name="purposes"
    )
    code = models.SlugField(_("code"), max_length=40)
    register = models.CharField(_("register"), max_length=20, choices=RegisterKind, default=RegisterKind.GENERAL)

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        ordering = ["controller", "id"]
        default_permissions = ()
        permissions = [
            ("view_purposes", "May read purposes, notices and the record of processing"),
            ("change_purposes", "May change purposes and controllers' profiles"),
            ("publish_notices", "May write and publish privacy notices"),
            ("record_consent", "May record consents, withdrawals and objections"),
            ("view_consents", "May read the log of consents and objections"),
        ]
        constraints = [models.UniqueConstraint(fields=["controller", "code"], name="one_purpose_per_code")]

    class PersonalData:
        subject = NoPerson("a purpose is about nobody")
        ends = KeepRow("holds no personal data")
        personal: dict = {}
        not_personal = ("id", "controller", "code", "register")

    def __str__(self) -> str:
        return self.code


# käyttötarkoitus
class PurposeVersion(Made):
    """What a purpose said from `at` on. Append-only: changing a purpose adds a version (GDPR Art. 5(2), 24)."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    in_force = models.BooleanField(_("in force"), default=True)
    name = TextsField(_("name"))
    description = TextsField(_("what is done"))
    categories = ArrayField(models.CharField(max_length=20, choices=Category), verbose_name=_("categories of data"))
    subjects = ArrayField(
        models.CharField(max_length=20, choices=SubjectClass), verbose_name=_("classes of data subjects")
    )
    recipients = ArrayField(
        models.CharField(max_length=20, choices=RecipientClass), verbose_name=_("recipients"), blank=True, default=list
    )
    sources = ArrayField(models.CharField(max_length=20, choices=Source), verbose_name=_("sources"))
    kept_until = TextsField(_("kept until"))
    kept_citation = models.CharField(_("source of the period"), max_length=200, blank=True)
    kept_mark = models.CharField(_("standing of the period"), max_length=1, choices=Mark, default=Mark.OWN)
    # GDPR Art. 13(2)(e): must the data be given, and what follows when they are not
    provision = TextsField(_("must the data be given"))
    is_marketing = models.BooleanField(_("direct marketing"), default=False)  # Art. 21(2): an objection always ends it
    consent_text = TextsField(_("text of the consent"), blank=True)
    # The oldest version whose consents still speak for this one: a new text or a wider use needs new consent.
    consents_from = models.PositiveIntegerField(_("consents count from version"), default=1)
    reason = models.CharField(_("why it was changed"), max_length=300)

    class Meta:
        verbose_name = _("version of a purpose")
        verbose_name_plural = _("versions of purposes")
        ordering = ["purpose", "-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["purpose", "number"], name="one_version_of_a_purpose_per_number"),
            Made.named("purpose_version_names_its_maker"),
            whole_or_empty("name", "purpose_name_in_all_languages"),
            whole_or_empty("description", "purpose_description_in_all_languages"),
            whole_or_empty("kept_until", "purpose_kept_until_in_all_languages"),
            whole_or_empty("provision", "purpose_provision_in_all_languages"),
            whole_or_empty("consent_text", "purpose_consent_text_in_all_languages"),
            models.CheckConstraint(condition=~Q(name={}) & ~Q(description={}), name="purpose_says_what_it_is"),
            models.CheckConstraint(condition=~Q(reason=""), name="purpose_version_says_why"),
        ]

    class PersonalData:
        subject = NoPerson("a purpose is about nobody; its maker acts in office")
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
            "number",
            "in_force",
            "name",
            "description",
            "categories",
            "subjects",
            "recipients",
            "sources",
            "kept_until",
            "kept_citation",
            "kept_mark",
            "provision",
            "is_marketing",
            "consent_text",
            "consents_from",
            "reason",
        )

    def __str__(self) -> str:
        return in_language(self.name)

    def consent_sentence(self, language: str) -> str:
        """The exact words of the consent: they name the controller (EDPB 05/2020, para 64)."""
        return self.consent_text.get(language, "").replace("{controller}", self.purpose.controller.name)


# oikeusperuste
class LegalBasis(models.Model):
    """One basis of a version (GDPR Art. 6(1)): for whom and by which channel it holds. Append-only with its version."""

    version = models.ForeignKey(PurposeVersion, on_delete=models.PROTECT, related_name="bases")
    article = models.CharField(_("legal basis"), max_length=1, choices=Article)
    subjects = ArrayField(
        models.CharField(max_length=20, choices=SubjectClass), verbose_name=_("for whom"), blank=True, default=list
    )  # empty: all classes of the version
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel), verbose_name=_("by which channel"), blank=True, default=list
    )  # empty: all
    note = TextsField(_("when it applies"), blank=True)
    citation = models.CharField(_("statute or other source"), max_length=200, blank=True)
    mark = models.CharField(_("standing"), max_length=1, choices=Mark, default=Mark.OWN)
    interest = TextsField(_("legitimate interest"), blank=True)  # Art. 13(1)(d)
    balancing_test = TextsField(_("balancing test"), blank=True)
    review_on = models.DateField(_("review of the balancing test"), null=True, blank=True)

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(article="f") | ~Q(interest={}) & ~Q(balancing_test={}) & Q(review_on__isnull=False),
                name="legitimate_interest_has_a_balancing_test",
                violation_error_message=_(
                    "Legitimate interest needs the interest, its balancing test and the day of its review."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(article="c") | ~Q(citation=""),
                name="legal_obligation_names_its_statute",
                violation_error_message=_("A legal obligation names its statute."),
            ),
            whole_or_empty("note", "basis_note_in_all_languages"),
            whole_or_empty("interest", "basis_interest_in_all_languages"),
            whole_or_empty("balancing_test", "basis_balancing_test_in_all_languages"),
        ]

    class PersonalData:
        subject = NoPerson("a legal basis is about nobody")
        ends = KeepRow("holds no personal data")
        personal: dict = {}
        not_personal = (
            "id",
            "version",
            "article",
            "subjects",
            "channels",
            "note",
            "citation",
            "mark",
            "interest",
            "balancing_test",
            "review_on",
        )

    def __str__(self) -> str:
        return f"6(1)({self.article})"

    def covers(self, channel: str) -> bool:
        return not channel or not self.channels or channel in self.channels

    def review_is_due(self, on: date) -> bool:
        return self.review_on is not None and self.review_on <= on

    def classes(self, version: PurposeVersion) -> list[Any]:
        return self.subjects or version.subjects
