"""Who has looked: the access log, one person's part of it, and the hint at unusual looks."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from registers.admin.pages import PAGES, page, show
from registers.admin.views.people import crumbs, get_person, staff
from registers.forms.access_log import AccessFilterForm
from registers.models import AccessEntry, Person
from registers.panels import register_panel
from registers.queries.access_log import RECENTLY, how_long, log, looks_of_others, still_there
from registers.queries.cards import hidden_from
from registers.queries.counts import EstimatingPaginator
from registers.queries.desk import Task, register_tasks
from registers.queries.unusual_looks import MANY, WEEK, Unusual, unusual_lately
from registers.queries.visibility import check_may_handle

RIGHT = "registers.view_access_log"
PER_PAGE, MOST_NAMED = 50, 5


def lines(entries: Any) -> list[tuple[AccessEntry, str]]:
    """Each entry with the page's name in words."""
    titles = {known.name: known.title for known in PAGES}
    return [(entry, str(titles.get(entry.page, entry.page))) for entry in entries]


@page("access/", "access_log", RIGHT)
def access_log(request: HttpRequest) -> HttpResponse:
    form = AccessFilterForm(request.GET)
    pages = EstimatingPaginator(log(**form.asked()), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Access log"),
        "form": form,
        "filtered": bool(form.query()),
        "pages": pages,
        "query": form.query(),
        "lines": lines(pages),
        "people": still_there(pages),
        "kept": how_long(),
        "unusual": [(one, _looks_of(one)) for one in unusual_lately()],
        "many": MANY,
    }
    return show(request, "office/access_log.html", context)


@page("person/<int:pk>/looks/", "person_looks", RIGHT, title=gettext_lazy("Who has looked at this person"))
def person_looks(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person(request, pk)
    check_may_handle(staff(request), person)
    pages = EstimatingPaginator(log(person=person.pk), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Who has looked at this person"),
        "crumbs": crumbs((reverse("admin:person", args=[person.pk]), person.full_name)),
        "person": person,
        "pages": pages,
        "lines": lines(pages),
        "kept": how_long(),
    }
    return show(request, "office/looks.html", context)


def looks_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    if not staff(request).has_perm(RIGHT) or hidden_from(staff(request), person):
        return None
    looks = looks_of_others(staff(request), person, timezone.now())
    return {
        "person": person,
        "looks": looks,
        "line": lines([looks.last])[0] if looks.last else None,
        "days": RECENTLY.days,
    }


register_panel("person", 80, "office/panels/looks.html", looks_panel)


def _looks_of(unusual: Unusual) -> str:
    since = timezone.localdate(timezone.now() - WEEK)
    return f"{reverse('admin:access_log')}?who={unusual.user.pk}&kind=opened&since={since.isoformat()}"


@register_tasks
def tasks(user: User, on: date) -> list[Task]:
    if not user.has_perm(RIGHT):
        return []
    found = unusual_lately()
    says = _("%(user)s opened %(n)d people outside the usual companies in a week")
    named = [Task(says % {"user": one.user, "n": one.persons}, _looks_of(one)) for one in found[:MOST_NAMED]]
    more = len(found) - MOST_NAMED
    if more > 0:
        text = ngettext("%(n)d more user with unusual looks", "%(n)d more users with unusual looks", more)
        named.append(Task(text % {"n": more}, reverse("admin:access_log")))
    return named
