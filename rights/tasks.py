"""What the schedule does for requests."""

from celery import shared_task
from django.utils import timezone

from accounts.acting import Program
from rights.services.confirming import purge_unconfirmed, remind_unconfirmed
from rights.services.links import purge_links

SCHEDULE = Program("requests")


@shared_task
def remind_of_confirming() -> None:
    remind_unconfirmed(at=timezone.now(), by=SCHEDULE)


@shared_task
def purge_old_requests() -> None:
    """Those whose address was never confirmed, and links that have expired."""
    purge_unconfirmed(at=timezone.now(), by=SCHEDULE)
    purge_links()
