"""What the schedule does for the portal."""

from celery import shared_task
from django.utils import timezone

from portal.services.own_accounts import forget_seen


@shared_task
def forget_usage() -> None:
    """When accounts outside the office were last used."""
    forget_seen(on=timezone.localdate())
