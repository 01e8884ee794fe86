"""What stands in the queue and what has left it."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from mail.models import CONTENT, OutgoingMessage
from registers.queries.desk import Task

State = OutgoingMessage.State


def messages_in(state: str) -> QuerySet[OutgoingMessage]:
    """Newest first, without what they say; of all states when `state` is none."""
    messages = OutgoingMessage.objects.defer(*CONTENT)
    return messages.filter(state=state) if state in State.values else messages


def messages_with_content() -> QuerySet[OutgoingMessage]:
    return OutgoingMessage.objects.filter(emptied_at=None)


def undelivered_tasks(user: User, on: date) -> list[Task]:
    """While they can still be tried again."""
    if not user.has_perm("mail.view_messages"):
        return []
    count = OutgoingMessage.objects.filter(state=State.GIVEN_UP, emptied_at=None).count()
    if not count:
        return []
    text = ngettext("%(n)d message could not be delivered", "%(n)d messages could not be delivered", count)
    return [Task(text % {"n": count}, f"{reverse('admin:mail_list')}?state={State.GIVEN_UP}")]
