"""Which tables the audit trail follows, and how an entry gets its actor and its person."""

from typing import Any

from auditlog.registry import auditlog
from django.db.models.signals import pre_save
from django.dispatch import receiver

from accounts.acting import actor_columns, current_actor
from accounts.models import AuditEntry, User
from registers import models
from registers.inventory import person_key_of

DERIVED = ["id", "words", "sort_key", "is_protected", "created_at"]
FOLLOWED = [
    models.Apartment,
    models.BoardSeat,
    models.Building,
    models.CompanyDuty,
    models.Controller,
    models.HousingCompany,
    models.Organisation,
    models.Ownership,
    models.Person,
    models.PersonAccount,
    models.Residency,
    models.ShareGroup,
    models.ShareRange,
    models.Substitution,
]

for followed in FOLLOWED:
    columns = [field.name for field in followed._meta.concrete_fields]
    auditlog.register(followed, include_fields=[name for name in columns if name not in DERIVED])
# That a code was stored, on which ground, by whom: never the code or its index.
auditlog.register(models.IdentityCode, include_fields=["person", "ground", "minor_when_collected", "source"])
auditlog.register(
    User,
    include_fields=[
        "email",
        "name",
        "is_active",
        "is_staff",
        "is_superuser",
        "closed_because",
        "factors_reset_because",
    ],
    m2m_fields={"groups"},
)


@receiver(pre_save, sender=AuditEntry)
def name_actor(sender: Any, instance: AuditEntry, **kwargs: Any) -> None:
    """Raises `ActorUnknown`: the change that the entry tells of is then undone with it."""
    if instance._state.adding and not instance.program and instance.actor_id is None:
        for column, value in actor_columns(current_actor()).items():
            setattr(instance, column, value)


def subject_of(instance: Any) -> int | None:
    """Also the person outside the office whose account it is: the history of the account ends with them."""
    if isinstance(instance, User):
        return models.PersonAccount.objects.filter(user=instance.pk).values_list("person_id", flat=True).first()
    return person_key_of(instance)


AuditEntry.objects.subject_of = subject_of
