"""What ends in the coming months by the rules and registers of today, counted of what is really held."""

from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Max

from accounts.classification import Category
from accounts.remembering import remembered
from consent.models import PurposeVersion
from retention.models import RetentionRule, SweepLimits
from retention.queries.ends import ends_sql, held_sql
from retention.queries.rules import scheme

MONTHS = 36
KEPT_SECONDS = 600
LATER, OPEN, OVER = -1, -2, -3  # after the last month; without an end yet; ended already
FORECAST = """
WITH {ends},
held AS MATERIALIZED ({held}),
counted AS (
    SELECT e.person_id, e.category,
        CASE WHEN e.until = 'infinity' THEN {open} WHEN e.until >= %(horizon)s THEN {later}
             WHEN e.until <= %(on)s THEN {over}
             ELSE (extract(year FROM e.until) * 12 + extract(month FROM e.until))::int - %(this_month)s
        END AS month
    FROM ends e LEFT JOIN held h USING (person_id, company_id, category)
    WHERE (h.person_id IS NOT NULL OR e.category = '{identity}') {only}
)
SELECT category, month, count(DISTINCT person_id) FROM counted GROUP BY category, month
"""


@dataclass
class Coming:
    """One category: people whose data end, by month, later, not yet, or already (the next night)."""

    category: str
    months: list[int] = field(default_factory=lambda: [0] * MONTHS)
    later: int = 0
    open: int = 0
    over: int = 0

    @property
    def total(self) -> int:
        return sum(self.months)


def months_from(on: date) -> list[date]:
    """The first days of the months of the forecast."""
    first = on.year * 12 + on.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + MONTHS)]


def forecast(on: date, company: int | None = None) -> list[Coming]:
    """By category; with a company, of people whose data are kept through it."""
    ends, params = ends_sql(scheme())
    last = on.year * 12 + on.month - 1 + MONTHS
    params |= {"horizon": date(last // 12, last % 12 + 1, 1), "this_month": on.year * 12 + on.month, "on": on}
    only = ""
    if company is not None:
        params["only"] = company
        only = (
            "AND e.company_id IN (0, %(only)s)"
            " AND EXISTS (SELECT FROM u WHERE u.company_id = %(only)s AND u.person_id = e.person_id)"
        )
    sql = FORECAST.format(
        ends=ends, held=held_sql(), identity=Category.IDENTITY.value, only=only, open=OPEN, later=LATER, over=OVER
    )
    found: dict[str, Coming] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for category, month, people in cursor.fetchall():
            coming = found.setdefault(category, Coming(category))
            if month == LATER:
                coming.later = people
            elif month == OPEN:
                coming.open = people
            elif month == OVER:
                coming.over = people
            else:
                coming.months[month] = people
    return [found[c] for c in Category.values if c in found]


def remembered_forecast(on: date, company: int | None = None) -> list[Coming]:
    """As of at most ten minutes ago; a change of a rule, a purpose or the limits shows at once."""
    stamps = [model.objects.aggregate(last=Max("pk"))["last"] for model in (RetentionRule, PurposeVersion, SweepLimits)]
    name = f"retention-forecast:{on}:{company or ''}:{':'.join(str(stamp) for stamp in stamps)}"
    found: list[Coming] = remembered(name, KEPT_SECONDS, lambda: forecast(on, company))
    return found
