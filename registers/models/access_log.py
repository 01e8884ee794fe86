"""Who opened which person's page, who looked at or searched by a personal identity code, and who identified whom."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, EraseWithPerson, Keep, KeepRow, RegisterPerson


class AccessEntry(models.Model):
    """Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE. No foreign keys, so that it never blocks erasure.

    In PostgreSQL the table is partitioned by the month of `at`; whole months end by retention's rule.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened a page")
        UNMASKED = "unmasked", _("identity code shown")
        SEARCHED = "searched", _("searched by identity code")
        IDENTIFIED = "identified", _("identified the person")

    at = models.DateTimeField(_("time"), default=timezone.now)
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    user_key = models.BigIntegerField(_("user"))
    user_email = models.EmailField(_("user's email"))

    class Means(models.TextChoices):
        DOCUMENT = "document", _("identity document seen")
        KNOWN = "known", _("known to the office")
        CALL_BACK = "call_back", _("called back to the number in the register")
        QUESTIONS = "questions", _("asked what only the person knows")
        STRONG = "strong", _("strong electronic identification")

    person_key = models.BigIntegerField(_("person"), null=True)  # null: nobody was found
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    page = models.CharField(_("page"), max_length=50, blank=True)  # the name of its address, for what was opened
    hidden = models.BooleanField(_("only the name was shown"), default=False)

    class Meta:
        verbose_name = _("look at a person's data")
        verbose_name_plural = _("looks at people's data")
        default_permissions = ()
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["person_key", "-at"], name="access_by_person"),
            models.Index(fields=["-at"], name="access_by_time"),
            models.Index(fields=["user_key", "-at"], name="access_by_user"),
            # What is not opening is seldom: found without reading past a million pages that were opened.
            models.Index(fields=["kind", "-at"], condition=~models.Q(kind="opened"), name="access_seldom"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="unmasked") | ~models.Q(reason="") & models.Q(person_key__isnull=False),
                name="unmasking_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="opened") | ~models.Q(page="") & models.Q(person_key__isnull=False),
                name="what_was_opened_has_page_and_person",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person_key")
        actor = Account("user_key")
        ends = KeepRow("proof of who saw the data; holds keys, no values, and ends by whole months")
        personal = {
            Category.USAGE: {
                "at": Keep("proof"),
                "kind": Keep("proof"),
                "person_key": Keep("a key without a name once the person is gone"),
                "reason": EraseWithPerson("–"),  # shown codes and identifications never stand without one
                "page": Keep("proof"),
                "hidden": Keep("proof"),
            },
            Category.ACCOUNT: {"user_key": Keep("proof"), "user_email": Keep("proof")},
        }
        not_personal = ("id",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
