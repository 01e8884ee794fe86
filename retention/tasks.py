"""What the schedule and workers do for retention. Arguments are keys alone."""

import logging
from datetime import date

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from accounts.acting import Program
from retention.models import Sweep
from retention.queries.rules import limits
from retention.services import counting, ledger
from retention.services.looks import end_looks
from retention.services.planning import OPEN, announce_ends, plan_sweep
from retention.services.rewriting import rewrite
from retention.services.running import is_running
from retention.services.statistics import freeze_statistics
from retention.services.sweeping import LedgerBehind, run_sweep, start_sweep

logger = logging.getLogger(__name__)
SCHEDULE = Program("retention")


def is_quiet() -> bool:
    """Whether tables may be locked for a moment now: the quiet hours of the limits, which may pass midnight."""
    hour, quiet = timezone.localtime().hour, limits()
    if quiet.quiet_from <= quiet.quiet_until:
        return quiet.quiet_from <= hour < quiet.quiet_until
    return hour >= quiet.quiet_from or hour < quiet.quiet_until


@shared_task
def run_started(sweep: int) -> None:
    """Erase what a started sweep has left. Outside the quiet hours the tables are rewritten in the next ones."""
    try:
        run_sweep(sweep, rewrite=rewrite if is_quiet() else None)
    except LedgerBehind:
        logger.critical("The database was restored from a backup: run replay_erasures.")


@shared_task
def count_plan(sweep: int) -> None:
    """What a large plan would end, in rows: its page shows it when it is known."""
    counting.count_plan(sweep)


@shared_task
def sweep_nightly() -> None:
    """Once a night: close statistics, tell the desk what is about to end, end what has. The brake may stop it."""
    today = timezone.localdate()
    if not is_quiet() or ledger.state().is_behind or _was_done(today):
        return
    end_looks(on=today, by=SCHEDULE)
    freeze_statistics(on=today, by=SCHEDULE)
    announce_ends(on=today, by=SCHEDULE)
    try:
        sweep = plan_sweep(on=today, by=SCHEDULE, kind=Sweep.Kind.NIGHTLY, graced=True)
    except ValidationError:  # another one waits for somebody: the desk says so
        return
    sweep = start_sweep(sweep=sweep, by=SCHEDULE)
    if sweep.state == Sweep.State.RUNNING:
        run_started.delay(sweep.pk)


def _was_done(day: date) -> bool:
    return Sweep.objects.filter(kind=Sweep.Kind.NIGHTLY, on=day).exists()


@shared_task
def collect_sweeps() -> None:
    """Sweeps whose worker died, or that the queue never got, go on; lines that the ledger lacks are written."""
    if ledger.state().is_behind:
        return
    ledger.export()
    for key in Sweep.objects.filter(state__in=(OPEN[2], OPEN[3])).values_list("pk", flat=True):
        if not is_running(key):
            run_started.delay(key)


@shared_task
def rewrite_in_quiet_hours() -> None:
    """Tables that a sweep of the day has touched are written anew in the quiet hours."""
    if not is_quiet() or Sweep.objects.filter(state__in=(OPEN[2], OPEN[3])).exists():
        return
    # A cancelled one, too, may have ended something.
    ended = Sweep.objects.filter(state__in=("done", "failed", "cancelled"), batches__erased__gt=0).distinct()
    left = ended.filter(Q(rewriting={}) | Q(rewriting__whole=False)).order_by("pk")
    for sweep in left:
        Sweep.objects.filter(pk=sweep.pk).update(rewriting=rewrite(sweep))
