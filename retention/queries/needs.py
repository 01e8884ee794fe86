"""What of whom is still needed on a day: one set-based question, for everybody or for a few people.

Every category is a bit. `needed`: some rule still needs it; `ruled`: some rule speaks of it at all (what no rule speaks
of is never erased, and is a fault); `held`: a hold stops it. Rules are compared by cutoffs, one per event and category,
so that no date is computed for a row.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from accounts.classification import Category
from retention.events import EVENTS, Event
from retention.queries.holds import AUTOMATIC, placed
from retention.queries.rules import ALL, BITS, EVERYWHERE, Scheme
from retention.queries.targets import array_of

EARLIEST = date(1, 1, 1)
NOTHING = "SELECT 0::bigint AS person_id, 0::bigint AS company_id, ''::text AS event, NULL::date AS day WHERE false"
Params = dict[str, Any]


def events_asked(scheme: Scheme) -> list[Event]:
    """Events that some rule counts from and some register knows."""
    asked = {rule.event for rule in scheme.rules}
    return [event for event in EVENTS.values() if event.sql and event.code in asked]


def days_sql(events: Sequence[Event], *, people: bool, rows: dict[str, str] | None = None) -> str:
    """(person_id, company_id, event, day) of every event. `rows`: other names for tables, as that of a CTE."""
    parts = []
    for event in events:
        sql = event.sql.format(rows=(rows or {}).get(event.table, event.table))
        glue = "AND" if "WHERE" in sql else "WHERE"
        sql += f" {glue} {event.person_column} IS NOT NULL"
        if people:
            sql += f" AND {event.person_column} = ANY(%(people)s)"
        parts.append(f"SELECT person_id, company_id, '{event.code}' AS event, day FROM ({sql}) s_{event.code}")
    return "\nUNION ALL\n".join(parts) or NOTHING


def scheme_params(scheme: Scheme, on: date) -> Params:
    """The scheme as arrays: what each event's day is compared with, and which companies are no longer managed."""
    return dict(_scheme_params(scheme, on))


@lru_cache(maxsize=8)  # the batches of a sweep ask by the same scheme
def _scheme_params(scheme: Scheme, on: date) -> Params:
    contracts = scheme.contracts
    params: Params = {
        "contract_company": array_of(c.key for c in contracts),
        "contract_profile": array_of(scheme.profile_of(c.key) for c in contracts),
        "contract_over": array_of(int(c.over_on is not None and c.over_on <= on) for c in contracts),
    }
    columns = categories_asked(scheme)
    rows: dict[tuple[int, str], dict[str, date]] = {}
    for profile, rules in scheme.by_profile.items():
        for rule in (rule for rule in rules if _is_known(rule.event)):
            cut = EARLIEST if rule.keeps else rule.period.cutoff(on)
            cuts = rows.setdefault((profile, rule.event), {})
            cuts[rule.category] = min(cut, cuts.get(rule.category, date.max))
    params["cut_profile"] = [profile for profile, _event in rows]
    params["cut_event"] = [event for _profile, event in rows]
    params["cut_ruled"] = [sum(BITS[c] for c in cuts) for cuts in rows.values()]
    for category in columns:
        # Where no rule speaks, every day has passed: nothing is needed by it.
        params[f"cut_{category}"] = [cuts.get(category) for cuts in rows.values()]
    return params


def categories_asked(scheme: Scheme) -> list[str]:
    named = {rule.category for rule in scheme.rules if _is_known(rule.event)}
    return [category.value for category in Category if category.value in named]


def _is_known(event: str) -> bool:
    return event in EVENTS and bool(EVENTS[event].sql)


