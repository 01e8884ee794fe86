"""Published notices, and which of them no longer say what is done."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import AuditEntry
from accounts.remembering import remembered
from consent.models import (
    ControllerProfile,
    NoticeVersion,
    PrivacyNotice,
    PurposeVersion,
    Recipient,
    SubProcessor,
)
from consent.notices.difference import Change, changes_of_facts
from consent.notices.facts import Facts, facts_of, facts_of_all, retention_stamp
from consent.notices.items import Item, missing
from registers.inventory import inventory
from registers.models import Controller, HousingCompany, Organisation

BATCH = 200
KEPT_SECONDS = 24 * 3600


def notices() -> QuerySet[PrivacyNotice]:
    """All, each with the key, number and day of its newest version; the management company's first."""
    newest = NoticeVersion.objects.filter(notice=OuterRef("pk")).order_by("-number")
    return (
        PrivacyNotice.objects.select_related("controller__housing_company")
        .annotate(
            version=Subquery(newest.values("pk")[:1]),
            number=Subquery(newest.values("number")[:1]),
            published_at=Subquery(newest.values("at")[:1]),
        )
        .order_by(F("controller__housing_company").asc(nulls_first=True), "controller__name", "id")
    )


def published(slug: str) -> NoticeVersion | None:
    rows = NoticeVersion.objects.filter(notice__slug=slug).select_related("notice__controller__housing_company")
    return rows.order_by("-number").first()


@dataclass(frozen=True)
class Standing:
    """How a notice stands: what it lacks, and what has changed since it was published."""

    notice: PrivacyNotice
    facts: Facts
    last: NoticeVersion | None
    lacking: list[Item]
    changes: list[Change]

    @property
    def is_out_of_date(self) -> bool:
        return self.last is not None and bool(self.changes)


def standing(notice: PrivacyNotice, language: str = "") -> Standing:
    facts = facts_of(notice)
    last = notice.versions.order_by("-number").first()
    found = changes_of_facts(last.facts, facts, language or get_language() or "fi") if last else []
    return Standing(notice, facts, last, missing(facts), found)


def stale(chosen: Sequence[PrivacyNotice], language: str) -> dict[int, list[str]]:
    """notice's key → titles of the sections that have changed since it was published; fixed queries."""
    if not chosen:
        return {}
    facts = facts_of_all(chosen)
    newest = NoticeVersion.objects.filter(notice__in=[notice.pk for notice in chosen])
    found = {}
    for version in newest.order_by("notice_id", "-number").distinct("notice_id").defer("content"):
        changed = changes_of_facts(version.facts, facts[version.notice_id], language)
        if changed:
            found[version.notice_id] = [change.title for change in changed]
    return found


def out_of_date() -> dict[int, list[str]]:
    """The same for all notices, compared anew only when something they are made from has changed."""
    language = (get_language() or "fi")[:2]
    name = f"notices-out-of-date:{language}:{_stamp()}"
    found: dict[int, list[str]] = remembered(name, KEPT_SECONDS, lambda: _compared(language))
    return found


def _compared(language: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = list(notices())
    for start in range(0, len(rows), BATCH):
        found |= stale(rows[start : start + BATCH], language)
    return found


def _stamp() -> str:
    """Changes whenever a notice could: what is append-only by its newest key, the rest by the audit trail's."""
    followed = ContentType.objects.get_for_models(
        Controller, ControllerProfile, HousingCompany, Organisation, PrivacyNotice, Recipient, SubProcessor
    )
    entries = AuditEntry.objects.filter(content_type__in=followed.values())
    changes = entries.aggregate(last=Max("pk"), number=Count("pk"))  # keys do not come in the order of committing
    purposes = PurposeVersion.objects.aggregate(Max("pk"))["pk__max"]
    versions = NoticeVersion.objects.aggregate(Max("pk"))["pk__max"]
    held = sorted((f.model._meta.label, f.name, f.category) for entry in inventory() for f in entry.fields)
    software = hashlib.sha256(repr(held).encode()).hexdigest()[:16]
    parts = (changes["last"], changes["number"], purposes, versions, retention_stamp(), software, timezone.localdate())
    return ":".join(str(part) for part in parts)


def companies_without() -> QuerySet[HousingCompany]:
    """Housing companies that are no controllers here yet."""
    return HousingCompany.objects.filter(controller__isnull=True).order_by("name")
