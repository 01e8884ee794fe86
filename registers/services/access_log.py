"""The access log: what is opened is written before it is shown; old months end."""

import logging
from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.utils import timezone

from accounts.acting import Program, service
from accounts.models import User

logger = logging.getLogger(__name__)

MONTHS_AHEAD = 3  # a schedule that stood still for so long loses nothing: rows then wait in the default partition
# Written by hand, since it is part of every page about a person: half the time of the ORM's way.
OPENED = """
INSERT INTO registers_accessentry (at, kind, user_key, user_email, person_key, page, hidden, reason)
SELECT %(now)s, 'opened', %(user)s, %(email)s, key, %(page)s, hidden, ''
FROM unnest(%(people)s::bigint[], %(hidden)s::boolean[]) AS shown (key, hidden)
"""


@service
def log_opened(*, people: Iterable[tuple[int, bool]], page: str, by: User) -> None:
    """`by` opens the page of that name about people: (key, whether only the name is shown)."""
    shown = list(people)
    with connection.cursor() as cursor:
        cursor.execute(
            OPENED,
            {
                "now": timezone.now(),
                "user": by.pk,
                "email": by.email,
                "page": page,
                "people": [key for key, _hidden in shown],
                "hidden": [hidden for _key, hidden in shown],
            },
        )


@service
def make_access_months(*, by: Program, on: date | None = None) -> int:
    """How many months' partitions were made."""
    made = _call("fluxio_make_access_months(%s, %s)", on or timezone.now().date(), MONTHS_AHEAD)
    if made:
        logger.info("Access log: %s months made", made)
    return made


@service
def end_access_months(*, before: date, by: Program) -> int:
    """How many months' partitions were dropped since all of their rows are from before that day."""
    ended = _call("fluxio_end_access_months(%s)", before)
    if ended:
        logger.info("Access log: %s months ended", ended)
    return ended


def _call(function: str, *values: date | int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}", list(values))
        return int(cursor.fetchone()[0])
