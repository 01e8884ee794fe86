"""Which retention rules speak, for which housing companies, and what is not covered by any."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db import connection
from django.utils.translation import gettext as _

from accounts.classification import Category
from consent.models import PurposeVersion
from consent.queries.purposes import Fault, in_force
from registers.models import HousingCompany
from retention.models import RetentionRule, SweepLimits
from retention.periods import Period
from retention.shipped import LIMITS
from retention.words import Action

BITS: dict[str, int] = {category.value: 1 << number for number, category in enumerate(Category)}
ALL = sum(BITS.values())
EVERYWHERE = 0  # the profile of companies without purposes of their own, and of what belongs to no company


def limits() -> SweepLimits:
    return SweepLimits.objects.order_by("-pk").first() or SweepLimits(**LIMITS)


def newest_rules(**filters: object) -> list[RetentionRule]:
    """The newest version of every rule, also of those that are no longer in force; one query."""
    rows = RetentionRule.objects.filter(**filters).order_by("purpose_id", "category", "event", "-number")
    return list(rows.distinct("purpose_id", "category", "event").select_related("purpose__controller__housing_company"))


def rules_in_force() -> list[RetentionRule]:
    """Those whose purpose is in force too, and still names the category; 3 queries."""
    named = {(version.purpose_id, category) for version in in_force() for category in version.categories}
    return [rule for rule in newest_rules() if rule.in_force and (rule.purpose_id, rule.category) in named]


@dataclass(frozen=True)
class Says:
    """What a rule says to the engine, without the database: also a change that is only being looked at."""

    key: int
    code: str  # of the purpose
    company: int | None  # whose purpose it is; None: the management company's
    category: str
    event: str
    period: Period
    keeps: bool

    @classmethod
    def of(cls, rule: RetentionRule) -> "Says":
        company = rule.purpose.controller.housing_company_id
        keeps = rule.action == Action.KEEP
        return cls(rule.pk or 0, rule.purpose.code, company, rule.category, rule.event, rule.period, keeps)


@dataclass(frozen=True)
class Contract:
    """A housing company, and from when on nothing is held for it any more (GDPR 28(3)(g)); None: it is managed."""

    key: int
    over_on: date | None


@dataclass(frozen=True, eq=False)  # itself alone is its key where something made of it is remembered
class Scheme:
    """All rules in force with the companies for which they speak: what the engine asks, at one moment."""

    rules: tuple[Says, ...]
    contracts: tuple[Contract, ...]
    own: frozenset[tuple[str, int]] = field(default_factory=frozenset)  # (code, company) of companies' own purposes

    @cached_property
    def profiles(self) -> dict[int, int]:
        """company → its profile: those without purposes of their own share one."""
        owners = sorted({company for _code, company in self.own})
        return {company: number + 1 for number, company in enumerate(owners)}

    def profile_of(self, company: int | None) -> int:
        return self.profiles.get(company, EVERYWHERE) if company is not None else EVERYWHERE

    @cached_property
    def by_profile(self) -> dict[int, list[Says]]:
        """profile → the rules that speak: a company's own purpose takes the place of the management company's."""
        found = {EVERYWHERE: [rule for rule in self.rules if rule.company is None]}
        for company, profile in self.profiles.items():
            found[profile] = [
                rule
                for rule in self.rules
                if rule.company == company or (rule.company is None and (rule.code, company) not in self.own)
            ]
        return found


def scheme(extra_days: int | None = None) -> Scheme:
    """What speaks now; a fixed number of queries."""
    versions: list[PurposeVersion] = in_force()
    named = {(version.purpose_id, category) for version in versions for category in version.categories}
    rules = [r for r in newest_rules() if r.in_force and r.event and (r.purpose_id, r.category) in named]
    days = limits().processor_days if extra_days is None else extra_days
    contracts = [
        Contract(key, until + timedelta(days=days) if until is not None else None)
        for key, until in HousingCompany.objects.order_by("pk").values_list("pk", "managed_until")
    ]
    own = frozenset(
        (version.purpose.code, version.purpose.controller.housing_company_id)
        for version in versions
        if version.purpose.controller.housing_company_id is not None
    )
    return Scheme(tuple(Says.of(rule) for rule in rules), tuple(contracts), own)


FINGERPRINT = """
SELECT (SELECT max(id) FROM retention_retentionrule), (SELECT max(id) FROM consent_purposeversion),
       (SELECT max(id) FROM retention_sweeplimits), count(*), sum(hashtext(id || ' ' || managed_until)::bigint)
FROM registers_housingcompany
"""


@dataclass
class Remembered:
    """The scheme of one worker's run, read anew when anything that it is made of has changed: one small query."""

    made_of: tuple[object, ...] | None = None
    found: Scheme | None = None

    def scheme(self) -> Scheme:
        with connection.cursor() as cursor:
            cursor.execute(FINGERPRINT)
            made_of = cursor.fetchone()
        if self.found is None or made_of != self.made_of:
            self.made_of, self.found = made_of, scheme()
        return self.found


def faults(current: Iterable[PurposeVersion] | None = None) -> list[Fault]:
    """Categories of purposes in force that have neither a rule nor an exemption."""
    current = in_force() if current is None else current
    covered = {(rule.purpose_id, rule.category) for rule in newest_rules() if rule.in_force}
    return [
        Fault(
            _("%(purpose)s: no retention rule for %(category)s.")
            % {"purpose": version, "category": str(Category(category).label).lower()},
            version.purpose_id,
        )
        for version in current
        for category in version.categories
        if (version.purpose_id, category) not in covered
    ]
