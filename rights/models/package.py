"""What a person is given of their own data, and the texts in it that somebody must read first."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, Keep, KeepRow, RegisterPerson
from consent.models.purpose import Made
from registers.fields import EncryptedBytesField, EncryptedTextField
from rights.models.request import PROOF, SubjectRequest

BRIEF = "emptied when the package is handed over or has expired; goes with its request"


# rekisteröidyn tiedot: tarkastusoikeus, siirto-oikeus
class Package(Made):
    """A copy of a person's data (GDPR Art. 15(3)), or of what they may take along (Art. 20). No file on any disk.

    `building` → `review` while texts wait to be read → `building` → `ready` → `delivered`, when its content goes on its
    way by the door out (`disclosures`), or `expired`; `failed` and `ready` can be built again.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("copy of all data (Art. 15)")
        PORTABILITY = "portability", _("data to take along (Art. 20)")

    class State(models.TextChoices):
        BUILDING = "building", _("being built")
        REVIEW = "review", _("texts wait to be read")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        DELIVERED = "delivered", _("handed over")
        EXPIRED = "expired", _("expired, emptied")

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="packages")
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.BUILDING)
    why_code = models.CharField(_("why it holds the whole personal identity code"), max_length=300, blank=True)
    exception = EncryptedTextField(_("what is left out by law, and why"), null=True)  # 1050/2018 s. 34; stands in it
    content = EncryptedBytesField(_("content"), null=True)  # ZIP
    pdf = EncryptedBytesField(_("document"), null=True)
    counts = models.JSONField(_("rows by table"), default=dict)
    told = models.JSONField(_("fields that said something"), default=list)  # codes of disclosures.fields
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    fault = models.CharField(_("why it failed"), max_length=100, blank=True)  # name of the error, no text of it
    begun = models.PositiveSmallIntegerField(_("builds begun"), default=0)  # survived by their worker or not
    built_at = models.DateTimeField(_("built at"), null=True)
    expires_at = models.DateTimeField(_("expires at"), null=True)
    delivered_at = models.DateTimeField(_("handed over at"), null=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    fetched_at = models.DateTimeField(_("fetched at"), null=True)
    disclosure_key = models.BigIntegerField(_("number of the disclosure"), null=True)

    class Meta:
        verbose_name = _("package of a person's data")
        verbose_name_plural = _("packages of people's data")
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            Made.named("package_names_its_maker"),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=["building", "review", "ready", "failed"]),
                name="one_package_at_a_time",
                violation_error_message=_("A package of this request is being prepared already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(content__isnull=False, pdf__isnull=False, built_at__isnull=False, expires_at__isnull=False)
                & ~Q(sha256=""),
                name="ready_package_has_its_content",
            ),
            models.CheckConstraint(
                condition=Q(state="ready") | Q(content__isnull=True, pdf__isnull=True),
                name="only_a_ready_package_has_content",
            ),
            models.CheckConstraint(
                condition=Q(disclosure_key__isnull=True, delivered_at__isnull=True)
                | Q(disclosure_key__isnull=False, delivered_at__isnull=False),
                name="package_is_handed_over_with_its_record",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(disclosure_key__isnull=False),
                name="delivered_package_has_its_record",
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("request__person_key")
        actor = Account("user_key")
        ends = KeepRow(PROOF)
        personal = {
            Category.CASE: {
                "content": Keep(BRIEF),
                "pdf": Keep(BRIEF),
                "why_code": Keep(PROOF),
                "exception": Keep(PROOF),
                "counts": Keep(PROOF),
                "told": Keep(PROOF),
                "at": Keep(PROOF),
                "built_at": Keep(PROOF),
                "delivered_at": Keep(PROOF),
                "fetched_at": Keep(PROOF),
            },
            Category.ACCOUNT: {"user_key": Keep("who answers for it"), "user_email": Keep("who answers for it")},
        }
        not_personal = (
            "id", "program", "request", "kind", "language", "state", "size", "sha256", "fault", "begun", "reminded_at",
            "expires_at", "disclosure_key",
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.request_id}/{self.pk}"


class ReviewItem(models.Model):
    """A text that somebody typed: it is in no package before a person of the office has read it.

    `model`, `row` and `field` say where it stands. The same text in other rows of that field is read once, here; a text
    that has changed is another one, and read again.
    """

    class Decision(models.TextChoices):
        INCLUDE = "include", _("give as it is")
        REDACT = "redact", _("give without what is about others")
        LEAVE_OUT = "leave_out", _("leave out")

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="items")
    model = models.CharField(_("table"), max_length=60)
    row = models.BigIntegerField(_("row"))
    field = models.CharField(_("field"), max_length=60)
    text = EncryptedTextField(_("text"), null=True)
    redacted = EncryptedTextField(_("text as it is given"), null=True)
    marked = models.PositiveSmallIntegerField(_("names of others found"), default=0)
    decision = models.CharField(_("decision"), max_length=9, choices=Decision, blank=True)
    because = models.CharField(_("why it is left out"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("text to be read")
        verbose_name_plural = _("texts to be read")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["package", "model", "row", "field"], name="a_text_once_in_a_package"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="decided_text_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(decision="leave_out") | ~Q(because=""),
                name="text_left_out_says_why",
                violation_error_message=_("Write why it is left out."),
            ),
        ]

    class PersonalData:
        subject = RegisterPerson("package__request__person_key")
        actor = Account("decided_by")
        ends = KeepRow(PROOF)
        personal = {
            Category.CASE: {
                "text": Keep(BRIEF),
                "redacted": Keep(BRIEF),
                "decision": Keep(PROOF),
                "because": Keep(PROOF),
                "decided_at": Keep(PROOF),
            },
            Category.ACCOUNT: {"decided_by": Keep("who answers for it")},
        }
        not_personal = ("id", "package", "model", "row", "field", "marked")

    def __str__(self) -> str:
        return f"{self.package_id}/{self.pk}"
