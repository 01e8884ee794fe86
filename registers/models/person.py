"""A natural person: resident, owner, board member, now or before."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.classification import Account, Category, DeleteRow, Erase, Keep, RegisterPerson, WithRow
from registers.models.base import PROVENANCE, RegisterRow, SearchVector, ends_after_start
from registers.validation import clean_phone, clean_postal_code

CONTACT_FIELDS = ("email", "phone", "street_address", "postal_code", "post_office", "country")


class Person(RegisterRow):
    """`field_sources` says of single fields that came later than the row: {"email": ["phone", "2026-05-01"]}."""

    SPAN = ("non_disclosure_from", "non_disclosure_until")
    CLEANERS = {"phone": clean_phone, "postal_code": clean_postal_code}

    first_names = models.CharField(_("first names"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150)
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    email = models.EmailField(_("email"), blank=True, db_collation="C")
    phone = models.CharField(_("phone"), max_length=20, blank=True, db_collation="C")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    # Where a person is reached who lives in none of the apartments, or no longer.
    street_address = models.CharField(_("street address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    post_office = models.CharField(_("post office"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    field_sources = models.JSONField(_("sources of single fields"), default=dict, blank=True, editable=False)

    # turvakielto: it stays in force until somebody lifts it; its expiry asks for a review (law.md, hard rule 8)
    non_disclosure_from = models.DateField(_("non-disclosure order from"), null=True, blank=True)
    non_disclosure_until = models.DateField(_("non-disclosure order until"), null=True, blank=True)
    non_disclosure_source = models.CharField(_("non-disclosure order reported by"), max_length=200, blank=True)
    is_protected = models.GeneratedField(
        expression=Case(When(non_disclosure_from__isnull=False, then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("non-disclosure order"),
    )

    # GDPR Art. 18
    restricted_at = models.DateTimeField(_("processing restricted at"), null=True, blank=True, editable=False)
    restricted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("processing restricted by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    # Reasons side by side, a line each (`registers.services.protection`).
    restriction_reason = models.TextField(_("reason of the restriction"), blank=True, editable=False)

    sort_key = models.GeneratedField(
        expression=Func(F("last_name"), F("first_names"), function="fluxio_sort_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        verbose_name=_("sort key"),
    )
    words = models.GeneratedField(
        expression=SearchVector("last_name", "first_names"),
        output_field=SearchVectorField(),
        db_persist=True,
        verbose_name=_("search words"),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index("sort_key", "id", name="person_by_name"),
            models.Index("email", name="person_by_email", condition=~Q(email="")),
            models.Index("phone", name="person_by_phone", condition=~Q(phone="")),
            models.Index("date_of_birth", name="person_by_birth"),
            models.Index("non_disclosure_until", name="person_protected", condition=Q(is_protected=True)),
            models.Index("id", name="person_hindered", condition=Q(is_protected=True) | Q(restricted_at__isnull=False)),
            GinIndex("words", name="person_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(last_name=""),
                name="person_has_a_last_name",
                violation_error_message=_("Give a last name."),
            ),
            ends_after_start("non_disclosure_from", "non_disclosure_until", "non_disclosure_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(non_disclosure_from__isnull=False)
                | Q(non_disclosure_until__isnull=True, non_disclosure_source=""),
                name="non_disclosure_has_a_start",
                violation_error_message=_("Give the day on which the non-disclosure order began."),
            ),
            models.CheckConstraint(
                condition=Q(restricted_at__isnull=True, restricted_by__isnull=True, restriction_reason="")
                | Q(restricted_at__isnull=False, restricted_by__isnull=False) & ~Q(restriction_reason=""),
                name="restriction_has_who_when_why",
            ),
        ]
        permissions = [
            ("view_protected_person", "May see people under a non-disclosure order"),
            ("set_non_disclosure", "May record and lift a non-disclosure order"),
            ("restrict_processing", "May restrict the processing of a person's data"),
            ("merge_persons", "May merge two records of one person"),
            ("import_registers", "May import registers from files"),
            ("view_audit_trail", "May read the history of changes"),
            ("view_inventory", "May read what data the registers hold"),
            ("view_access_log", "May read who looked at identity codes"),
        ]

    class PersonalData:
        subject = RegisterPerson("pk")
        actor = Account("restricted_by")
        ends = DeleteRow()
        personal = {
            Category.IDENTITY: {
                "first_names": Erase(to=""),
                "last_name": Erase(to="–"),
                "date_of_birth": Erase(),
                "language": Erase(to="fi"),
                "sort_key": WithRow(),
                "words": WithRow(),
            },
            Category.CONTACT: {
                "email": Erase(to=""),
                "phone": Erase(to=""),
                "street_address": Erase(to=""),
                "postal_code": Erase(to=""),
                "post_office": Erase(to=""),
                "country": Erase(to=""),
                "non_disclosure_from": Keep("protects the person as long as the row exists"),
                "non_disclosure_until": Keep("protects the person as long as the row exists"),
                "non_disclosure_source": Keep("protects the person as long as the row exists"),
                "is_protected": Keep("protects the person as long as the row exists"),
                "field_sources": Erase(to={}),
            },
            Category.CASE: {
                "restricted_at": Keep("the restriction holds as long as the row exists"),
                "restriction_reason": WithRow(),
            },
            Category.ACCOUNT: {"restricted_by": Keep("who answers for the restriction")},
        }
        not_personal = PROVENANCE

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        return f"{self.last_name} {self.first_names}".strip()

    def source_of(self, field: str) -> tuple[str, date]:
        """Where a field's value came from, and when: the field's own record, else the row's."""
        own = self.field_sources.get(field)
        return (own[0], date.fromisoformat(own[1])) if own else (self.source, self.obtained_on)
