"""What stops erasure now: holds placed by hand, and those that registers give by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from retention.models import Hold


@dataclass(frozen=True)
class Automatic:
    """People held by a state of the registers. `sql` gives (person_id); `{people}` stands for a further condition.

    Whoever reopens such a state by an UPDATE of a row that erasing a person does not delete must lock the person first
    (`SELECT fluxio_lock_person(…)`): the sweep asks under that lock.
    """

    code: str
    name: Any
    sql: str
    person_column: str
    url: Callable[[int], str] | None = None


AUTOMATIC: dict[str, Automatic] = {}


def automatic_hold(code: str, name: Any, *, sql: str, person_column: str) -> None:
    AUTOMATIC[code] = Automatic(code, name, sql, person_column)


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


def placed() -> QuerySet[Hold]:
    return Hold.objects.filter(released_at=None)


def overdue(on: date) -> QuerySet[Hold]:
    return placed().filter(review_on__lte=on)
