"""Which purposes are in force, and what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.classification import Category
from consent.models import LegalBasis, Purpose, PurposeVersion
from registers.inventory import inventory
from registers.models import Controller


def end_of(day: date) -> datetime:
    """The first moment after the day, in the office's time."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def versions(on: date | None = None, **filters: Any) -> QuerySet[PurposeVersion]:
    """The version of each purpose that spoke on a day (today: the newest), with its bases; 2 queries."""
    rows = PurposeVersion.objects.filter(**filters)
    if on is not None and on < timezone.localdate():
        rows = rows.filter(at__lt=end_of(on))
    newest = rows.order_by("purpose_id", "-number").distinct("purpose_id").values("pk")
    return (
        PurposeVersion.objects.filter(pk__in=newest)
        .select_related("purpose__controller__housing_company")
        .prefetch_related("bases")
        .order_by(F("purpose__controller__housing_company").asc(nulls_first=True), "purpose_id")
    )


def in_force(on: date | None = None, **filters: Any) -> list[PurposeVersion]:
    return [version for version in versions(on, **filters) if version.in_force]


def version_of(purpose: Purpose, on: date | None = None) -> PurposeVersion | None:
    return versions(on, purpose=purpose).first()


def purpose_for(code: str) -> Purpose:
    """The management company's purpose of this code. Raises Purpose.DoesNotExist."""
    return Purpose.objects.get(code=code, controller__housing_company=None)


def categories_held() -> set[str]:
    """Categories of which the registers can hold something."""
    return {field.category.value for entry in inventory() for field in entry.fields}


@dataclass(frozen=True)
class Fault:
    """`about` is a purpose's key, or None where a category has no purpose at all."""

    text: str
    about: int | None = None


def faults(current: Iterable[PurposeVersion], on: date) -> list[Fault]:
    """Data without a purpose, purposes without data, balancing tests whose review is overdue."""
    current = list(current)
    held = categories_held()
    used = {category for version in current for category in version.categories}
    found = [
        Fault(_("%(category)s: held without a purpose.") % {"category": Category(category).label})
        for category in [c.value for c in Category]
        if category in held - used
    ]
    for version in current:
        empty = [str(Category(c).label) for c in version.categories if c not in held]
        if empty:
            text = _("%(purpose)s: nowhere are such data held: %(categories)s.")
            found.append(Fault(text % {"purpose": version, "categories": ", ".join(empty)}, version.purpose_id))
        found += [_overdue(version, basis) for basis in version.bases.all() if basis.review_is_due(on)]
    return found


def _overdue(version: PurposeVersion, basis: LegalBasis) -> Fault:
    return Fault(_("%(purpose)s: the review of the balancing test is due.") % {"purpose": version}, version.purpose_id)


def history_of(purpose: Purpose) -> QuerySet[PurposeVersion]:
    return purpose.versions.prefetch_related("bases").order_by("-number")


def controllers() -> QuerySet[Controller]:
    return Controller.objects.select_related("housing_company").order_by(
        F("housing_company").asc(nulls_first=True), "name"
    )
