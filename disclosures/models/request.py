"""Telling of a protected or restricted person: asked for, approved by two, released once (law.md, hard rules 8, 14)."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, RegisterPerson
from consent.models import Purpose
from consent.models.purpose import Made
from disclosures.asking import Kind
from disclosures.models.recipient import OutsideRecipient

APPROVALS_NEEDED = 2
LAPSES_AFTER = timedelta(days=14)
PROOF = "proof of who asked for the exception and who approved it; keys and references, no values"


class DisclosureRequest(Made):
    """What would be told of one person, to whom, and why although the person is protected or restricted.

    Without a person: the registers of a whole housing company, and of whom among them (`RequestedPerson`).
    """

    person_key = models.BigIntegerField(_("person"), null=True)
    kind = models.CharField(_("recipient's class"), max_length=12, choices=Kind)
    organisation_key = models.BigIntegerField(_("recipient (organisation)"), null=True)
    recipient_person_key = models.BigIntegerField(_("recipient (person)"), null=True)
    outside = models.ForeignKey(
        OutsideRecipient, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    company_key = models.BigIntegerField(_("housing company"), null=True)
    former = models.BooleanField(_("former homes and shares too"), default=False)
    fields = ArrayField(models.CharField(max_length=20), verbose_name=_("fields"))
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(_("ground"), max_length=300)
    evidence = models.JSONField(_("evidence"), default=dict)
    why = models.CharField(_("why the exception"), max_length=300)
    # Against what the approvers were asked: "protected", "restricted". What comes later was not approved.
    hindrances = ArrayField(models.CharField(max_length=10), verbose_name=_("hindrances"))
    file = models.CharField(_("file format"), max_length=5)

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        ordering = ["-id"]
        default_permissions = ()
        permissions = [("approve_disclosures", "May approve the disclosure of protected or restricted people")]
        indexes = [models.Index(fields=["person_key"], name="request_about_person")]
        constraints = [
            Made.named("request_names_its_maker"),
            models.CheckConstraint(condition=~Q(why="") & ~Q(ground=""), name="request_has_its_reasons"),
            models.CheckConstraint(
                condition=Q(person_key__isnull=False) ^ Q(kind="successor", company_key__isnull=False),
                name="request_is_about_a_person_or_a_house",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person_key", "recipient_person_key")
        actor = Account("user_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.COMMUNICATION: {
                "person_key": Keep(PROOF),
                "recipient_person_key": Keep(PROOF),
                "fields": Keep(PROOF),
                "evidence": Keep("references to documents; staff are told to write no values in it"),
                "hindrances": Keep(PROOF),
                "why": Keep("staff are told to write no values in it"),
                "at": Keep(PROOF),
            },
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")},
        }
        not_personal = (
            "id",
            "program",
            "kind",
            "organisation_key",
            "outside",
            "company_key",
            "former",
            "purpose",
            "ground",
            "file",
        )

    def __str__(self) -> str:
        return f"{self.pk}"


class RequestedPerson(models.Model):
    """Somebody protected or restricted in the registers that a request is about, and by what when it was asked."""

    request = models.ForeignKey(DisclosureRequest, on_delete=models.PROTECT, related_name="people", db_index=False)
    person_key = models.BigIntegerField(_("person"))
    hindrances = ArrayField(models.CharField(max_length=10), verbose_name=_("hindrances"))
    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("person of a request")
        verbose_name_plural = _("persons of requests")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["request", "person_key"], name="a_person_once_per_request")]
        indexes = [models.Index(fields=["person_key"], name="requested_person")]

    class PersonalData:
        subject = RegisterPerson("person_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.COMMUNICATION: {
                "person_key": Keep(PROOF),
                "request": Keep(PROOF),
                "hindrances": Keep(PROOF),
                "at": Keep(PROOF),
            }
        }
        not_personal = ("id",)

    def __str__(self) -> str:
        return f"{self.request_id}/{self.person_key}"


class Approval(Made):
    """One person's word on a request: yes or no, once each; a no ends it, also after one's own yes."""

    request = models.ForeignKey(DisclosureRequest, on_delete=models.PROTECT, related_name="approvals")
    approved = models.BooleanField(_("approved"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request", "user_key", "approved"],
                name="one_word_per_approver",
                violation_error_message=_("You have said your word already."),
            ),
            models.CheckConstraint(condition=Q(user_key__isnull=False), name="a_person_approves"),
            models.CheckConstraint(condition=Q(approved=True) | ~Q(note=""), name="a_no_has_its_reason"),
        ]

    class PersonalData:
        subject = RegisterPerson("request__person_key")
        actor = Account("user_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.COMMUNICATION: {
                "request": Keep(PROOF),
                "approved": Keep(PROOF),
                "note": Keep("staff are told to write no values in it"),
                "at": Keep(PROOF),
            },
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")},
        }
        not_personal = ("id", "program")

    def __str__(self) -> str:
        return f"{self.request_id}"
