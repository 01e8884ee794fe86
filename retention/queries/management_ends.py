"""How the ends of management contracts stand: what is due when, and what is still kept through a company."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from disclosures.asking import Kind
from disclosures.conditions import RETURN_AHEAD
from disclosures.models import Disclosure
from disclosures.models.disclosure import CORRECTIONS
from registers.inventory import inventory
from registers.models import HousingCompany, ImportRow, ImportRun
from retention.models import ManagementEnd
from retention.queries.rules import limits

RETURN_DAYS = 30  # after the contract's end; our default (GDPR 28(3)(g) names no number)


@dataclass(frozen=True)
class Stands:
    """One company whose contract has an end."""

    company: HousingCompany
    ends_on: date
    return_by: date
    erase_by: date
    end: ManagementEnd | None

    @property
    def is_settled(self) -> bool:
        return self.end is not None and self.end.is_settled

    def has_ended(self, on: date) -> bool:
        return self.ends_on <= on

    def is_late(self, on: date) -> bool:
        return not self.is_settled and self.return_by < on

    def holds_erasure(self, on: date) -> bool:
        """The days of keeping have passed, and the registers have not gone back, nor does anybody say why not."""
        return not self.is_settled and self.erase_by <= on


def stands(company: HousingCompany) -> Stands | None:
    """None while the contract has no end."""
    return _stands(company, _end_of(company), limits().processor_days)


def _stands(company: HousingCompany, end: ManagementEnd | None, days: int) -> Stands | None:
    on = company.managed_until
    if on is None:
        return None
    return Stands(company, on, on + timedelta(days=RETURN_DAYS), on + timedelta(days=days), end)


def _end_of(company: HousingCompany) -> ManagementEnd | None:
    found = ManagementEnd.objects.filter(housing_company=company)
    return found.filter(ends_on=company.managed_until).first() if company.managed_until else None


def open_ends(on: date) -> list[Stands]:
    """Contracts that have ended and are not certified yet, the oldest first; 3 queries."""
    ended = HousingCompany.objects.filter(managed_until__lte=on)
    known = {
        (end.housing_company_id, end.ends_on): end
        for end in ManagementEnd.objects.filter(housing_company__in=ended).defer("people", "certificate")
    }
    days = limits().processor_days
    found = []
    for company in ended.order_by("managed_until", "name", "pk"):
        standing = _stands(company, known.get((company.pk, company.managed_until or on)), days)
        if standing is not None and not (standing.end and standing.end.certified_at):
            found.append(standing)
    return found


def kept_through(companies: list[int]) -> dict[int, dict[str, int]]:
    """company → table → rows of persons that are kept through it: one query, from the inventory's own words."""
    parts, params = [], []
    for entry in inventory():
        if not (entry.company_path and entry.person_lookups):
            continue
        someone = Q()
        for lookup in entry.person_lookups:
            someone |= Q(**{f"{lookup}__isnull": False})
        rows = entry.model._base_manager.filter(someone, **{f"{entry.company_path}__in": companies}).order_by()
        sql, given = rows.values_list(f"{entry.company_path}").query.sql_with_params()
        parts.append(f"SELECT x.company, '{entry.label}' FROM ({sql}) AS x(company)")
        params += list(given)
    runs = ImportRun.objects.filter(housing_company__in=companies).exclude(content=b"").order_by()
    staged = ImportRow.objects.filter(run__housing_company__in=companies).order_by()
    for label, query in (
        (ImportRun._meta.label_lower, runs.values_list("housing_company").query),
        (ImportRow._meta.label_lower, staged.values_list("run__housing_company").query),
    ):
        sql, given = query.sql_with_params()
        parts.append(f"SELECT x.company, '{label}' FROM ({sql}) AS x(company)")
        params += list(given)
    found: dict[int, dict[str, int]] = {company: {} for company in companies}
    if not companies:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT company, label, count(*) FROM ({' UNION ALL '.join(parts)}) AS k(company, label)"
            " GROUP BY company, label ORDER BY company, label",
            params,
        )
        for company, label, number in cursor.fetchall():
            found[company][label] = number
    return found


def packages_of(company: HousingCompany) -> QuerySet[Disclosure]:
    """Packages of this end whose file somebody has taken out, and that were not taken back; the newest first."""
    if company.managed_until is None:
        return Disclosure.objects.none()
    earliest = timezone.make_aware(datetime.combine(company.managed_until - timedelta(days=RETURN_AHEAD), time()))
    return (
        Disclosure.objects.filter(
            kind=Kind.SUCCESSOR,
            what=Disclosure.What.DISCLOSED,
            company_key=company.pk,
            at__gte=earliest,
            artefact__taken_at__isnull=False,
        )
        .exclude(followed_by__what__in=CORRECTIONS)
        .order_by("-pk")
    )
