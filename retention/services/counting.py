"""Counting what a plan would end, by table: the real run, rolled back. Kept with the plan while it is one."""

from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.utils import timezone

from accounts.acting import check_may, service
from accounts.models import User
from retention.models import Sweep
from retention.services.erasing import StillNeeded
from retention.services.planning import RIGHT
from retention.services.sweeping import rehearse

AT_ONCE = 500  # people of whom the rows are counted while somebody waits; more of them in the background
GIVEN_UP_AFTER = timedelta(minutes=15)
COUNTABLE = (Sweep.State.PLANNED, Sweep.State.WAITING)


def is_counted(sweep: Sweep) -> bool:
    return "counted" in sweep.progress or sweep.state not in COUNTABLE


def is_counting(sweep: Sweep) -> bool:
    """In the background, and not so long ago that the worker must have died."""
    since = sweep.progress.get("counting")
    if is_counted(sweep) or not since:
        return False
    return datetime.fromisoformat(since) > timezone.now() - GIVEN_UP_AFTER


def is_small(sweep: Sweep) -> bool:
    return sweep.persons + sweep.partly <= AT_ONCE


@service
def begin_counting(*, sweep: Sweep, by: User) -> bool:
    """Whether it is to be counted in the background now: whoever calls it enqueues that."""
    check_may(by, RIGHT)
    locked = Sweep.objects.select_for_update().get(pk=sweep.pk)
    if is_counted(locked) or is_counting(locked):
        return False
    locked.progress = {"counting": timezone.now().isoformat()}
    locked.save(update_fields=["progress"])
    return True


def count_plan(sweep: int) -> Sweep:
    """The rows that the plan would end, kept in `counts` until the run itself says what it has ended."""
    plan = Sweep.objects.get(pk=sweep)
    if plan.state not in COUNTABLE:
        return plan
    try:
        rows = rehearse(plan).rows
    except (StillNeeded, OperationalError):  # a change beside it: whoever asks again gets the new count
        return plan
    with transaction.atomic():
        locked = Sweep.objects.select_for_update().get(pk=sweep)
        if locked.state in COUNTABLE:
            locked.counts, locked.progress = dict(sorted(rows.items())), {"counted": timezone.now().isoformat()}
            locked.save(update_fields=["counts", "progress"])
    return locked
