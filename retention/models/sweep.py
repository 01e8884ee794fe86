"""Erasures: the plan in batches, who approved it, and a record for each person."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, DeleteRow, Keep, KeepRow, NoPerson, RegisterPerson, WithRow
from consent.models.purpose import Made

PROOF = "proof of the erasure (GDPR 5(2)): a key without a name"


class Sweep(Made):
    """One erasure, from its plan to its certificate."""

    class Kind(models.TextChoices):
        NIGHTLY = "nightly", _("by schedule")
        MANUAL = "manual", _("by hand")
        REQUEST = "request", _("on request of the person")
        REPLAY = "replay", _("after a restore")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        WAITING = "waiting", _("waits for approval")
        RUNNING = "running", _("running")
        VERIFYING = "verifying", _("being verified")
        DONE = "done", _("done")
        FAILED = "failed", _("values were found after the erasure")
        CANCELLED = "cancelled", _("cancelled")

    TRANSITIONS: dict[str, tuple[str, ...]] = {
        State.PLANNED: (State.RUNNING, State.WAITING, State.CANCELLED),
        State.WAITING: (State.PLANNED, State.CANCELLED),
        State.RUNNING: (State.VERIFYING, State.CANCELLED),
        State.VERIFYING: (State.DONE, State.FAILED),
        State.DONE: (),
        State.FAILED: (State.DONE,),
        State.CANCELLED: (),
    }

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    on = models.DateField(_("day"))
    persons = models.PositiveIntegerField(_("people in the plan"), default=0)
    partly = models.PositiveIntegerField(_("people of whom a part ends"), default=0)
    held = models.PositiveIntegerField(_("people held"), default=0)
    records = models.JSONField(_("records in the plan"), default=dict, db_default={})  # kind → how many
    register_size = models.PositiveIntegerField(_("people in the register"), default=0)
    usual = models.DecimalField(_("the usual number"), max_digits=12, decimal_places=1, default=0)
    counts = models.JSONField(_("rows by table"), default=dict)
    rules = ArrayField(models.BigIntegerField(), verbose_name=_("rules in force"), default=list)
    brake = models.JSONField(_("why the brake stopped it"), default=list)
    progress = models.JSONField(_("progress"), default=dict)
    verification = models.JSONField(_("verification"), default=dict)
    rewriting = models.JSONField(_("what was done on disk"), default=dict)
    periods_closed = models.PositiveIntegerField(_("periods of statistics closed before it"), null=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    head = models.CharField(_("head of the log of disclosures"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            Made.named("sweep_names_its_maker"),
            models.UniqueConstraint(
                models.Value(1),
                name="one_open_sweep",
                condition=Q(state__in=["planned", "waiting", "running", "verifying"]),
                violation_error_message=_("Another erasure is open: finish or cancel it first."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed"]) | Q(done_at__isnull=False), name="done_sweep_has_its_time"
            ),
        ]

    class PersonalData:
        subject = NoPerson("numbers of an erasure")
        actor = Account("user_key")
        ends = KeepRow("proof that data has ended, and how it was verified (GDPR 5(2))")
        personal = {
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")}
        }
        not_personal = (
            "id", "at", "program", "kind", "state", "on", "persons", "partly", "held", "records", "register_size",
            "usual", "counts", "rules", "brake", "progress", "verification", "rewriting", "periods_closed",
            "started_at", "done_at", "head",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in ("planned", "waiting", "running", "verifying")


class SweepBatch(models.Model):
    """People whose data end together in one transaction. The row's lock is the claim of the worker that erases it."""

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="batches")
    what = models.CharField(_("what ends"), max_length=20)  # "whole", a category, or a kind of records
    people = ArrayField(models.BigIntegerField(), verbose_name=_("people"))
    companies = ArrayField(models.BigIntegerField(), verbose_name=_("their housing companies"), null=True)
    records = ArrayField(models.BigIntegerField(), verbose_name=_("records"), null=True)  # instead of people
    done_at = models.DateTimeField(_("done at"), null=True)
    erased = models.PositiveIntegerField(_("erased"), default=0)
    spared = models.PositiveIntegerField(_("spared"), default=0)  # no longer due, or held, when their turn came
    digest = models.BinaryField(_("digest of the records"), null=True)
    counts = models.JSONField(_("rows by table"), default=dict, db_default={})

    class Meta:
        verbose_name = _("batch of an erasure")
        verbose_name_plural = _("batches of erasures")
        ordering = ["id"]
        default_permissions = ()
        indexes = [models.Index(fields=["sweep", "id"], name="batch_to_do", condition=Q(done_at__isnull=True))]

    class PersonalData:
        subject = NoPerson("keys of people, of whom nothing else is left when it is done; emptied then")
        ends = DeleteRow()
        personal = {Category.USAGE: {"people": WithRow(), "companies": WithRow()}}
        not_personal = ("id", "sweep", "what", "records", "done_at", "erased", "spared", "digest", "counts")

    def __str__(self) -> str:
        return f"{self.sweep_id}/{self.pk}"