def needs_sql(scheme: Scheme, *, people: bool, days: str = "") -> str:
    """WITH clauses that end in `need` (person_id, company_id, needed, ruled); parameters: `scheme_params`."""
    columns = categories_asked(scheme)
    still = " | ".join(
        f"(CASE WHEN coalesce(d.day, 'infinity'::date) > l.c_{category} THEN {BITS[category]} ELSE 0 END)"
        for category in columns
    )
    arrays = ", ".join(["%(cut_profile)s::int[]", "%(cut_event)s::text[]", "%(cut_ruled)s::int[]"] + [
        f"%(cut_{category})s::date[]" for category in columns
    ])  # fmt: skip
    names = ", ".join(["profile", "event", "ruled", *(f"c_{category}" for category in columns)])
    days = days or days_sql(events_asked(scheme), people=people)
    return f"""
WITH days AS ({days}),
cuts AS MATERIALIZED (SELECT * FROM unnest({arrays}) AS c({names})),
contracts AS MATERIALIZED (
    SELECT * FROM unnest(%(contract_company)s::bigint[], %(contract_profile)s::int[], %(contract_over)s::int[])
        AS c(company_id, profile, over)
),
need AS MATERIALIZED (
    SELECT d.person_id, d.company_id,
           bit_or(CASE WHEN k.over = 1 THEN 0 ELSE {still or "0"} END) AS needed, bit_or(l.ruled) AS ruled
    FROM days d
    LEFT JOIN contracts k ON k.company_id = d.company_id
    JOIN cuts l ON l.event = d.event AND l.profile = coalesce(k.profile, {EVERYWHERE})
    GROUP BY d.person_id, d.company_id
)"""


def holds_sql(*, people: bool) -> tuple[str, Params]:
    """Clause `held` (person_id, company_id, mask; no company: wherever the person is), and its parameters.

    Holds on a company hold whoever is kept through it; one on a category alone is a constant (`held_everywhere`).
    """
    narrowed = "AND {column} = ANY(%(people)s)" if people else ""
    parts = [
        f"SELECT {hold.columns}, {ALL} AS mask FROM ("
        + hold.sql.format(people=narrowed.format(column=hold.person_column))
        + f") h_{hold.code}"
        for hold in AUTOMATIC.values()
    ]
    params: Params = {"held_everywhere": 0}
    of_people: list[tuple[int, int | None, int]] = []
    of_companies: list[tuple[int, int]] = []
    for person, company, category in placed().values_list("person_id", "housing_company_id", "category"):
        mask = BITS[category] if category else ALL
        if person is not None:
            of_people.append((person, company, mask))
        elif company is not None:
            of_companies.append((company, mask))
        else:
            params["held_everywhere"] |= mask
    parts.append("SELECT * FROM unnest(%(hold_person)s::bigint[], %(hold_company)s::bigint[], %(hold_mask)s::int[])")
    if of_companies:
        parts.append(
            "SELECT n.person_id, n.company_id, a.mask FROM need n JOIN unnest(%(all_company)s::bigint[],"
            " %(all_mask)s::int[]) AS a(company_id, mask) ON a.company_id = n.company_id"
        )
    params |= {
        "hold_person": array_of(p for p, _c, _m in of_people),
        "hold_company": array_of(c for _p, c, _m in of_people),
        "hold_mask": array_of(m for _p, _c, m in of_people),
        "all_company": [c for c, _m in of_companies],
        "all_mask": [m for _c, m in of_companies],
    }
    return f"held AS ({' UNION ALL '.join(parts)})", params


def verdicts_sql(scheme: Scheme, on: date, *, people: Sequence[int] | None = None) -> tuple[str, Params]:
    """WITH clauses that end in `verdict` (person_id, company_id, needed, ruled, held) and `person_verdict` (by person).

    Needs and holds are laid upon each other and grouped, not joined: the planner knows too little of either to choose
    a join that is fast for few people and for all. A hold without a company stands in the person's row without one.
    """
    holds, hold_params = holds_sql(people=people is not None)
    sql = f"""
{needs_sql(scheme, people=people is not None)},
{holds},
verdict AS (
    SELECT person_id, company_id, bit_or(needed) AS needed, bit_or(ruled) AS ruled,
           bit_or(held) | %(held_everywhere)s AS held
    FROM (SELECT person_id, company_id, needed, ruled, 0 AS held FROM need
          UNION ALL SELECT person_id, company_id, 0, 0, mask FROM held) both_of_them
    GROUP BY person_id, company_id
),
person_verdict AS (
    SELECT person_id, bit_or(needed) AS needed, bit_or(ruled) AS ruled, bit_or(held) AS held,
           coalesce(bit_or(held) FILTER (WHERE company_id IS NULL), 0) AS held_anywhere
    FROM verdict GROUP BY person_id
)"""
    params = scheme_params(scheme, on) | hold_params
    if people is not None:
        params["people"] = array_of(people)
    return sql, params
