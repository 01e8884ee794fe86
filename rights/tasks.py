"""What workers and the schedule do for requests. Arguments are keys alone."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.acting import Program
from rights.models import Package
from rights.services.confirming import purge_unconfirmed, remind_unconfirmed
from rights.services.links import purge_links
from rights.services.packages import empty_packages, remind_of_packages, run_build
from rights.services.reminding import remind_of_deadlines

SCHEDULE = Program("requests")


@shared_task
def remind_of_confirming() -> None:
    remind_unconfirmed(at=timezone.now(), by=SCHEDULE)


@shared_task
def purge_old_requests() -> None:
    """Those whose address was never confirmed, and links that have expired."""
    purge_unconfirmed(at=timezone.now(), by=SCHEDULE)
    purge_links()


@shared_task
def remind_handlers() -> None:
    """On working days, of what is due within a week or overdue."""
    remind_of_deadlines(on=timezone.localdate(), by=SCHEDULE)


@shared_task
def remind_of_fetching() -> None:
    """People whose package lies ready for a week already."""
    remind_of_packages(at=timezone.now(), by=SCHEDULE)


@shared_task
def build_package(package: int) -> None:
    run_build(package)


def enqueue(package: Package) -> None:
    """Once the transaction is through. A queue that does not answer is no harm: the schedule collects the package."""
    key = package.pk
    transaction.on_commit(lambda: build_package.delay(key), robust=True)


@shared_task
def collect_packages() -> None:
    """Packages whose worker died, or that the queue never got: one that is being built is locked, and left alone."""
    for key in Package.objects.filter(state=Package.State.BUILDING).values_list("pk", flat=True):
        build_package.delay(key)


@shared_task
def empty_old_packages() -> None:
    """What was not handed over, or not fetched, in its time."""
    empty_packages()
