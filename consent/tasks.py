"""What the schedule does for consents."""

from celery import shared_task

from consent.services.web import purge_requests


@shared_task
def purge_consent_requests() -> None:
    purge_requests()