class SweepApproval(Made):
    """One person's word on an erasure that the brake has stopped; two different persons are needed."""

    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT, related_name="approvals")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("approval of an erasure")
        verbose_name_plural = _("approvals of erasures")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["sweep", "user_key"],
                name="one_word_per_approver_of_a_sweep",
                violation_error_message=_("You have approved this already."),
            ),
            models.CheckConstraint(condition=Q(user_key__isnull=False), name="a_person_approves_a_sweep"),
        ]

    class PersonalData:
        subject = NoPerson("who approved an erasure")
        actor = Account("user_key")
        ends = KeepRow("proof of who approved it")
        personal = {
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")}
        }
        not_personal = ("id", "at", "program", "sweep", "note")

    def __str__(self) -> str:
        return f"{self.sweep_id}"


class ErasureRecord(models.Model):
    """What ended of one person, when, by which sweep: keys, no values. Append-only."""

    sweep_key = models.BigIntegerField(_("erasure"))  # no foreign keys: a check for each row would cost more than it
    batch_key = models.BigIntegerField(_("batch"))
    person_key = models.BigIntegerField(_("person"))
    what = models.CharField(_("what ended"), max_length=20)
    company_key = models.BigIntegerField(_("housing company"), null=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("record of an erasure")
        verbose_name_plural = _("records of erasures")
        ordering = ["id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["person_key"], name="erasures_of_person"),
        ]

    class PersonalData:
        subject = RegisterPerson("person_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.USAGE: {
                "person_key": Keep(PROOF),
                "what": Keep(PROOF),
                "company_key": Keep(PROOF),
                "at": Keep(PROOF),
            }
        }
        not_personal = ("id", "sweep_key", "batch_key")

    def __str__(self) -> str:
        return f"{self.pk}"


class ComingEnd(models.Model):
    """The desk was told that a person's data is about to end: nothing goes by schedule before the days of notice."""

    person_key = models.BigIntegerField(_("person"))
    what = models.CharField(_("what ends"), max_length=20)
    told_on = models.DateField(_("told on"))
    seen_at = models.DateTimeField(_("seen at"), null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("seen by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("coming end")
        verbose_name_plural = _("coming ends")
        ordering = ["told_on", "id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person_key", "what"], name="one_notice_of_an_end")]

    class PersonalData:
        subject = RegisterPerson("person_key")
        actor = Account("seen_by")
        ends = DeleteRow()
        personal = {
            Category.USAGE: {"person_key": WithRow(), "what": WithRow(), "told_on": WithRow(), "seen_at": WithRow()},
            Category.ACCOUNT: {"seen_by": Keep("goes with the row")},
        }
        not_personal = ("id",)

    def __str__(self) -> str:
        return f"{self.pk}"
