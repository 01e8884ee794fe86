"""A file on its way into the registers: the run, its staged rows, and what is remembered of its columns."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import crypto
from accounts.classification import Account, Category, DeleteRow, Keep, KeepRow, NoPerson, RegisterPerson, WithRow
from registers.models.base import today
from registers.models.housing_company import HousingCompany
from registers.models.identity_code import IdentityCode
from registers.models.person import Person

CONTENT_COLUMN = "registers_importrun.content"


class ImportRun(models.Model):
    """The row's lock is the claim of whoever reads or applies it: it ends with the worker, however that ends."""

    class Kind(models.TextChoices):
        RESIDENTS = "residents", _("resident list")
        SHARES = "shares", _("share register")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        READING = "reading", _("being read")
        MAPPING = "mapping", _("waits for answers")
        REVIEW = "review", _("waits for review")
        APPLYING = "applying", _("being applied")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        DISCARDED = "discarded", _("discarded")

    TRANSITIONS: dict[str, tuple[str, ...]] = {
        State.UPLOADED: (State.READING, State.DISCARDED),
        State.READING: (State.MAPPING, State.REVIEW, State.FAILED),
        State.MAPPING: (State.READING, State.DISCARDED),
        State.REVIEW: (State.APPLYING, State.DISCARDED),
        State.APPLYING: (State.DONE, State.FAILED),
        State.DONE: (),
        State.FAILED: (),
        State.DISCARDED: (),
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True)
    housing_company = models.ForeignKey(
        HousingCompany,
        verbose_name=_("housing company"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="import_runs",
    )
    file_name = models.CharField(_("file name"), max_length=200)
    content = models.BinaryField(_("the file, encrypted"), default=bytes)
    # The company's details as the file has them, the mapping by hand, the building for rows that name none.
    options = models.JSONField(_("options"), default=dict)
    identity_code_ground = models.CharField(
        _("ground for identity codes"), max_length=20, choices=IdentityCode.Ground, blank=True
    )
    obtained_on = models.DateField(_("obtained on"), default=today)
    ended_on = models.DateField(_("end date of those who are missing"), default=today)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.UPLOADED)
    failure = models.JSONField(_("why it failed"), default=list)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    notes = models.JSONField(_("notes about the file"), default=list)
    program = models.CharField(_("program"), max_length=60, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("brought in by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("brought in at"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("accepted by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(_("accepted at"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["-created_at"], name="import_run_by_time"),
            models.Index(fields=["changed_at"], name="import_run_open", condition=Q(state__in=["reading", "applying"])),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(created_by__isnull=False, program="") | Q(created_by__isnull=True) & ~Q(program=""),
                name="import_names_its_actor",
            ),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False) & (Q(applied_by__isnull=False) | ~Q(program="")),
                name="import_applied_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed", "discarded"]) | Q(content=b""),
                name="ended_import_keeps_no_file",
            ),
        ]

    class PersonalData:
        subject = NoPerson("a file; its staged rows lead to their people, and both end together within days")
        actor = Account("created_by", "applied_by")
        ends = DeleteRow()
        personal = {
            Category.IDENTITY: {"content": WithRow(), "notes": WithRow()},
            Category.USAGE: {
                "file_name": WithRow(),
                "created_at": WithRow(),
                "changed_at": WithRow(),
                "applied_at": WithRow(),
            },
            Category.ACCOUNT: {
                "created_by": Keep("goes with the row; who answers for the import"),
                "applied_by": Keep("goes with the row; who answers for the import"),
            },
        }
        not_personal = (
            "id",
            "kind",
            "housing_company",
            "options",
            "identity_code_ground",
            "obtained_on",
            "ended_on",
            "state",
            "failure",
            "attempts",
            "counts",
            "program",
        )

    def __str__(self) -> str:
        return str(_("import %(id)s") % {"id": self.pk})

    @property
    def has_ended(self) -> bool:
        return not self.TRANSITIONS[self.state]

    def move_to(self, state: str, **values: Any) -> None:
        """Raises ValueError for a step that is not in the table. An ended run keeps no file."""
        if state not in self.TRANSITIONS[self.state]:
            raise ValueError(f"an import does not go from {self.state} to {state}")
        self.state, self.changed_at = state, timezone.now()
        for name, value in values.items():
            setattr(self, name, value)
        fields = {field.name for field in self._meta.concrete_fields} - {"id", "content"}
        if not self.TRANSITIONS[state]:
            self.content = b""
            fields.add("content")
        self.save(update_fields=fields)

    def seal(self, data: bytes) -> None:
        self.content = crypto.encrypt(data, column=CONTENT_COLUMN)

    def unsealed(self) -> bytes:
        return crypto.decrypt(bytes(self.content), column=CONTENT_COLUMN)


