"""Until when each category of a person's data is kept, and why: for one person in words, for everybody as a set."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.classification import Category
from registers.models import HousingCompany
from retention.models import Hold, RetentionRule
from retention.periods import END_OF, NEVER
from retention.queries.holds import AUTOMATIC, Automatic, placed
from retention.queries.needs import days_sql, events_asked
from retention.queries.rules import EVERYWHERE, Says, Scheme, scheme


@dataclass(frozen=True)
class Need:
    """One purpose's need of one category: until a day, or while something goes on (None)."""

    category: str
    until: date | None
    since: date | None  # the day of the event, None while it goes on
    rule: Says
    company: int | None
    by_contract: bool = False  # ended early, with the management contract

    @property
    def order(self) -> date:
        return self.until or NEVER


@dataclass
class Kept:
    """A category of a person's data: the latest end among its needs decides."""

    category: str
    needs: list[Need] = field(default_factory=list)
    holds: list[Any] = field(default_factory=list)  # Hold rows and `Automatic`s
    with_category: str = ""  # kept longer, as another category's data hang on it

    @property
    def decisive(self) -> Need | None:
        return max(self.needs, key=lambda need: need.order, default=None)

    @property
    def until(self) -> date | None:
        """The first day on which it is no longer needed; None while something goes on, or where no rule speaks."""
        need = self.decisive
        return need.until if need else None

    @property
    def is_ruled(self) -> bool:
        return bool(self.needs)


def end_of(rule: Says, day: date | None, over_on: date | None) -> tuple[date | None, bool]:
    """(until, whether the end of the management contract decided it)."""
    end = None if day is None or rule.keeps else rule.period.end_of(day)
    end = None if end == NEVER else end
    if over_on is not None and (end is None or over_on < end):
        return over_on, True
    return end, False


def keep_until(person: int, speaks: Scheme | None = None) -> list[Kept]:
    """Every category that some rule speaks of for this person, in the order of the categories."""
    speaks = speaks or scheme()
    over = {contract.key: contract.over_on for contract in speaks.contracts}
    kept: dict[str, Kept] = {}
    for company, event, day in _days(person, speaks):
        for rule in speaks.by_profile[speaks.profile_of(company) if company is not None else EVERYWHERE]:
            if rule.event != event:
                continue
            until, by_contract = end_of(rule, day, over.get(company) if company is not None else None)
            need = Need(rule.category, until, day, rule, company, by_contract)
            kept.setdefault(rule.category, Kept(rule.category)).needs.append(need)
    _identity_last(kept)
    everywhere = {need.company for held in kept.values() for need in held.needs}
    found = all_holds(person) if kept else []
    for held in kept.values():
        through = everywhere if held.category == Category.IDENTITY else {need.company for need in held.needs}
        held.holds = [hold for hold in found if stops(hold, held.category, through)]
    return [kept[c] for c in Category.values if c in kept]


def _identity_last(kept: dict[str, Kept]) -> None:
    """Other data hang on the person's own row: it is kept as long as any of them."""
    identity = kept.get(Category.IDENTITY)
    if identity is None:
        return
    latest = max(kept.values(), key=lambda k: k.decisive.order if k.decisive else date.min)
    if latest.decisive and identity.decisive and latest.decisive.order > identity.decisive.order:
        identity.with_category = latest.category
        identity.needs.append(latest.decisive)


