"""GDPR Art. 19: whoever was told a datum is told that it was rectified, erased or restricted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Category, DeleteRow, Keep, KeepRow, RegisterPerson, WithRow
from disclosures.models.disclosure import Disclosure

PROOF = "proof that recipients were told of the change (GDPR 5(2), 19); keys and field names, no values"


class ChangeSeen(models.Model):
    """A change of the registers that a trigger puts here, in its own transaction; a task makes notices of it.

    `person_key` is null for what is about several people: an apartment, a share group.
    """

    entry = models.BigIntegerField(_("entry of the audit trail"), unique=True)
    person_key = models.BigIntegerField(_("person"), null=True)
    at = models.DateTimeField(_("time"))
    transaction = models.BigIntegerField(_("transaction"))

    class Meta:
        verbose_name = _("change to look at")
        verbose_name_plural = _("changes to look at")
        default_permissions = ()

    class PersonalData:
        subject = RegisterPerson("person_key")
        ends = DeleteRow()
        personal = {Category.USAGE: {"entry": WithRow(), "person_key": WithRow(), "at": WithRow()}}
        not_personal = ("id", "transaction")

    def __str__(self) -> str:
        return str(self.entry)


class RecipientNotice(models.Model):
    """One recipient to be told of one kind of change about one person."""

    class Change(models.TextChoices):
        RECTIFIED = "rectified", _("rectified")
        ERASED = "erased", _("erased")
        RESTRICTED = "restricted", _("processing restricted")
        LIFTED = "lifted", _("restriction lifted")

    class State(models.TextChoices):
        WAITING = "waiting", _("to be told")
        TOLD = "told", _("told")
        DISPROPORTIONATE = "disproportionate", _("impossible or disproportionate")

    person_key = models.BigIntegerField(_("person"))
    change = models.CharField(_("change"), max_length=10, choices=Change)
    fields = ArrayField(models.CharField(max_length=20), verbose_name=_("fields"))
    disclosure = models.ForeignKey(
        Disclosure, verbose_name=_("disclosure"), on_delete=models.PROTECT, related_name="notices"
    )
    notice = models.ForeignKey(
        Disclosure, verbose_name=_("letter"), on_delete=models.PROTECT, null=True, related_name="answers"
    )
    found_at = models.DateTimeField(_("found at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = models.EmailField(_("done by"), blank=True)

    class Meta:
        verbose_name = _("notice to a recipient")
        verbose_name_plural = _("notices to recipients")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["person_key"], name="notice_about_person"),
            models.Index(fields=["id"], name="notice_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", done_at__isnull=True, done_by="")
                | ~Q(state="waiting") & Q(done_at__isnull=False) & ~Q(done_by=""),
                name="a_done_notice_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="disproportionate") | ~Q(reason=""),
                name="not_telling_has_its_reason",
                violation_error_message=_("Write why it is impossible or disproportionate."),
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.COMMUNICATION: {
                "person_key": Keep(PROOF),
                "change": Keep(PROOF),
                "fields": Keep(PROOF),
                "disclosure": Keep(PROOF),
                "notice": Keep(PROOF),
                "reason": Keep("staff are told to write no values in it"),
                "found_at": Keep(PROOF),
                "done_at": Keep(PROOF),
            },
            Category.ACCOUNT: {"done_by": Keep("who answers for it")},
        }
        not_personal = ("id", "state")

    def __str__(self) -> str:
        return f"{self.pk}"
