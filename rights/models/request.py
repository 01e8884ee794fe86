"""A request of a person about their own data, its log, and the times at which its clock stood still."""

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, NoPerson, RegisterPerson
from consent.models.purpose import Made, Purpose
from registers.fields import EncryptedTextField
from rights.words import (
    ANSWER_NAMES,
    RIGHT_NAMES,
    WHOM_NAMES,
    AnswerBy,
    Channel,
    Did,
    Ground,
    Means,
    Outcome,
    Right,
    State,
    Whom,
)

PROOF = "proof of how a request was answered (GDPR 5(2), 12); ends three years after the request was closed"
REFERENCE = len("K4TF-92QM")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another


def new_reference() -> str:
    """ "K4TF-92QM": told to the person, found by nobody who guesses."""
    text = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{text[:4]}-{text[4:]}"


# rekisteröidyn pyyntö
class SubjectRequest(Made):
    """One request (GDPR Art. 12-22). `received_on` starts the clock: the day on which it reached an official channel.

    What the person wrote is encrypted. `person_key` names somebody of the registers, chosen by a person of the office.
    """

    reference = models.CharField(_("reference"), max_length=9, unique=True, default=new_reference)
    right = models.CharField(_("what is asked for"), max_length=15, choices=Right)
    whom = models.CharField(_("for whom"), max_length=5, choices=Whom, default=Whom.SELF)
    channel = models.CharField(_("how it came"), max_length=6, choices=Channel)
    answer_by = models.CharField(_("how to answer"), max_length=5, choices=AnswerBy, default=AnswerBy.LINK)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RECEIVED)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)

    name = EncryptedTextField(_("name"), null=True)
    email = EncryptedTextField(_("email"), null=True)
    email_key = models.BinaryField(_("email, keyed hash"), null=True)
    phone = EncryptedTextField(_("phone"), null=True)
    address = EncryptedTextField(_("postal address"), null=True)
    home = EncryptedTextField(_("home that it is about"), null=True)  # as told: house, apartment, when
    about_name = EncryptedTextField(_("name of the child, ward or principal"), null=True)
    message = EncryptedTextField(_("what the person wrote"), null=True)
    no_marketing = models.BooleanField(_("objects to direct marketing"), default=False)

    received_at = models.DateTimeField(_("received at"))
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("due on"))
    extended_due_on = models.DateField(_("due on, if extended"))
    extended_at = models.DateTimeField(_("extended at"), null=True)
    extended_because = models.CharField(_("why it was extended"), max_length=300, blank=True)

    code_digest = models.BinaryField(_("code, digest"), null=True)
    code_expires_at = models.DateTimeField(_("code valid until"), null=True)
    code_tries = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    confirmed_at = models.DateTimeField(_("address confirmed at"), null=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)

    person_key = models.BigIntegerField(_("person"), null=True)
    means = models.CharField(_("identified by"), max_length=10, choices=Means, blank=True)
    identified_at = models.DateTimeField(_("identified at"), null=True)
    more_asked_because = models.CharField(_("why more was asked to identify"), max_length=300, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("handler"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    duplicate_of = models.ForeignKey(
        "self", verbose_name=_("handled in"), on_delete=models.SET_NULL, null=True, related_name="duplicates"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True)
    refused_because = ArrayField(
        models.CharField(max_length=15, choices=Ground), verbose_name=_("grounds of refusal"), default=list
    )

    class Meta:
        verbose_name = _("request of a data subject")
        verbose_name_plural = _("requests of data subjects")
        ordering = ["due_on", "id"]
        default_permissions = ()
        permissions = [
            ("view_requests", "May read requests of data subjects"),
            ("handle_requests", "May handle requests of data subjects"),
            ("record_requests", "May record a request that came by phone, letter, email or at the desk"),
            ("change_letters", "May change the templates of letters"),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="request_open", condition=~Q(state__in=["closed", "unconfirmed"])),
            models.Index(fields=["person_key"], name="request_by_person", condition=Q(person_key__isnull=False)),
            models.Index(fields=["email_key"], name="request_by_email", condition=Q(email_key__isnull=False)),
            models.Index(fields=["closed_at"], name="request_by_closing", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["received_at"], name="request_unconfirmed", condition=Q(state="unconfirmed")),
        ]
        constraints = [
            Made.named("subject_request_names_its_maker"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, outcome=""),
                name="closed_request_has_time_and_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["refused", "partly"]) | ~Q(refused_because=[]),
                name="refusal_has_its_ground",
                violation_error_message=_("Name the ground of the refusal."),
            ),
            models.CheckConstraint(
                condition=Q(means="", identified_at__isnull=True) | ~Q(means="") & Q(identified_at__isnull=False),
                name="identified_request_says_how_and_when",
            ),
            models.CheckConstraint(
                condition=Q(extended_at__isnull=True, extended_because="")
                | Q(extended_at__isnull=False) & ~Q(extended_because=""),
                name="extended_request_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("received_on"), extended_due_on__gte=F("due_on")),
                name="request_is_due_after_it_came",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["working"])
                | Q(identified_at__isnull=False)
                | Q(right__in=["other", "consent"]),
                name="request_goes_on_after_identification",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person_key")
        actor = Account("user_key", "handler")
        ends = KeepRow(PROOF)
        personal = {
            Category.CASE: {
                name: Keep(PROOF)
                for name in (
                    "name",
                    "email",
                    "email_key",
                    "phone",
                    "address",
                    "right",
                    "message",
                    "no_marketing",
                    "home",
                    "about_name",
                    "person_key",
                    "received_at",
                    "received_on",
                    "state",
                    "outcome",
                    "refused_because",
                    "extended_because",
                    "more_asked_because",
                    "means",
                    "identified_at",
                    "closed_at",
                )
            },
            Category.ACCOUNT: {
                "user_key": Keep("who answers for it"),
                "user_email": Keep("who answers for it"),
                "handler": Keep("who answers for it"),
            },
        }
        not_personal = (
            "id",
            "at",
            "program",
            "reference",
            "whom",
            "channel",
            "answer_by",
            "language",
            "due_on",
            "extended_due_on",
            "extended_at",
            "code_digest",
            "code_expires_at",
            "code_tries",
            "confirmed_at",
            "reminded_at",
            "duplicate_of",
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def right_name(self) -> str:
        return str(RIGHT_NAMES[Right(self.right)])

    @property
    def whom_name(self) -> str:
        return str(WHOM_NAMES[Whom(self.whom)])

    @property
    def answer_name(self) -> str:
        return str(ANSWER_NAMES[AnswerBy(self.answer_by)])

    @property
    def is_open(self) -> bool:
        return self.state not in (State.CLOSED, State.UNCONFIRMED)


class RequestStep(Made):
    """What happened in a case, who did it and when. Append-only; goes with its request."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="steps")
    did = models.CharField(_("what"), max_length=15, choices=Did)
    note = EncryptedTextField(_("note"), null=True)
    purpose = models.ForeignKey(
        Purpose, verbose_name=_("purpose"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        ordering = ["id"]
        default_permissions = ()
        constraints = [Made.named("step_names_its_maker")]

    class PersonalData:
        subject = RegisterPerson("request__person_key")
        actor = Account("user_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.CASE: {"note": Keep(PROOF), "did": Keep(PROOF), "at": Keep(PROOF)},
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")},
        }
        not_personal = ("id", "request", "program", "purpose")

    def __str__(self) -> str:
        return f"{self.request_id}/{self.did}"


class Suspension(models.Model):
    """The clock stood still while a prompt query about the identity was unanswered. The date before stays in sight."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="suspensions")
    since = models.DateField(_("from day"))
    until = models.DateField(_("until day"), null=True)
    because = models.CharField(_("why"), max_length=300)

    class Meta:
        verbose_name = _("suspension of a request")
        verbose_name_plural = _("suspensions of requests")
        ordering = ["since", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="suspension_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(until__isnull=True), name="one_suspension_at_a_time"
            ),
        ]

    class PersonalData:
        subject = NoPerson("days and a reason without names; goes with its request")
        ends = KeepRow(PROOF)
        personal: dict = {}
        not_personal = ("id", "request", "since", "until", "because")

    def __str__(self) -> str:
        return f"{self.request_id}/{self.since}"
