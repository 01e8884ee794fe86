"""The log of what left: keys, field names and grounds, never a person's value. Append-only, sealed in a chain."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, NoPerson, RegisterPerson
from consent.models import Purpose, PurposeVersion
from consent.models.purpose import Made
from disclosures.asking import Kind
from disclosures.models.recipient import OutsideRecipient
from disclosures.models.request import DisclosureRequest

PROOF = "proof of what was told to whom (GDPR 5(2), 15(1)(c), 19); keys and field names, no values"


class Channel(models.TextChoices):
    FILE = "file", _("file")
    PAPER = "paper", _("on paper")
    EMAIL = "email", _("email")
    PHONE = "phone", _("by phone")
    SCREEN = "screen", _("on screen")


# luovutus
class Disclosure(Made):
    """One act of telling. A mistake is never edited: a later row follows it (`follows`, `kind`)."""

    class What(models.TextChoices):
        DISCLOSED = "disclosed", _("disclosed")
        RECALLED = "recalled", _("recalled")
        IN_ERROR = "in_error", _("sent in error")
        NOTIFIED = "notified", _("told of a change (Art. 19)")

    what = models.CharField(_("what"), max_length=10, choices=What, default=What.DISCLOSED)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    kind = models.CharField(_("recipient's class"), max_length=12, choices=Kind)
    organisation_key = models.BigIntegerField(_("recipient (organisation)"), null=True)
    recipient_person_key = models.BigIntegerField(_("recipient (person)"), null=True)
    outside = models.ForeignKey(
        OutsideRecipient,
        verbose_name=_("recipient (outside the registers)"),
        on_delete=models.DO_NOTHING,  # the log keeps the key when the name has gone
        db_constraint=False,
        null=True,
        related_name="disclosures",
    )
    company_key = models.BigIntegerField(_("housing company"), null=True)
    request = models.OneToOneField(
        DisclosureRequest,
        verbose_name=_("approved request"),
        on_delete=models.PROTECT,
        null=True,
        related_name="disclosure",
    )
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="disclosures")
    purpose_version = models.ForeignKey(PurposeVersion, on_delete=models.PROTECT, related_name="disclosures")
    ground = models.CharField(_("ground"), max_length=300)
    evidence = models.JSONField(_("evidence"), default=dict)
    fields = ArrayField(models.CharField(max_length=20), verbose_name=_("fields"))
    persons = models.PositiveIntegerField(_("number of persons"))
    left_out_protected = models.PositiveIntegerField(_("left out: non-disclosure order"), default=0)
    left_out_restricted = models.PositiveIntegerField(
        _("left out: restricted processing or an upheld objection"), default=0
    )
    left_out_removed = models.PositiveIntegerField(_("left out: removed from name boards"), default=0)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    artefact_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # What PostgreSQL's transactions were when the registers were read: tells which changes it did not see yet.
    snapshot = models.TextField(_("snapshot"), blank=True, editable=False)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-id"]
        default_permissions = ()
        permissions = [
            ("view_disclosures", "May read the log of disclosures"),
            ("disclose", "May disclose personal data"),
            ("return_registers", "May return the registers of a housing company"),
            ("verify_disclosures", "May verify the log of disclosures"),
        ]
        indexes = [
            models.Index(fields=["company_key", "-id"], name="disclosure_by_company"),
            models.Index(fields=["organisation_key", "-id"], name="disclosure_by_organisation"),
            models.Index(fields=["recipient_person_key", "-id"], name="disclosure_by_person"),
            models.Index(fields=["outside", "-id"], name="disclosure_by_outsider", condition=Q(outside__isnull=False)),
        ]
        constraints = [
            Made.named("disclosure_names_its_maker"),
            models.CheckConstraint(condition=~Q(ground=""), name="disclosure_has_a_ground"),
            models.CheckConstraint(
                condition=Q(what="disclosed", follows__isnull=True) | ~Q(what="disclosed") & Q(follows__isnull=False),
                name="correction_follows_a_disclosure",
            ),
            models.CheckConstraint(
                condition=~Q(channel="file") | ~Q(what="disclosed") | ~Q(artefact_sha256=""),
                name="file_has_its_digest",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("recipient_person_key")
        actor = Account("user_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.COMMUNICATION: {
                "recipient_person_key": Keep("a named recipient (C-154/21), by key"),
                "evidence": Keep("references to documents; staff are told to write no values in it"),
                "note": Keep("staff are told to write no values in it"),
                "at": Keep(PROOF),
            },
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")},
        }
        not_personal = (
            "id",
            "program",
            "what",
            "follows",
            "kind",
            "organisation_key",
            "outside",
            "company_key",
            "request",
            "purpose",
            "purpose_version",
            "ground",
            "fields",
            "persons",
            "left_out_protected",
            "left_out_restricted",
            "left_out_removed",
            "channel",
            "artefact_sha256",
            "snapshot",
        )

    def __str__(self) -> str:
        return f"{self.pk}"


CORRECTIONS = (Disclosure.What.RECALLED, Disclosure.What.IN_ERROR)


class DisclosedPerson(models.Model):
    """About whom a disclosure was, and which of its fields held something."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="about", db_index=False)
    person_key = models.BigIntegerField(_("person"))
    fields = ArrayField(models.CharField(max_length=20), verbose_name=_("fields"))

    class Meta:
        verbose_name = _("disclosed person")
        verbose_name_plural = _("disclosed persons")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "person_key"], name="a_person_once_per_disclosure")
        ]
        indexes = [models.Index(fields=["person_key", "-disclosure"], name="disclosures_about_person")]

    class PersonalData:
        subject = RegisterPerson("person_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.COMMUNICATION: {"person_key": Keep(PROOF), "disclosure": Keep(PROOF), "fields": Keep(PROOF)}
        }
        not_personal = ("id",)

    def __str__(self) -> str:
        return f"{self.disclosure_id}/{self.person_key}"


class Seal(models.Model):
    """The place of a disclosure in the chain: SHA-256 over the seal before, the disclosure and its persons."""

    number = models.BigIntegerField(_("number"), primary_key=True)
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="seal")
    digest = models.BinaryField(_("digest"))
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["number"]
        default_permissions = ()

    class PersonalData:
        subject = NoPerson("a digest over keys and field names")
        ends = KeepRow("the chain's proof")
        personal: dict = {}
        not_personal = ("number", "disclosure", "digest", "at")

    def __str__(self) -> str:
        return str(self.number)
