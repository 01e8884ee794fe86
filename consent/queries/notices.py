"""Published notices, and which of them no longer say what is done."""

from dataclasses import dataclass

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from consent.models import NoticeVersion, PrivacyNotice
from consent.notices.difference import Change, changes_of_facts
from consent.notices.facts import Facts, facts_of
from consent.notices.items import Item, missing
from registers.models import HousingCompany


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


def companies_without() -> QuerySet[HousingCompany]:
    """Housing companies that are no controllers here yet."""
    return HousingCompany.objects.filter(controller__isnull=True).order_by("name")
