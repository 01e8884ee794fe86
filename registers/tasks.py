"""What workers and the schedule do for the registers. Arguments are keys alone."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.acting import Program
from registers.imports.services import applying, reading
from registers.imports.services.runs import PURGED_AFTER_DAYS, State
from registers.models import ImportRun
from registers.services.access_log import make_access_months

# Older than this without a worker's lock: whoever had the run is gone, or the queue never got it.
LEFT_AFTER = timedelta(seconds=25)


@shared_task
def read_import(run: int) -> None:
    reading.read_import(run=run)


@shared_task
def apply_import(run: int) -> None:
    applying.apply_import(run=run)


TASK_OF: dict[str, Any] = {State.READING: read_import, State.APPLYING: apply_import}


def enqueue(run: ImportRun) -> None:
    """Once the transaction is through. A queue that does not answer is no harm: the schedule collects the run."""
    task = TASK_OF[run.state]
    transaction.on_commit(lambda: task.delay(run.pk), robust=True)


@shared_task
def collect_imports() -> None:
    """Runs whose worker died, or that the queue never got, are enqueued again."""
    left = ImportRun.objects.filter(state__in=TASK_OF, changed_at__lt=timezone.now() - LEFT_AFTER)
    for key in left.values_list("pk", flat=True):
        with transaction.atomic():
            rows = ImportRun.objects.select_for_update(skip_locked=True)
            run = rows.filter(pk=key, state__in=TASK_OF, changed_at__lt=timezone.now() - LEFT_AFTER).first()
            if run is None:
                continue
            ImportRun.objects.filter(pk=run.pk).update(changed_at=timezone.now())
            enqueue(run)


@shared_task
def purge_old_imports() -> None:
    """A run ends with its staged rows: what came of it stands in the registers and their trail."""
    old = timezone.now() - timedelta(days=PURGED_AFTER_DAYS)
    ImportRun.objects.filter(changed_at__lt=old).exclude(state__in=TASK_OF).delete()


@shared_task
def keep_log_of_looks() -> None:
    """The coming months get their partitions; retention ends the old ones."""
    make_access_months(by=Program("schedule"))
