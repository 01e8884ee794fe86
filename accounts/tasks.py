"""What the schedule does for accounts."""

from celery import shared_task
from django.core.cache import cache
from django.core.management import call_command

from accounts.sessions import forget_ended_sessions

HEARTBEAT_KEY = "worker-heartbeat"


@shared_task
def heartbeat() -> None:
    """Shows /healthz that a worker takes tasks."""
    cache.set(HEARTBEAT_KEY, 1, timeout=60)


@shared_task
def clear_ended_sessions() -> None:
    call_command("clearsessions")
    forget_ended_sessions()
