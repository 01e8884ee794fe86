"""Processors (GDPR Art. 28) and other recipients, by name."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, KeepRow, NoPerson
from consent.texts import TextsField, whole_or_empty
from consent.words import RecipientClass, Transfer
from registers.fields import EncryptedBytesField
from registers.models import Controller, Organisation
from registers.models.base import INVISIBLE
from registers.validation import refuse_identity_code

COUNTRY = r"^[A-Z]{2}$"
EEA = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK ES".split()  # noqa: SIM905
)
MOST_BYTES = 10 * 1024 * 1024


class Located(models.Model):
    """Where data lie, and on what a transfer out of the EU and the EEA rests."""

    country = models.CharField(_("country (two letters)"), max_length=2, default="FI")
    transfer = models.CharField(_("transfer rests on"), max_length=12, choices=Transfer, default=Transfer.NONE)
    safeguards = models.CharField(
        _("safeguards and where to get a copy"), max_length=300, blank=True, help_text=_("GDPR Art. 13(1)(f)")
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        self.country = self.country.strip().upper()
        self._refuse_codes([self.safeguards])
        if not (len(self.country) == 2 and self.country.isascii() and self.country.isalpha()):
            raise ValidationError({"country": _("Write the country as two letters, as in FI or SE.")})
        if self.is_outside and self.transfer == Transfer.NONE:
            raise ValidationError(
                {"transfer": _("This country is outside the EU and the EEA: say on what the transfer rests.")}
            )
        if self.is_outside and not self.safeguards.strip():
            raise ValidationError({"safeguards": _("Say what safeguards there are and where to get a copy.")})

    def _refuse_codes(self, texts: Iterable[str]) -> None:
        for text in texts:
            refuse_identity_code(str(text))

    def is_current(self, on: date) -> bool:
        ended = getattr(self, "ended_on", None)
        return ended is None or ended > on

    @property
    def is_outside(self) -> bool:
        return self.country not in EEA

    @staticmethod
    def rules(name: str) -> list[models.BaseConstraint]:
        return [
            models.CheckConstraint(
                condition=Q(country__in=sorted(EEA)) | ~Q(transfer="none") & ~Q(safeguards=""),
                name=f"{name}_outside_rests_on_something",
                violation_error_message=_(
                    "This country is outside the EU and the EEA: say on what the transfer rests."
                ),
            ),
            models.CheckConstraint(condition=Q(country__regex=COUNTRY), name=f"{name}_country_in_two_letters"),
        ]


# henkilötietojen käsittelijä, vastaanottaja
class Recipient(Located):
    class Role(models.TextChoices):
        PROCESSOR = "processor", _("processor (Art. 28)")
        CONTROLLER = "controller", _("independent controller")

    controller = models.ForeignKey(
        Controller, verbose_name=_("controller"), on_delete=models.PROTECT, related_name="recipients"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="receives"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.PROCESSOR)
    recipient_class = models.CharField(_("category of recipients"), max_length=20, choices=RecipientClass)
    service = TextsField(_("service and what it holds"))
    categories = ArrayField(models.CharField(max_length=20, choices=Category), verbose_name=_("categories of data"))
    agreement_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    agreement = EncryptedBytesField(_("agreement (PDF)"), null=True, blank=True, editable=False)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    ended_on = models.DateField(
        _("ended on"), null=True, blank=True, help_text=_("The first day on which it no longer receives data.")
    )

    class Meta:
        verbose_name = _("processor or recipient")
        verbose_name_plural = _("processors and recipients")
        ordering = ["controller", "organisation__name"]
        constraints = [
            *Located.rules("recipient"),
            whole_or_empty("service", "recipient_service_in_all_languages"),
            models.CheckConstraint(
                condition=~Q(role="processor") | Q(agreement_on__isnull=False, review_on__isnull=False),
                name="processor_has_an_agreement_and_its_review",
                violation_error_message=_(
                    "A processor needs an agreement (Art. 28(3)) and the day of its next review."
                ),
            ),
        ]

    class PersonalData:
        subject = NoPerson("an organisation and its agreement")
        ends = KeepRow("whom data went to is part of the record of processing (Art. 30)")
        personal: dict = {}
        not_personal = (
            "id",
            "controller",
            "organisation",
            "role",
            "recipient_class",
            "service",
            "categories",
            "country",
            "transfer",
            "safeguards",
            "agreement_on",
            "agreement",
            "review_on",
            "ended_on",
        )

    def __str__(self) -> str:
        return str(self.organisation)

    def clean(self) -> None:
        super().clean()
        if isinstance(self.service, dict):
            self._refuse_codes(self.service.values())

    def set_agreement(self, content: bytes) -> None:
        """Encrypted in the row, as every file. Raises ValidationError for what is no PDF."""
        if len(content) > MOST_BYTES:
            raise ValidationError({"file": _("The file is larger than 10 MB.")})
        if not content.startswith(b"%PDF-"):
            raise ValidationError({"file": _("This is not a PDF file.")})
        self.agreement = content


# alikäsittelijä
class SubProcessor(Located):
    """Whom a processor uses in turn (GDPR Art. 28(2), 28(4))."""

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="sub_processors")
    name = models.CharField(_("name"), max_length=200)
    service = models.CharField(_("service"), max_length=200)
    ended_on = models.DateField(
        _("ended on"), null=True, blank=True, help_text=_("The first day on which it no longer receives data.")
    )

    class Meta:
        verbose_name = _("sub-processor")
        verbose_name_plural = _("sub-processors")
        ordering = ["name"]
        constraints = Located.rules("sub_processor")

    class PersonalData:
        subject = NoPerson("an organisation")
        ends = KeepRow("part of the record of processing")
        personal: dict = {}
        not_personal = ("id", "recipient", "name", "service", "country", "transfer", "safeguards", "ended_on")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        for field in ("name", "service"):
            text: Any = INVISIBLE.sub("", getattr(self, field)).strip()
            refuse_identity_code(text)
            setattr(self, field, text)
