"""What workers and the schedule do for outgoing mail. Arguments are keys alone."""

from celery import shared_task
from django.db.models.functions import Now

from mail import services
from mail.models import OutgoingMessage

COLLECTED_AT_ONCE = 500
COLLECTED_EVERY = 30  # seconds; fluxio/celery.py


@shared_task
def deliver_message(key: int) -> None:
    services.deliver(key=key)


@shared_task
def collect_due() -> None:
    """What waits for another attempt, what a dead worker left, what the queue never got.

    A task that is not begun until the next round ends by itself: a slow server does not fill the queue.
    """
    due = OutgoingMessage.objects.filter(state=OutgoingMessage.State.QUEUED, next_attempt_at__lte=Now())
    for key in due.order_by("next_attempt_at").values_list("pk", flat=True)[:COLLECTED_AT_ONCE]:
        deliver_message.apply_async(args=(key,), expires=COLLECTED_EVERY)


@shared_task
def empty_sent_messages() -> None:
    services.empty_ended_messages()
    services.delete_old_messages()
