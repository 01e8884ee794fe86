"""What this room shows on a person's page and on the desk."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from registers.admin.views.people import staff
from registers.models import Person
from registers.panels import register_panel
from registers.queries.cards import hidden_from, keys_of
from registers.queries.desk import Task, register_tasks
from rights.models import Package
from rights.queries.cases import LATE, SOON, cases, needing_attention, not_fetched, packages_waiting, urgency
from rights.queries.moves import open_moves
from rights.services.moves import RIGHT as REVIEW_MOVES

VIEW = "rights.view_requests"


def requests_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """What the person has asked, and how it stands."""
    if not staff(request).has_perm(VIEW) or hidden_from(staff(request), person):
        return None
    today = timezone.localdate()
    rows = [
        (case, "" if case.closed_at else urgency(case.deadline, today))
        for case in cases().filter(person_key__in=keys_of(person.pk)).order_by("-received_at")
    ]
    return {"rows": rows} if rows else None


register_panel("person", 50, "rights/panels/requests.html", requests_panel)


@register_tasks
def tasks(user: User, on: date) -> list[Task]:
    """Overdue ones first, then those whose day is near, then unread answers."""
    if not user.has_perm("rights.handle_requests"):
        return []
    counted, url, found = needing_attention(on, user), reverse("admin:requests"), []
    if late := counted[LATE]:
        text = ngettext("%(n)d request is overdue", "%(n)d requests are overdue", late)
        found.append(Task(text % {"n": late}, url, is_late=True))
    if soon := counted[SOON]:
        text = ngettext("%(n)d request is due within a week", "%(n)d requests are due within a week", soon)
        found.append(Task(text % {"n": soon}, url))
    if fresh := counted["new"]:
        text = ngettext("%(n)d request waits for a handler", "%(n)d requests wait for a handler", fresh)
        found.append(Task(text % {"n": fresh}, url))
    if mine := counted["mine"]:
        text = ngettext("%(n)d open request is yours", "%(n)d open requests are yours", mine)
        found.append(Task(text % {"n": mine}, f"{url}?show=mine"))
    if answered := counted["answered"]:
        text = ngettext("%(n)d person has answered", "%(n)d people have answered", answered)
        found.append(Task(text % {"n": answered}, url))
    waiting = packages_waiting()
    if unread := waiting[Package.State.REVIEW]:
        text = ngettext(
            "%(n)d package waits for its texts to be read", "%(n)d packages wait for their texts to be read", unread
        )
        found.append(Task(text % {"n": unread}, url))
    if ready := waiting[Package.State.READY]:
        text = ngettext("%(n)d package waits to be handed over", "%(n)d packages wait to be handed over", ready)
        found.append(Task(text % {"n": ready}, url))
    if failed := waiting[Package.State.FAILED]:
        text = ngettext("%(n)d package could not be built", "%(n)d packages could not be built", failed)
        found.append(Task(text % {"n": failed}, url, is_late=True))
    if lost := not_fetched():
        text = ngettext("%(n)d package was not fetched in time", "%(n)d packages were not fetched in time", lost)
        found.append(Task(text % {"n": lost}, url, is_late=True))
    return found


@register_tasks
def move_tasks(user: User, on: date) -> list[Task]:
    if not user.has_perm(REVIEW_MOVES) or not (waiting := open_moves().count()):
        return []
    text = ngettext("%(n)d move notification waits", "%(n)d move notifications wait", waiting)
    return [Task(text % {"n": waiting}, reverse("admin:move_notifications"))]
