"""What should be put right, field by field (GDPR Art. 16)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, RegisterPerson
from registers.fields import EncryptedTextField
from rights.models.request import PROOF, SubjectRequest


class ProposedChange(models.Model):
    """One field of the person's own row as it should be; a person of the office accepts it or says why not.

    `OTHER`: what stands elsewhere in the registers, in words; its own page corrects it, and `note` says where. What
    the office writes down anew replaces what was proposed before, whose words stay.
    """

    OTHER = "other"

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        REPLACED = "replaced", _("replaced by another")

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="proposals")
    field = models.CharField(_("field"), max_length=30)  # of registers.Person, or OTHER
    was = EncryptedTextField(_("was"), null=True)  # when it was decided
    wanted = EncryptedTextField(_("should be"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    note = models.CharField(_("note"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("proposed correction")
        verbose_name_plural = _("proposed corrections")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["request", "field"],
                condition=~Q(field="other") & ~Q(state="replaced"),
                name="one_proposal_per_field",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="decided_proposal_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(note=""),
                name="refused_proposal_says_why",
                violation_error_message=_("Write why it is not corrected."),
            ),
            models.CheckConstraint(
                condition=~Q(field="other", state="accepted") | ~Q(note=""),
                name="other_datum_says_where_it_was_corrected",
                violation_error_message=_("Write what was corrected, and where."),
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("request__person_key")
        actor = Account("decided_by")
        ends = KeepRow(PROOF)
        personal = {
            Category.CASE: {name: Keep(PROOF) for name in ("field", "was", "wanted", "state", "note", "decided_at")},
            Category.ACCOUNT: {"decided_by": Keep("who answers for it")},
        }
        not_personal = ("id", "request")

    def __str__(self) -> str:
        return f"{self.request_id}/{self.field}"

    @property
    def is_other(self) -> bool:
        return self.field == self.OTHER