def _days(person: int, speaks: Scheme) -> list[tuple[int | None, str, date | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT company_id, event, day FROM ({days_sql(events_asked(speaks), people=True)}) d",
            {"people": [person]},
        )
        return list(cursor.fetchall())


def all_holds(person: int) -> list[Any]:
    """Automatic holds on the person, and those by hand that may concern them."""
    by_hand = placed().filter(Q(person=person) | Q(person=None)).select_related("housing_company", "placed_by")
    return [*automatic_holds(person), *by_hand]


def stops(hold: Any, category: str, companies: Iterable[int | None]) -> bool:
    """Whether a hold on the person stops this category, of what is kept through these companies.

    The person's own row (identity) cannot go before what hangs on it, so that every hold of theirs holds it.
    """
    if not isinstance(hold, Hold):
        of = getattr(hold, "companies", None)  # of an automatic one by company
        return of is None or category == Category.IDENTITY or bool(set(of) & set(companies))
    its_category = hold.category in ("", category) or category == Category.IDENTITY
    return its_category and (hold.housing_company_id is None or hold.housing_company_id in companies)


def holds_on(person: int, category: str, companies: Iterable[int | None]) -> list[Any]:
    """What stops this category of this person."""
    through = {company for company in companies if company is not None}
    return [hold for hold in all_holds(person) if stops(hold, category, through)]


@dataclass(frozen=True)
class Through:
    """An automatic hold by company, with the companies through which it holds this person's data."""

    automatic: Automatic
    companies: frozenset[int]

    @property
    def name(self) -> Any:
        return self.automatic.name


def automatic_holds(person: int) -> list[Any]:
    found: list[Any] = []
    with connection.cursor() as cursor:
        for automatic in AUTOMATIC.values():
            narrowed = f"AND {automatic.person_column} = ANY(%(people)s)"
            cursor.execute(automatic.sql.format(people=narrowed), {"people": [person]})
            rows = cursor.fetchall()
            if rows and automatic.by_company:
                found.append(Through(automatic, frozenset(row[1] for row in rows)))
            elif rows:
                found.append(automatic)
    return found


def holds_of(person: int) -> list[Any]:
    """Everything that holds anything of this person."""
    companies = {company for company, _event, _day in _days(person, scheme())}
    return holds_on(person, Category.IDENTITY, companies)


UNTIL = """
SELECT d.person_id, d.company_id, r.category,
       max(least(CASE WHEN d.day IS NULL OR r.keeps THEN 'infinity'::date ELSE {end_of} END, k.over_on)) AS until
FROM ({days}) d
LEFT JOIN unnest(%(company)s::bigint[], %(profile)s::int[], %(over)s::date[]) AS k(company_id, profile, over_on)
    ON k.company_id = d.company_id
JOIN unnest(%(rule_profile)s::int[], %(rule_event)s::text[], %(rule_category)s::text[], %(years)s::int[],
            %(months)s::int[], %(days)s::int[], %(year_end)s::bool[], %(keeps)s::bool[])
    AS r(profile, event, category, years, months, days, from_year_end, keeps)
    ON r.event = d.event AND r.profile = coalesce(k.profile, {everywhere})
GROUP BY d.person_id, d.company_id, r.category
"""


def until_sql(speaks: Scheme, *, people: list[int] | None = None) -> tuple[str, dict[str, Any]]:
    """(person_id, company_id, category, until) for everybody, as a set; 'infinity' while something goes on."""
    rules = [(profile, rule) for profile, found in speaks.by_profile.items() for rule in found]
    params = {
        "company": [c.key for c in speaks.contracts],
        "profile": [speaks.profile_of(c.key) for c in speaks.contracts],
        "over": [c.over_on for c in speaks.contracts],
        "rule_profile": [profile for profile, _rule in rules],
        "rule_event": [rule.event for _profile, rule in rules],
        "rule_category": [rule.category for _profile, rule in rules],
        "years": [rule.period.years for _profile, rule in rules],
        "months": [rule.period.months for _profile, rule in rules],
        "days": [rule.period.days for _profile, rule in rules],
        "year_end": [rule.period.from_year_end for _profile, rule in rules],
        "keeps": [rule.keeps for _profile, rule in rules],
    }
    if people is not None:
        params["people"] = people
    days = days_sql(events_asked(speaks), people=people is not None)
    return UNTIL.format(end_of=END_OF.format(day="d.day"), days=days, everywhere=EVERYWHERE), params


def rules_by_key(kept: Iterable[Kept]) -> dict[int, RetentionRule]:
    keys = {need.rule.key for held in kept for need in held.needs}
    rows = RetentionRule.objects.filter(pk__in=keys).select_related("purpose__controller")
    return {row.pk: row for row in rows}


def company_names(kept: Iterable[Kept]) -> dict[int, str]:
    keys = {need.company for held in kept for need in held.needs if need.company}
    return dict(HousingCompany.objects.filter(pk__in=keys).values_list("pk", "name"))