class ImportRow(models.Model):
    """What a row of the file would do, or a residency or ownership that the file does not list any more.

    `values` hold what was understood (of a rejected row its cells), `differences` field → [old, new], `problems` lists
    of (row, column, code, parameters, severity). Keys of what would change are plain numbers: the review never blocks
    erasure or merging. Deleted as soon as it has been applied.
    """

    class Change(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        MOVED_OUT = "moved_out", _("not in the file any more")
        UNCHANGED = "unchanged", _("unchanged")
        REJECTED = "rejected", _("rejected")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField(_("position"))
    numbers = ArrayField(models.PositiveIntegerField(), verbose_name=_("rows of the file"), default=list)
    change = models.CharField(_("change"), max_length=10, choices=Change)
    accepted = models.BooleanField(_("accepted"), null=True)
    skipped = models.BooleanField(_("skipped when applied"), default=False)
    protected = models.BooleanField(_("non-disclosure order"), default=False)
    values = models.JSONField(_("understood"), default=dict)
    differences = models.JSONField(_("differences"), default=dict)
    problems = models.JSONField(_("problems"), default=list)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    # Probably the same person, known from elsewhere: linked only when somebody says so.
    suggested = models.ForeignKey(
        Person, verbose_name=_("probably"), on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    linked = models.BooleanField(_("is the suggested person"), default=False)
    target_key = models.BigIntegerField(_("residency or ownership"), null=True)
    # Sealed for the column that it goes to (registers_identitycode.code), so that applying need not open it.
    sealed_code = models.BinaryField(_("personal identity code"), null=True)
    code_index = models.BinaryField(_("blind index"), null=True)
    staged_at = models.DateTimeField(_("staged at"), db_default=Now())

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        default_permissions = ()
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["run", "change", "position"], name="import_row_in_its_tab"),
            models.Index(fields=["run", "position"], name="import_row_problems", condition=~Q(problems=[])),
            models.Index(fields=["person"], name="import_row_by_person", condition=Q(person__isnull=False)),
            models.Index(fields=["suggested"], name="import_row_by_suggestion", condition=Q(suggested__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(linked=False) | Q(suggested__isnull=False), name="import_row_links_a_suggestion"
            ),
            models.CheckConstraint(
                condition=~Q(change__in=["rejected", "unchanged"]) | Q(accepted__isnull=True),
                name="import_row_has_something_to_accept",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("person", "suggested")
        ends = DeleteRow()
        personal = {
            Category.IDENTITY: {
                "person": WithRow(),
                "suggested": WithRow(),
                "linked": WithRow(),
                "values": WithRow(),
                "differences": WithRow(),
                "problems": WithRow(),
            },
            Category.CONTACT: {"protected": WithRow()},
            Category.RESIDENCE: {"target_key": WithRow(), "change": WithRow()},
            Category.IDENTITY_CODE: {"sealed_code": WithRow(), "code_index": WithRow()},
        }
        not_personal = ("id", "run", "position", "numbers", "accepted", "skipped", "staged_at")

    def __str__(self) -> str:
        return str(_("imported row %(id)s") % {"id": self.pk})


class ImportMapping(models.Model):
    """Columns that somebody mapped by hand, for the next file with the same header."""

    signature = models.CharField(_("signature of the header"), max_length=32)
    kind = models.CharField(_("kind"), max_length=20, choices=ImportRun.Kind)
    mapping = models.JSONField(_("title → field"), default=dict)
    used_at = models.DateTimeField(_("last used"), default=timezone.now)

    class Meta:
        verbose_name = _("remembered mapping")
        verbose_name_plural = _("remembered mappings")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["signature", "kind"], name="one_mapping_for_a_header")]

    class PersonalData:
        subject = NoPerson("titles of columns")
        ends = KeepRow("titles of columns")
        personal: dict = {}
        not_personal = ("id", "signature", "kind", "mapping", "used_at")

    def __str__(self) -> str:
        return self.signature
