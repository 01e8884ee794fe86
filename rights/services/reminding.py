"""Reminders by email: to the handler of each request that is due within a week or overdue, once on a working day."""

from collections import defaultdict
from datetime import date
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.acting import Program, service
from accounts.models import User
from mail.services import queue_message
from registers.dates import day
from rights.deadlines import is_working_day
from rights.queries.cases import IN_TIME, LATE, open_cases, urgency
from rights.services.messages import HANDLE

LANGUAGE = "fi"  # of the office
ONCE = 20 * 3600


@service
def remind_of_deadlines(*, on: date, by: Program) -> int:
    """How many were written to. Requests without a handler are everybody's who may handle them."""
    told = f"requests reminded:{on:%Y-%m-%d}"
    if not is_working_day(on) or cache.get(told):
        return 0
    transaction.on_commit(lambda: cache.set(told, 1, ONCE))  # a worker that is killed before has told nobody
    pressing = [case for case in open_cases() if urgency(case.deadline, on) != IN_TIME]
    if not pressing:
        return 0
    able = [user for user in User.objects.filter(is_active=True, is_staff=True) if user.has_perm(HANDLE)]
    own: dict[User, list[Any]] = defaultdict(list)
    for case in pressing:
        for user in [case.handler] if case.handler in able else able:
            own[user].append(case)
    for user, cases in own.items():
        _write(user, cases, on, by)
    return len(own)


def _write(user: User, cases: list[Any], on: date, by: Program) -> None:
    """References and days: nothing of the cases."""
    with translation.override(LANGUAGE):
        lines = []
        for case in cases:
            says = _("%(reference)s: answer by %(day)s, overdue") if urgency(case.deadline, on) == LATE else ""
            says = says or _("%(reference)s: answer by %(day)s")
            lines.append("- " + says % {"reference": case.reference, "day": day(case.deadline)})
        address = urljoin(settings.BASE_URL, reverse("admin:requests"))
        paragraphs = [_("Requests of data subjects that must be answered soon:"), "\n".join(lines), address]
        subject = _("Requests of data subjects: time to answer")
    queue_message(to=user.email, subject=subject, text="\n\n".join(paragraphs), language=LANGUAGE, kind="system", by=by)
