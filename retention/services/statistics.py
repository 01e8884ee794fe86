"""Closing periods: figures of buildings are made before the rows end that they are made of, and never again."""

from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.acting import Program, service
from accounts.models import User
from retention.models import Sweep
from retention.services.figures import DUE, OF_ALL, OF_SWEEP, QUARTERS, YEARS
from retention.services.locks import close_periods

LATE_MONTHS = 6  # our default: so long late entries and corrections still count
YEARS_BACK = 3  # what the register holds of earlier years is not whole: leavers end by the shipped rules after three


@service
def freeze_statistics(*, on: date, by: User | Program, late_months: int = LATE_MONTHS) -> int:
    """Close every quarter and year that ended so many months before `on`; how many, counted by building."""
    month = on.year * 12 + on.month - 1 - late_months
    return _close(OF_ALL, on, {"until": date(month // 12, month % 12 + 1, 1)})


@service
def freeze_before_sweep(*, sweep: Sweep, by: User | Program) -> int:
    """Close what has ended and has people of the plan in it, in their companies: afterwards they cannot be counted."""
    ended = min(sweep.on, timezone.localdate())  # a plan may look ahead, a period may not
    return _close(OF_SWEEP, ended, {"until": ended, "sweep": sweep.pk})


def _close(due: str, on: date, params: dict[str, Any]) -> int:
    close_periods()  # one at a time; whoever waits finds them closed
    first, closed = on.year - YEARS_BACK, 0
    with connection.cursor() as cursor:
        # The planner expects few rows of the parts below, and would run over all residencies once for each.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("DROP TABLE IF EXISTS retention_closing")
        named = "retention_closing (company_id, until, begun_by)"
        cursor.execute(f"CREATE TEMP TABLE {named} ON COMMIT DROP AS {due}", params)  # asked once for both
        for sql, since, until in ((QUARTERS, first * 4, on.year * 4 + 3), (YEARS, first, on.year)):
            cursor.execute(sql.replace("{due}", DUE), {"first": since, "last": until})
            closed += cursor.rowcount
        cursor.execute("SET LOCAL enable_nestloop = on")
    return closed
