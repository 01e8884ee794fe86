"""What this room shows on a person's page and on the desk."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from consent.models import LegalBasis, Recipient
from consent.queries.applying import purposes_of
from consent.queries.consents import events_of, in_short, objections_of
from consent.queries.notices import notices, out_of_date
from consent.queries.purposes import in_force
from registers.admin.views.people import staff
from registers.models import Person
from registers.panels import register_panel
from registers.queries.cards import hidden_from
from registers.queries.desk import Task, register_tasks

MOST_NAMED = 5  # notices out of date; the list of notices marks them all


def reasons_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """Which purposes apply to the person, since when, on what basis."""
    if not staff(request).has_perm("consent.view_purposes"):
        return None
    if hidden_from(staff(request), person):
        return {"hidden": True}
    today = timezone.localdate()
    said = in_short(Person.objects.get(pk=person.pk), today)
    allowed = [line for line in said if line.holds]
    return {"person": person, "applying": purposes_of(person, today), "allowed": allowed}


def consents_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    if not staff(request).has_perm("consent.record_consent") or hidden_from(staff(request), person):
        return None
    whole = Person.objects.get(pk=person.pk)  # with the address that is compared
    return {
        "person": person,
        "standing": in_short(whole, timezone.localdate()),
        "events": events_of(whole)[:30],
        "objections": objections_of(person.pk),
    }


register_panel("person", 40, "consent/panels/reasons.html", reasons_panel)
register_panel("person", 45, "consent/panels/consents.html", consents_panel)


@register_tasks
def tasks(user: User, on: date) -> list[Task]:
    found = []
    if user.has_perm("consent.publish_notices"):
        found += _notice_tasks()
    if user.has_perm("consent.change_purposes"):
        newest = [version.pk for version in in_force()]
        due = LegalBasis.objects.filter(version__in=newest, review_on__lte=on).count()
        if due:
            text = ngettext("%(n)d balancing test to review", "%(n)d balancing tests to review", due)
            found.append(Task(text % {"n": due}, reverse("admin:purposes")))
    if user.has_perm("consent.change_recipient"):
        overdue = Recipient.objects.filter(review_on__lte=on).exclude(ended_on__lte=on).count()
        if overdue:
            text = ngettext(
                "%(n)d review of a processor is overdue", "%(n)d reviews of processors are overdue", overdue
            )
            found.append(Task(text % {"n": overdue}, reverse("admin:consent_recipient_changelist") + "?state=review"))
    return found


def _notice_tasks() -> list[Task]:
    found = []
    changed = out_of_date()
    for notice in notices().filter(pk__in=list(changed)[:MOST_NAMED]):
        says = _("%(notice)s: the published privacy notice is out of date (%(what)s)")
        what = ", ".join(changed[notice.pk][:3])
        found.append(Task(says % {"notice": notice, "what": what}, reverse("admin:notice", args=[notice.pk])))
    more = len(changed) - MOST_NAMED
    if more > 0:
        text = ngettext("%(n)d more privacy notice is out of date", "%(n)d more privacy notices are out of date", more)
        found.append(Task(text % {"n": more}, reverse("admin:notices")))
    waiting = notices().filter(versions=None).count()
    if waiting:
        text = ngettext("%(n)d privacy notice is not published", "%(n)d privacy notices are not published", waiting)
        found.append(Task(text % {"n": waiting}, reverse("admin:notices")))
    return found
