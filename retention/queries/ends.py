"""When what ends together ends, for everybody as a set: the question behind previews and forecasts.

A category whose rows belong to housing companies ends by person and company, every other one by person; identity, on
which all else hangs, when the last of the person's categories does.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection

from accounts.classification import Category
from retention.queries.keep_until import until_sql
from retention.queries.rules import Scheme
from retention.queries.targets import targets_of

ENDS = """
u AS MATERIALIZED ({until}),
ends AS MATERIALIZED (
    SELECT person_id, 0::bigint AS company_id, category, max(until) AS until
    FROM u WHERE category = ANY(%(plain)s) GROUP BY person_id, category
    UNION ALL
    SELECT person_id, company_id, category, until
    FROM u WHERE category = ANY(%(located)s) AND company_id IS NOT NULL
    UNION ALL
    SELECT person_id, 0, '{identity}', max(until) FROM u GROUP BY person_id
    HAVING bool_or(category = '{identity}')
)"""


def is_located(category: str) -> bool:
    """Whether rows of the category end by housing company."""
    return any(target.entry.company_path for target in targets_of(category))


def is_plain(category: str) -> bool:
    """Whether something of the category ends by person alone."""
    return category != Category.IDENTITY and (
        not is_located(category) or any(not target.entry.company_path for target in targets_of(category))
    )


def ends_sql(speaks: Scheme, categories: Collection[str] = Category.values) -> tuple[str, dict[str, Any]]:
    """Clauses `u` (by company) and `ends` (person_id, company_id or 0, category, until), without WITH."""
    until, params = until_sql(speaks)
    params["plain"] = [category for category in categories if is_plain(category)]
    params["located"] = [category for category in categories if is_located(category)]
    return ENDS.format(until=until, identity=Category.IDENTITY.value), params


def held_sql(*, person: bool = False) -> str:
    """(person_id, company_id or 0, category) of which some row holds something; identity is held by everybody."""
    only = "= %(person)s" if person else "IS NOT NULL"
    parts = []
    for category in Category.values:
        for target in targets_of(category) if category != Category.IDENTITY else ():
            filled = "" if target.deletes else f" WHERE {target.filled()}"
            company = "x.company" if target.entry.company_path else "0::bigint"
            parts.append(
                f"SELECT x.person, {company}, '{category}'::text FROM ({target.rows_sql()}{filled}) x"
                f" WHERE x.person {only}"
            )
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) h(person_id, company_id, category)"


def held_of(person: int) -> set[str]:
    """Categories of which anything is held of the person; one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT category FROM ({held_sql(person=True)}) h", {"person": person})
        return {Category.IDENTITY.value, *(row[0] for row in cursor.fetchall())}
