"""People in the lists of this room: by their keys, as the user may see them, with what ends of them and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from consent.citations import cited
from consent.models import PurposeVersion
from consent.texts import in_language
from registers.dates import day
from registers.models import HousingCompany, Person
from registers.queries.visibility import may_see_protected
from retention.models import Hold, RetentionRule
from retention.queries.keep_until import Need
from retention.queries.rules import scheme
from retention.queries.why import Known, held_by, is_stopped, known_of
from retention.wording import category_name, mark_name, period_words, what_words


@dataclass
class Reason:
    """The rule that decides until when something is kept, in words."""

    until: str
    rule: str
    purpose: str
    citation: str
    mark: str


@dataclass
class Ending:
    what: str
    company: str
    reason: Reason | None
    on: date | None = None


@dataclass
class Row:
    """A person of a list. `person` is None: no longer in the register; `hidden`: not shown to this user."""

    key: int
    person: Person | None
    hidden: bool
    ends: list[Ending] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)


def rows_for(user: User, ends: dict[int, list[tuple[str, int | None]]], *, by: date) -> list[Row]:
    """key → what ends of them by a day, each with a company or None: a fixed number of queries for a page."""
    people = Person.objects.only("first_names", "last_name", "is_protected").in_bulk(list(ends))
    speaks = scheme()
    known = known_of(list(people), speaks)
    needs = {
        (key, what, company): known[key].deciding(what, company, by)
        for key, found in ends.items()
        if key in known
        for what, company in found
    }
    words = _Words(need for need in needs.values() if need is not None)
    companies = _companies(company for found in ends.values() for _what, company in found)
    holds = held_by(known)
    rows = []
    for key, found in ends.items():
        person = people.get(key)
        row = Row(key, person, person is not None and person.is_protected and not may_see_protected(user))
        for what, company in found:
            need = needs.get((key, what, company))
            # Through which company a protected person's data is kept tells where they live.
            name = companies.get(company or 0, "") if not row.hidden else ""
            row.ends.append(Ending(what_words(what), name, words.of(need), need.until if need else None))
        if not row.hidden:
            stopping = [h for h in holds.get(key, ()) if any(is_stopped(h, what) for what, _company in found)]
            row.holds = hold_words(stopping)
        rows.append(row)
    return rows


def held_rows(user: User, keys: Iterable[int]) -> list[Row]:
    """People whom something holds, and what."""
    people = Person.objects.only("first_names", "last_name", "is_protected").in_bulk(list(keys))
    known: dict[int, Known] = known_of(list(people), scheme())
    holds = held_by(known)
    rows = []
    for key in keys:
        person = people.get(key)
        row = Row(key, person, person is not None and person.is_protected and not may_see_protected(user))
        row.holds = [] if row.hidden else hold_words(holds.get(key, []))
        rows.append(row)
    return rows


def hold_words(holds: Iterable[Any]) -> list[str]:
    return [_by_hand(hold) if isinstance(hold, Hold) else str(hold.name) for hold in holds]


def _by_hand(hold: Hold) -> str:
    parts = [category_name(hold.category)] if hold.category else []
    parts += [hold.housing_company.name] if hold.housing_company else []
    return f"{hold.reason} ({', '.join(parts)})" if parts else hold.reason


def _companies(keys: Iterable[int | None]) -> dict[int, str]:
    wanted = {key for key in keys if key}
    return dict(HousingCompany.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


class _Words:
    """The rules behind needs, read once for a page."""

    def __init__(self, needs: Iterable[Need]) -> None:
        keys = {need.rule.key for need in needs}
        rows = RetentionRule.objects.filter(pk__in=keys).select_related("purpose__controller")
        self.rules = {rule.pk: rule for rule in rows}
        purposes = {rule.purpose_id for rule in self.rules.values()}
        versions = PurposeVersion.objects.filter(purpose__in=purposes).order_by("purpose_id", "number")
        self.names = {version.purpose_id: in_language(version.name) for version in versions}

    def of(self, need: Need | None) -> Reason | None:
        rule = self.rules.get(need.rule.key) if need is not None else None
        if need is None or rule is None:
            return None
        values = {"period": period_words(rule.period), "event": rule.event_name, "day": day(need.since)}
        return Reason(
            until=day(need.until) if need.until else "",
            rule=_("%(period)s after: %(event)s (%(day)s)") % values,
            purpose=self.names.get(rule.purpose_id, rule.purpose.code),
            citation=cited(rule.citation),
            mark=mark_name(rule.mark),
        )
