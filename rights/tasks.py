"""What workers and the schedule do for requests. Arguments are keys alone."""

from celery import shared_task
from django.db import transaction

from rights.models import Package
from rights.services.packages import empty_packages, run_build


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
