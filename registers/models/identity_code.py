"""The personal identity code, apart from everything else."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, DeleteRow, Keep, RegisterPerson, WithRow
from registers.fields import MASK, EncryptedTextField
from registers.models.base import Source
from registers.models.person import Person


# henkilötunnus
class IdentityCode(models.Model):
    """Kept only on a ground of the Data Protection Act 1050/2018 s.29; a minor's only with the case written down."""

    class Ground(models.TextChoices):
        CONSENT = "consent", _("the person's consent (s. 29(1))")
        LAW = "law", _("a provision of law (s. 29(1))")
        TASK = "task", _("a task laid down in law (s. 29(1)(1))")
        RIGHTS = "rights", _("rights and duties of the person or the controller (s. 29(1)(2))")
        COLLECTION = "collection", _("collecting receivables (s. 29(2))")
        RENTAL = "rental", _("renting (s. 29(2))")

    person = models.OneToOneField(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="identity_code"
    )
    code = EncryptedTextField(_("personal identity code"))
    code_index = models.BinaryField(_("blind index"), max_length=32, unique=True, editable=False)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground)
    ground_note = models.CharField(_("why in this case"), max_length=300, blank=True)
    minor_when_collected = models.BooleanField(_("a minor when collected"), editable=False)
    source = models.CharField(_("source"), max_length=20, choices=Source)
    collected_at = models.DateTimeField(_("collected at"), default=timezone.now, editable=False)
    collected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("collected by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("personal identity code")
        verbose_name_plural = _("personal identity codes")
        default_permissions = ()
        permissions = [
            ("store_identity_code", "May store a personal identity code"),
            ("unmask_identity_code", "May see a personal identity code, with a reason"),
            ("search_identity_code", "May search by personal identity code"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minor_when_collected=False) | ~Q(ground_note=""),
                name="minors_code_needs_a_documented_ground",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["consent", "law", "task", "rights", "collection", "rental"]),
                name="identity_code_has_a_ground",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person")
        actor = Account("collected_by")
        ends = DeleteRow()
        personal = {
            Category.IDENTITY_CODE: {
                "code": WithRow(),
                "code_index": WithRow(),
                "ground": WithRow(),
                "ground_note": WithRow(),
                "minor_when_collected": WithRow(),
                "person": WithRow(),
                "source": WithRow(),
                "collected_at": WithRow(),
            },
            Category.ACCOUNT: {"collected_by": Keep("goes with the row; who answers for the collecting")},
        }
        not_personal = ("id",)

    def __str__(self) -> str:
        return MASK
