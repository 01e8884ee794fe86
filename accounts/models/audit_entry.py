"""Who changed what, when: the audit trail of the registers."""

from collections.abc import Callable
from typing import Any

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Erase, Keep, KeepRow, RegisterPerson


class AuditEntryManager(LogEntryManager):
    """Adds to each entry whom it is about; the registers say how that is found."""

    subject_of: Callable[[models.Model], int | None] | None = None

    def log_create(self, instance: models.Model, force_log: bool = False, **kwargs: Any) -> Any:
        if self.subject_of is not None:
            kwargs.setdefault("person_key", self.subject_of(instance))
        return super().log_create(instance, force_log, **kwargs)


class AuditEntry(AbstractLogEntry):
    """A change of one row. `person_key` says whom it is about, so that retention finds and scrubs it."""

    person_key = models.BigIntegerField(_("about person"), null=True, blank=True, editable=False)
    program = models.CharField(_("program"), max_length=60, blank=True, editable=False)
    # Set by whoever erases the person: the entry then says that a change was made, no longer what it said.
    scrubbed_at = models.DateTimeField(_("values removed"), null=True, blank=True, editable=False)

    objects = AuditEntryManager()

    class Meta(AbstractLogEntry.Meta):
        abstract = False
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["person_key", "-timestamp"], name="audit_by_person", condition=Q(person_key__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_email__isnull=False) & ~Q(actor_email="") | ~Q(program=""),
                name="change_names_its_actor",
            )
        ]

    class PersonalData:
        subject = RegisterPerson("person_key")
        actor = Account("actor")
        ends = KeepRow("that a change was made, by whom and when, stays as proof; its values are removed")
        personal = {
            Category.IDENTITY: {
                "object_repr": Erase(to=""),
                "changes": Erase(),
                "changes_text": Erase(to=""),
                "serialized_data": Erase(),
                "additional_data": Erase(),
                "person_key": Keep("a key without a name once the person is gone"),
            },
            Category.ACCOUNT: {
                "actor": Keep("who answers for the change"),
                "actor_email": Keep("who answers for the change"),
                "remote_addr": Erase(),
                "remote_port": Erase(),
                "cid": Erase(),
            },
        }
        not_personal = (
            "id",
            "content_type",
            "object_pk",
            "object_id",
            "action",
            "timestamp",
            "program",
            "scrubbed_at",
        )
