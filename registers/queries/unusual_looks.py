"""Who has lately opened many people outside their usual companies: a hint to ask, no proof of anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.remembering import remembered
from registers.models import HousingCompany

# Our own defaults. Whoever looks after a company, or stands in for somebody who does, has it as a usual one at once.
WEEK = timedelta(days=7)
BEFORE = timedelta(days=90)
USUAL_PERSONS = 3  # so many people of a company …
USUAL_DAYS = 3  # … on so many days make it a usual one
MANY = 20

Found = tuple[int, int, list[int]]  # user, persons, usual companies
CACHED, KEPT_SECONDS = "unusual-looks", 600


@dataclass(frozen=True)
class Unusual:
    """`companies`: the user's usual ones by name; none for somebody who is new, and for whom everybody counts."""

    user: User
    persons: int
    companies: list[str]


# People are those whose own pages were opened. Somebody without a home and shares belongs to no company, thus to no
# usual one; whoever is no longer in the register cannot be placed, and is not counted.
SQL = """
WITH looks AS MATERIALIZED (
    SELECT DISTINCT e.user_key, coalesce(f.person_id, e.person_key) AS person_id,
        e.at >= %(week)s AS lately, (e.at AT TIME ZONE %(zone)s)::date AS day
    FROM registers_accessentry e LEFT JOIN registers_formerkey f ON f.key = e.person_key
    WHERE e.kind = 'opened' AND e.page <> 'apartment' AND e.at >= %(before)s AND e.at < %(now)s
), suspects AS MATERIALIZED (  -- whoever opened fewer people at all needs no companies
    SELECT user_key FROM looks WHERE lately GROUP BY user_key HAVING count(DISTINCT person_id) >= %(many)s
), theirs AS MATERIALIZED (
    SELECT looks.* FROM looks JOIN suspects USING (user_key)
), homes AS MATERIALIZED (
    SELECT r.person_id, a.housing_company_id AS company_id
    FROM registers_residency r JOIN registers_apartment a ON a.id = r.apartment_id
    WHERE r.person_id IN (SELECT person_id FROM theirs)
    UNION
    SELECT o.person_id, g.housing_company_id
    FROM registers_ownership o JOIN registers_sharegroup g ON g.id = o.share_group_id
    WHERE o.person_id IN (SELECT person_id FROM theirs)
), usual AS MATERIALIZED (
    SELECT user_key, company_id FROM theirs JOIN homes USING (person_id) WHERE NOT lately
    GROUP BY user_key, company_id
    HAVING count(DISTINCT person_id) >= %(persons)s AND count(DISTINCT day) >= %(days)s
    UNION  -- their own companies, and those of whom they stood in for
    SELECT d.user_id, d.housing_company_id FROM registers_companyduty d
    WHERE d.since <= %(today)s AND (d.until IS NULL OR d.until > %(week_day)s)
    UNION
    SELECT s.substitute_id, d.housing_company_id
    FROM registers_substitution s JOIN registers_companyduty d ON d.user_id = s.absent_id
    WHERE s.since <= %(today)s AND s.until > %(week_day)s
    AND d.since <= %(today)s AND (d.until IS NULL OR d.until > %(week_day)s)
), known AS MATERIALIZED (
    SELECT DISTINCT user_key, person_id FROM usual JOIN homes USING (company_id)
)
SELECT t.user_key, count(DISTINCT t.person_id),
    (SELECT coalesce(array_agg(company_id), '{}') FROM usual u WHERE u.user_key = t.user_key)
FROM theirs t JOIN registers_person p ON p.id = t.person_id
LEFT JOIN known k ON k.user_key = t.user_key AND k.person_id = t.person_id
WHERE t.lately AND k.person_id IS NULL
GROUP BY t.user_key HAVING count(DISTINCT t.person_id) >= %(many)s
ORDER BY 2 DESC, 1
"""


def unusual_lately() -> list[Unusual]:
    """As of some minutes ago: the desk asks each time that it is opened."""
    return _named(remembered(CACHED, KEPT_SECONDS, lambda: _found(timezone.now())))


def unusual_looks(now: datetime) -> list[Unusual]:
    """Those who opened at least `MANY` people outside their usual companies in the week before; 3 queries at most."""
    return _named(_found(now))


def _found(now: datetime) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(
            SQL,
            {
                "now": now,
                "week": now - WEEK,
                "before": now - WEEK - BEFORE,
                "zone": settings.TIME_ZONE,
                "today": timezone.localdate(now),
                "week_day": timezone.localdate(now - WEEK),
                "persons": USUAL_PERSONS,
                "days": USUAL_DAYS,
                "many": MANY,
            },
        )
        return cursor.fetchall()


def _named(found: list[Found]) -> list[Unusual]:
    if not found:
        return []
    users = User.objects.in_bulk([user for user, _persons, _companies in found])
    named = HousingCompany.objects.filter(pk__in={key for _user, _persons, keys in found for key in keys})
    names = {company.pk: company.name for company in named}
    return [
        Unusual(users[user], persons, sorted(names[key] for key in keys))
        for user, persons, keys in found
        if user in users
    ]
