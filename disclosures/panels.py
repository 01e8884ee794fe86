"""What this room shows on the desk."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from disclosures.models import Breach
from disclosures.queries.breaches import HANDLE, clock_of, in_words, waiting_for_authority
from registers.queries.desk import Task, register_tasks

MOST_NAMED = 5  # breaches that wait; their list shows them all
LONG_OPEN = timedelta(days=30)


@register_tasks
def tasks(user: User, on: date) -> list[Task]:
    """Breaches whose authority waits, those with the fewest hours first, and those that stay open for long."""
    if not user.has_perm(HANDLE):
        return []
    waiting = list(waiting_for_authority()[: MOST_NAMED + 1])
    found = [_clock_task(breach) for breach in waiting[:MOST_NAMED]]
    if len(waiting) > MOST_NAMED:
        found.append(Task(_("More personal data breaches wait for a notification"), reverse("admin:breaches")))
    old = Breach.objects.filter(closed_at=None, at__lt=timezone.now() - LONG_OPEN).count()
    if old:
        text = ngettext(
            "%(n)d personal data breach has been open for more than 30 days",
            "%(n)d personal data breaches have been open for more than 30 days",
            old,
        )
        found.append(Task(text % {"n": old}, reverse("admin:breaches")))
    return found


def _clock_task(breach: Breach) -> Task:
    ticking = clock_of(breach, timezone.now())
    assert ticking is not None
    says = _("Personal data breach %(number)s: notify the authority (%(time)s)")
    text = says % {"number": breach.pk, "time": in_words(ticking)}
    return Task(text, reverse("admin:breach", args=[breach.pk]))
