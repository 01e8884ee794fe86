"""A move that a person has told of: a difference that the office reviews before the registers follow it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, DeleteRow, RegisterPerson, WithRow
from consent.models.purpose import Made
from registers.fields import EncryptedTextField
from registers.models import Apartment


# muuttoilmoitus
class MoveNotification(Made):
    """Into a home, out of one, or from one to another in the houses of the office (policy P14)."""

    class Kind(models.TextChoices):
        IN = "in", _("moving in")
        OUT = "out", _("moving out")
        WITHIN = "within", _("moving within the house")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("in the registers")
        REFUSED = "refused", _("not accepted")
        WITHDRAWN = "withdrawn", _("taken back")  # by the person who has told of it

    person_key = models.BigIntegerField(_("person"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    on = models.DateField(_("day of the move"))
    residency_key = models.BigIntegerField(_("home that is left"), null=True)
    enters = models.ForeignKey(
        Apartment, verbose_name=_("new home"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    enters_as_told = EncryptedTextField(_("new home, as told"), null=True)
    # JSON: street_address, postal_code, post_office
    address = EncryptedTextField(_("address after the move"), null=True)
    others = EncryptedTextField(_("who moves along"), null=True)
    message = EncryptedTextField(_("message"), null=True)
    note = models.CharField(_("why not"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("move notification")
        verbose_name_plural = _("move notifications")
        ordering = ["id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["id"], name="move_open", condition=Q(state="open")),
            models.Index(fields=["person_key"], name="move_by_person"),
        ]
        constraints = [
            Made.named("move_names_its_maker"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | Q(state="withdrawn", decided_at__isnull=False, decided_by__isnull=True)
                | Q(state__in=["accepted", "refused"], decided_at__isnull=False, decided_by__isnull=False),
                name="decided_move_has_who_and_when",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person_key")
        actor = Account("user_key", "decided_by")
        ends = DeleteRow()
        personal = {
            Category.COMMUNICATION: {
                name: WithRow()
                for name in (
                    "person_key",
                    "kind",
                    "on",
                    "residency_key",
                    "enters",
                    "enters_as_told",
                    "others",
                    "message",
                    "note",
                    "at",
                    "decided_at",
                )
            },
            Category.CONTACT: {"address": WithRow()},
            Category.ACCOUNT: {"user_key": WithRow(), "user_email": WithRow(), "decided_by": WithRow()},
        }
        not_personal = ("id", "program", "state")

    def __str__(self) -> str:
        return f"{self.pk}"
