"""What a change of a rule would do before it is made: who ends earlier, later or at once; asked as a set."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection, transaction

from accounts.classification import Category
from consent.models import Purpose
from consent.queries.purposes import version_of
from retention.models import RetentionRule
from retention.queries.ends import ends_sql
from retention.queries.rules import Says, Scheme
from retention.queries.targets import Target, targets_of

SHOWN = 20
# A category of which no rule speaks is kept without an end, as one whose event has not come.
CHANGED = """
CREATE TEMP TABLE retention_changed ON COMMIT DROP AS
SELECT person_id, company_id, category, coalesce(max(until) FILTER (WHERE side = 1), 'infinity') AS was,
       coalesce(max(until) FILTER (WHERE side = 2), 'infinity') AS becomes
FROM ((WITH {before} SELECT 1 AS side, e.* FROM ends e) UNION ALL (WITH {after} SELECT 2, e.* FROM ends e)) sides
WHERE category = ANY(%(categories)s)
GROUP BY person_id, company_id, category
HAVING coalesce(max(until) FILTER (WHERE side = 1), 'infinity')
    <> coalesce(max(until) FILTER (WHERE side = 2), 'infinity')
"""
KINDS = {
    "earlier": "c.becomes < c.was",
    "later": "c.becomes > c.was",
    "at_once": "c.becomes <= %(on)s AND c.was > %(on)s",
}


@dataclass
class Effect:
    """On one category: people, rows by what a plan counts them as, and the first people, by kind."""

    category: str
    people: dict[str, int]
    rows: dict[str, int] = field(default_factory=dict)
    first: dict[str, list[int]] = field(default_factory=dict)


def says_of(purpose: Purpose, values: dict[str, Any]) -> Says:
    """A rule that is only being looked at; `values` as of `RetentionRule`."""
    return Says.of(RetentionRule(purpose=purpose, **values))


def with_change(speaks: Scheme, purpose: Purpose, category: str, event: str, says: Says | None) -> Scheme:
    """The scheme in which the purpose says this (None: nothing) of the category and event."""
    company = purpose.controller.housing_company_id
    same = (purpose.code, company, category, event)
    rules = tuple(rule for rule in speaks.rules if (rule.code, rule.company, rule.category, rule.event) != same)
    version = version_of(purpose)
    if says is not None and event and version is not None and version.in_force and category in version.categories:
        rules += (says,)
    return replace(speaks, rules=rules)


@transaction.atomic
def preview(before: Scheme, after: Scheme, category: str, on: date) -> list[Effect]:
    """The effects on the category and on identity, with which a person ends; empty ones are left out."""
    _compare(before, after, category)
    with connection.cursor() as cursor:
        counts = ", ".join(f"count(DISTINCT person_id) FILTER (WHERE {condition})" for condition in KINDS.values())
        cursor.execute(f"SELECT category, {counts} FROM retention_changed c GROUP BY category", {"on": on})
        found = {row[0]: Effect(row[0], dict(zip(KINDS, row[1:], strict=True))) for row in cursor.fetchall()}
        for effect in found.values():
            for target in targets_of(effect.category):
                if number := _rows(cursor, target):
                    effect.rows[target.name] = effect.rows.get(target.name, 0) + number
            for kind in KINDS:
                if effect.people[kind]:
                    effect.first[kind] = _people(cursor, effect.category, kind, on, SHOWN, 0)
        cursor.execute("DROP TABLE retention_changed")
    return [found[c] for c in Category.values if c in found]


@transaction.atomic
def people_of(
    before: Scheme, after: Scheme, changed: str, category: str, kind: str, on: date, limit: int, offset: int
) -> list[int]:
    """A page of the people on whose data of `category` a change of a rule for `changed` has an effect of this kind."""
    _compare(before, after, changed)
    with connection.cursor() as cursor:
        found = _people(cursor, category, kind, on, limit, offset)
        cursor.execute("DROP TABLE retention_changed")
    return found


def _compare(before: Scheme, after: Scheme, category: str) -> None:
    categories = sorted({category, Category.IDENTITY.value})
    sides, params = {}, {"categories": categories}
    for name, scheme in (("before", before), ("after", after)):
        sql, own = ends_sql(scheme, categories)
        sides[name] = sql.replace("%(", f"%({name}_")
        params |= {f"{name}_{key}": value for key, value in own.items()}
    with connection.cursor() as cursor:
        cursor.execute(CHANGED.format(**sides), params)
        cursor.execute("ANALYZE retention_changed")


def _people(cursor: Any, category: str, kind: str, on: date, limit: int, offset: int) -> list[int]:
    cursor.execute(
        f"SELECT DISTINCT person_id FROM retention_changed c WHERE category = %(category)s AND {KINDS[kind]}"
        " ORDER BY 1 LIMIT %(limit)s OFFSET %(offset)s",
        {"category": category, "on": on, "limit": limit, "offset": offset},
    )
    return [row[0] for row in cursor.fetchall()]


def _rows(cursor: Any, target: Target) -> int:
    """Rows of the target that would end on another day."""
    filled = "" if target.deletes else f" WHERE {target.filled()}"
    company = "x.company" if target.entry.company_path else "0"
    cursor.execute(
        f"SELECT count(*) FROM ({target.rows_sql()}{filled}) x JOIN retention_changed c"
        f" ON c.person_id = x.person AND c.company_id = {company} WHERE c.category = %(category)s",
        {"category": target.category.value},
    )
    return int(cursor.fetchone()[0])
