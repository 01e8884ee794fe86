"""Why the data of a page of people ends or is held: for all of them at once, in a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from accounts.classification import Category
from retention.queries.holds import AUTOMATIC, placed
from retention.queries.keep_until import Need, end_of
from retention.queries.needs import days_sql, events_asked
from retention.queries.rules import EVERYWHERE, Scheme
from retention.words import WHOLE


@dataclass
class Known:
    """All needs of one person, and the companies through which their data is kept."""

    needs: list[Need] = field(default_factory=list)
    companies: set[int] = field(default_factory=set)

    def deciding(self, what: str, company: int | None = None, by: date | None = None) -> Need | None:
        """The need that ends last: of everything, or of one category (through one company).

        `by`: where it is not known through which company it ends, those through which it has ended by that day.
        """
        found = [n for n in self.needs if what in (WHOLE, n.category) and company in (None, n.company)]
        last = max(found, key=_order, default=None)
        if last is None or by is None or last.order <= by:
            return last
        through = {need.company: max((n for n in found if n.company == need.company), key=_order) for need in found}
        return max((need for need in through.values() if need.order <= by), key=_order, default=last)


def _order(need: Need) -> date:
    return need.order


def known_of(people: list[int], speaks: Scheme) -> dict[int, Known]:
    """One query, however many people there are."""
    found: dict[int, Known] = {person: Known() for person in people}
    events = events_asked(speaks)
    if not people or not events:
        return found
    over = {contract.key: contract.over_on for contract in speaks.contracts}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, company_id, event, day FROM ({days_sql(events, people=True)}) d", {"people": people}
        )
        rows = cursor.fetchall()
    for person, company, event, day in rows:
        known = found[person]
        if company is not None:
            known.companies.add(company)
        for rule in speaks.by_profile[speaks.profile_of(company) if company is not None else EVERYWHERE]:
            if rule.event == event:
                until, by_contract = end_of(rule, day, over.get(company) if company is not None else None)
                known.needs.append(Need(rule.category, until, day, rule, company, by_contract))
    return found


def held_by(known: dict[int, Known]) -> dict[int, list[Any]]:
    """person → holds by hand and `Automatic`s that stop anything of them; a query for each kind of hold."""
    people = list(known)
    found: dict[int, list[Any]] = {person: [] for person in people}
    if not people:
        return found
    with connection.cursor() as cursor:
        for automatic in AUTOMATIC.values():
            narrowed = f"AND {automatic.person_column} = ANY(%(people)s)"
            cursor.execute(automatic.sql.format(people=narrowed), {"people": people})
            for person in {row[0] for row in cursor.fetchall()}:
                found[person].append(automatic)
    for hold in placed().select_related("housing_company", "person"):
        for person in people if hold.person_id is None else [hold.person_id]:
            through = known[person].companies if person in known else set()
            if person in known and (hold.housing_company_id is None or hold.housing_company_id in through):
                found[person].append(hold)
    return found


def numbers_held() -> list[tuple[Any, int]]:
    """(automatic hold, how many people it holds)."""
    found = []
    with connection.cursor() as cursor:
        for automatic in AUTOMATIC.values():
            cursor.execute(f"SELECT count(DISTINCT person_id) FROM ({automatic.sql.format(people='')}) h")
            found.append((automatic, cursor.fetchone()[0]))
    return found


def is_stopped(hold: Any, what: str) -> bool:
    """Whether a hold stops what ends: one on a category stops that category, and a person as a whole."""
    category = getattr(hold, "category", "")
    return category in ("", what) or what in (WHOLE, Category.IDENTITY)
