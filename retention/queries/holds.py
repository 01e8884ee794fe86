"""What stops erasure now: holds placed by hand, and those that registers give by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from retention.models import Hold
from retention.shipped import LIMITS


@dataclass(frozen=True)
class Automatic:
    """People held by a state of the registers. `sql` gives (person_id); `{people}` stands for a further condition.

    `by_company`: it gives (person_id, company_id), and holds what is kept of the person through that company.

    Whoever reopens such a state by an UPDATE of a row that erasing a person does not delete must lock the person first
    (`SELECT fluxio_lock_person(…)`): the sweep asks under that lock.
    """

    code: str
    name: Any
    sql: str
    person_column: str
    url: Callable[[int], str] | None = None
    by_company: bool = False

    @property
    def columns(self) -> str:
        return "person_id, company_id" if self.by_company else "person_id, NULL::bigint AS company_id"


AUTOMATIC: dict[str, Automatic] = {}


def automatic_hold(code: str, name: Any, *, sql: str, person_column: str, by_company: bool = False) -> None:
    AUTOMATIC[code] = Automatic(code, name, sql, person_column, by_company=by_company)


automatic_hold(
    "restricted",
    _("processing is restricted (GDPR Art. 18)"),
    sql="SELECT p.id AS person_id FROM registers_person p WHERE p.restricted_at IS NOT NULL {people}",
    person_column="p.id",
)
automatic_hold(
    "importing",
    _("an import that names the person is being read or applied"),
    sql="""
SELECT r.person_id FROM registers_importrow r JOIN registers_importrun n ON n.id = r.run_id
WHERE n.state IN ('reading', 'applying') AND r.person_id IS NOT NULL {people}
""",
    person_column="r.person_id",
)


# The processor's days have passed, and the registers have not gone back, nor does the company do without (decision 19).
UNRETURNED = """
SELECT c.id FROM registers_housingcompany c
WHERE c.managed_until + coalesce(
        (SELECT l.processor_days FROM retention_sweeplimits l ORDER BY l.id DESC LIMIT 1), {days}
    )::int <= (statement_timestamp() AT TIME ZONE 'Europe/Helsinki')::date
AND NOT EXISTS (
    SELECT FROM retention_managementend e WHERE e.housing_company_id = c.id AND e.ends_on = c.managed_until
    AND (e.handed_over_at IS NOT NULL OR e.nothing_wanted_at IS NOT NULL)
)
""".format(days=LIMITS["processor_days"])

automatic_hold(
    "unreturned",
    _("the registers have not been returned to the housing company yet (GDPR Art. 28(3)(g))"),
    sql=f"""
WITH unreturned AS MATERIALIZED ({UNRETURNED})
SELECT x.person_id, a.housing_company_id AS company_id FROM unreturned u
JOIN registers_apartment a ON a.housing_company_id = u.id JOIN registers_residency x ON x.apartment_id = a.id
WHERE true {{people}}
UNION ALL
SELECT x.person_id, g.housing_company_id FROM unreturned u
JOIN registers_sharegroup g ON g.housing_company_id = u.id JOIN registers_ownership x ON x.share_group_id = g.id
WHERE x.person_id IS NOT NULL {{people}}
UNION ALL
SELECT x.person_id, x.housing_company_id FROM unreturned u JOIN registers_boardseat x ON x.housing_company_id = u.id
WHERE true {{people}}
""",
    person_column="x.person_id",
    by_company=True,
)


def placed() -> QuerySet[Hold]:
    return Hold.objects.filter(released_at=None)


def overdue(on: date) -> QuerySet[Hold]:
    return placed().filter(review_on__lte=on)
