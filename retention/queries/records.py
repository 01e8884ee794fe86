"""Which records have reached the end of their own period, and until when the longest rule keeps the others."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.classification import Category
from retention.queries.holds import AUTOMATIC, placed
from retention.queries.rules import Says, Scheme
from retention.records import RECORDS, Records

DUE = """
WITH cuts AS MATERIALIZED (SELECT * FROM unnest(%(profiles)s::int[], %(cuts)s::date[]) c(profile, cut)),
owners AS MATERIALIZED (SELECT * FROM unnest(%(companies)s::bigint[], %(of_profile)s::int[]) o(company, profile)),
held AS MATERIALIZED ({held}),
found AS ({found})
SELECT f.key FROM found f LEFT JOIN owners o ON o.company = f.owner
JOIN cuts c ON c.profile = coalesce(o.profile, 0)
WHERE f.day <= c.cut
AND (f.company IS NULL OR f.company <> ALL(%(held_companies)s::bigint[]))
AND (f.person IS NULL OR NOT EXISTS (
    SELECT FROM held h WHERE h.person_id = f.person
    OR h.person_id = (SELECT k.person_id FROM registers_formerkey k WHERE k.key = f.person)
))
ORDER BY f.key
"""


def cutoffs(event: str, category: Category, speaks: Scheme, on: date) -> dict[int, date]:
    """profile → the latest day of the event whose longest period has ended; a profile without a rule keeps them."""
    found: dict[int, date] = {}
    for profile, rules in speaks.by_profile.items():
        own = _rules(rules, event, category)
        if own and not any(rule.keeps for rule in own):
            found[profile] = min(rule.period.cutoff(on) for rule in own)
    return found


def _rules(rules: Sequence[Says], event: str, category: Category) -> list[Says]:
    return [rule for rule in rules if rule.event == event and rule.category == category]


def rules_about(kind: Records, speaks: Scheme) -> list[int]:
    """Keys of the versions that decide about these records."""
    return sorted(rule.key for rule in _rules(speaks.rules, kind.event, kind.category))


def due_records(kind: Records, speaks: Scheme, on: date, keys: Sequence[int] | None = None) -> list[int]:
    """The keys whose period has ended and that nothing holds; of `keys` alone if given."""
    cuts = cutoffs(kind.event, kind.category, speaks, on)
    holds = placed().filter(Q(category="") | Q(category=kind.category))
    if not cuts or holds.filter(person=None, housing_company=None).exists():
        return []
    held = ["SELECT unnest(%(held_people)s::bigint[]) AS person_id"]
    by_person = [hold for hold in AUTOMATIC.values() if not hold.by_company]
    held += [f"SELECT person_id FROM ({hold.sql.format(people='')}) h_{hold.code}" for hold in by_person]
    params: dict[str, Any] = {
        "profiles": list(cuts),
        "cuts": list(cuts.values()),
        "latest": max(cuts.values()),
        "companies": list(speaks.profiles),
        "of_profile": list(speaks.profiles.values()),
        "held_people": list(holds.exclude(person=None).values_list("person_id", flat=True)),
        "held_companies": list(holds.filter(person=None).values_list("housing_company_id", flat=True)),
        "keys": list(keys or ()),
    }
    found = kind.sql.format(keys="" if keys is None else "AND t.id = ANY(%(keys)s)")
    with connection.cursor() as cursor:
        cursor.execute(DUE.format(held=" UNION ALL ".join(held), found=found), params)
        return [row[0] for row in cursor.fetchall()]


def all_due(speaks: Scheme, on: date) -> dict[str, list[int]]:
    """code → keys, of every kind that has some; a few queries each."""
    return {code: keys for code, kind in RECORDS.items() if (keys := due_records(kind, speaks, on))}
