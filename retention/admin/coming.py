"""What ends within the days of notice: looked at, and held where it is still needed."""

from datetime import date, timedelta
from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.queries.desk import Task, register_tasks
from registers.validation import is_key
from retention.admin.people import rows_for
from retention.queries.rules import limits
from retention.queries.sweeps import coming_ends, unseen_ends
from retention.services.coming import RIGHT, note_seen

VIEW = "retention.view_retention"
PER_PAGE = 50


@page("retention/coming/", "coming", VIEW, "registers.view_person")
def coming(request: HttpRequest) -> HttpResponse:
    """Nothing goes by schedule before the desk was told of it for so many days."""
    pages = Paginator(coming_ends(), PER_PAGE).get_page(request.GET.get("page"))
    found = list(pages)
    grace = limits().grace_days
    by_person = {key: list(rows) for key, rows in groupby(found, key=lambda row: row.person_key)}
    ends: dict[int, list[tuple[str, int | None]]] = {
        key: [(row.what, None) for row in told] for key, told in by_person.items()
    }
    rows = rows_for(staff(request), ends, by=timezone.localdate() + timedelta(days=grace))
    for row in rows:
        for ending, told in zip(row.ends, by_person[row.key], strict=True):
            earliest = told.told_on + timedelta(days=grace)
            ending.on = max(ending.on, earliest) if ending.on else earliest
    unseen = [row.pk for row in found if row.seen_at is None]
    context = {
        "title": _("What ends soon"),
        "pages": pages,
        "query": "",
        "rows": rows,
        "grace": grace,
        "upto": max(unseen, default=0) if request.user.has_perm(RIGHT) else 0,
    }
    return show(request, "retention/coming.html", context)


@page("retention/coming/seen/", "coming_seen", RIGHT, methods=("POST",))
def seen(request: HttpRequest) -> HttpResponse:
    upto = request.POST.get("upto", "")
    if is_key(upto):
        note_seen(upto=int(upto), by=staff(request))
        messages.success(request, _("They leave the desk. What nobody holds ends on its day."))
    return HttpResponseRedirect(reverse("admin:coming"))


@register_tasks
def tasks(user: User, on: date) -> list[Task]:
    if not user.has_perm(RIGHT):
        return []
    number = unseen_ends()
    text = ngettext(
        "Data of %(n)d person ends soon: hold what is still needed",
        "Data of %(n)d people ends soon: hold what is still needed",
        number,
    )
    return [Task(text % {"n": number}, reverse("admin:coming"))] if number else []
