"""What people have allowed and what they have objected to: append-only, by key."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.classification import (
    Account,
    Category,
    DeleteRow,
    EraseWithPerson,
    Keep,
    KeepRow,
    NoPerson,
    RegisterPerson,
    WithRow,
)
from consent.models.purpose import Made, Purpose, PurposeVersion
from consent.words import Channel, Means
from registers.fields import EncryptedTextField
from registers.models import Controller

PROOF = "proof of what was said (GDPR 7(1), 5(2)) by key; ends by retention, three years after the withdrawal"


# suostumus
class ConsentEvent(Made):
    """Given, withdrawn, or the customer exception of 917/2014 s.200(3): for one purpose and channel. Append-only.

    The newest event of a person for a purpose and channel says how it stands. `contact_key` is the keyed hash of the
    address from which a visitor of the website confirmed; the event is then about whoever has that address.
    """

    class Kind(models.TextChoices):
        GIVEN = "given", _("consent given")
        WITHDRAWN = "withdrawn", _("consent withdrawn")
        CUSTOMER = "customer", _("customer exception recorded")

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="consents")
    version = models.ForeignKey(PurposeVersion, on_delete=models.PROTECT, related_name="consents")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    person_key = models.BigIntegerField(_("person"), null=True)
    contact_key = models.BinaryField(_("keyed hash of the contact"), null=True)
    language = models.CharField(_("language"), max_length=2)
    text = models.TextField(_("the text that was shown or read out"))
    means = models.CharField(_("how"), max_length=10, choices=Means)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    request_key = models.UUIDField(_("request"), null=True)
    expires_on = models.DateField(_("expires on"), null=True)
    ends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="ended_by")

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["person_key", "purpose", "channel", "-id"], name="consent_of_person"),
            models.Index(fields=["contact_key", "purpose", "-id"], name="consent_of_contact"),
        ]
        constraints = [
            Made.named("consent_names_its_maker"),
            models.CheckConstraint(
                condition=Q(person_key__isnull=False) | Q(contact_key__isnull=False), name="consent_is_somebodys"
            ),
            models.CheckConstraint(
                condition=Q(kind="withdrawn", ends__isnull=False) | ~Q(kind="withdrawn") & Q(ends__isnull=True),
                name="withdrawal_names_what_it_ends",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="consent_keeps_its_text"),
        ]

    class PersonalData:
        subject = RegisterPerson("person_key")
        actor = Account("user_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.MARKETING: {
                "person_key": Keep(PROOF),
                "contact_key": Keep(PROOF),
                "evidence": EraseWithPerson(),
                "at": Keep(PROOF),
            },
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")},
        }
        not_personal = (
            "id",
            "program",
            "kind",
            "purpose",
            "version",
            "channel",
            "language",
            "text",
            "means",
            "request_key",
            "expires_on",
            "ends",
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class ConsentRequest(models.Model):
    """A visitor ticked purposes and gave an address; the button on the emailed page makes consents of it."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = EncryptedTextField(_("email"))
    contact_key = models.BinaryField(_("keyed hash of the contact"))
    token_digest = models.BinaryField(_("digest of the link's secret"), unique=True)
    versions = ArrayField(models.BigIntegerField(), verbose_name=_("versions of purposes"))
    language = models.CharField(_("language"), max_length=2)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    expires_at = models.DateTimeField(_("expires at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        verbose_name = _("unconfirmed consent")
        verbose_name_plural = _("unconfirmed consents")
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at"], name="consent_request_expiry")]

    class PersonalData:
        subject = NoPerson("an address that nobody has confirmed yet; the row ends after a week")
        ends = DeleteRow()
        personal = {
            Category.CONTACT: {"email": WithRow(), "contact_key": WithRow()},
            Category.MARKETING: {"versions": WithRow(), "asked_at": WithRow(), "confirmed_at": WithRow()},
        }
        not_personal = ("key", "token_digest", "language", "expires_at")

    def __str__(self) -> str:
        return str(self.key)


# suoramarkkinointikielto
class Objection(Made):
    """Somebody objected to a controller's direct marketing (GDPR Art. 21(2)-(3)). Append-only; nothing lifts it."""

    class Origin(models.TextChoices):
        TOLD = "told", _("told by the person")
        MATCHED = "matched", _("recognised: this contact had objected earlier")

    controller = models.ForeignKey(Controller, on_delete=models.PROTECT, related_name="objections")
    person_key = models.BigIntegerField(_("person"), null=True)
    means = models.CharField(_("how"), max_length=10, choices=Means, blank=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.TOLD)
    since = models.DateTimeField(_("objected since"), null=True)  # of a recognised one: when the contact was banned
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("objection to marketing")
        verbose_name_plural = _("objections to marketing")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["person_key", "controller"], name="objection_of_person")]
        constraints = [Made.named("objection_names_its_maker")]

    class PersonalData:
        subject = RegisterPerson("person_key")
        actor = Account("user_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.MARKETING: {"person_key": Keep(PROOF), "note": EraseWithPerson(), "at": Keep(PROOF)},
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")},
        }
        not_personal = ("id", "program", "controller", "means", "origin", "since")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Suppression(models.Model):
    """The keyed hash of a contact that must not be marketed to; it outlives the person's row. Append-only."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("email")
        PHONE = "phone", _("phone")
        POST = "post", _("postal address")

    controller = models.ForeignKey(Controller, on_delete=models.PROTECT, related_name="suppressions")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    key = models.BinaryField(_("keyed hash"))
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="suppressions")
    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    since = models.DateTimeField(_("banned since"), null=True)  # where it follows from an earlier ban or objection

    class Meta:
        verbose_name = _("marketing ban of a contact")
        verbose_name_plural = _("marketing bans of contacts")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["controller", "key"], name="ban_of_contact")]

    class PersonalData:
        subject = NoPerson("a keyed hash that leads to nobody by itself (GDPR Art. 21(3))")
        ends = KeepRow("the objection outlives the person's data, for as long as marketing goes on")
        personal = {Category.MARKETING: {"key": Keep("without it the objection would be forgotten")}}
        not_personal = ("id", "controller", "kind", "objection", "at", "since")

    def __str__(self) -> str:
        return self.get_kind_display()
