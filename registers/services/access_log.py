"""The access log: what is opened is written before it is shown; old months end."""

import logging
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from accounts.acting import Program, service
from accounts.models import User
from registers.models.access_log import KEPT_MONTHS

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
def keep_access_months(*, by: Program, on: date | None = None) -> tuple[int, int]:
    """How many months' partitions were made, and how many were dropped since all of their rows are too old."""
    on = on or timezone.now().date()
    oldest = on.replace(day=1)
    for _month in range(KEPT_MONTHS):
        oldest = (oldest - timedelta(days=1)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT fluxio_make_access_months(%s, %s)", [on, MONTHS_AHEAD])
        made = cursor.fetchone()[0]
        cursor.execute("SELECT fluxio_end_access_months(%s)", [oldest])
        ended = cursor.fetchone()[0]
    if made or ended:
        logger.info("Access log: %s months made, %s ended", made, ended)
    return made, ended
