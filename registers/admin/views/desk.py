"""The desk, and the search over everything."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.admin.private_search import recall, remember
from registers.panels import panels_for, register_panel
from registers.queries.desk import empty_office, tasks_for
from registers.queries.moves import days_around, moving_in, moving_out
from registers.queries.search import search
from registers.services.identity_codes import find_by_identity_code
from registers.validation import contains_identity_code

SHOWN_MOVES = 12


@page("", "index")
def desk(request: HttpRequest) -> HttpResponse:
    context = {"title": _("Desk"), "panels": panels_for("desk", request), "empty_office": empty_office()}
    return show(request, "office/desk.html", context)


def moves_panel(request: HttpRequest, _subject: Any) -> dict[str, Any] | None:
    if not request.user.has_perm("registers.view_residency"):  # type: ignore[union-attr]
        return None
    today = timezone.localdate()
    week = days_around(today, after=7)
    coming_in = list(moving_in(request.user, *week)[: SHOWN_MOVES + 1])  # type: ignore[arg-type]
    going_out = list(moving_out(request.user, *week)[: SHOWN_MOVES + 1])  # type: ignore[arg-type]
    return {
        "today": today,
        "coming_in": coming_in[:SHOWN_MOVES],
        "going_out": going_out[:SHOWN_MOVES],
        "more_in": len(coming_in) > SHOWN_MOVES,
        "more_out": len(going_out) > SHOWN_MOVES,
    }


def tasks_panel(request: HttpRequest, _subject: Any) -> dict[str, Any]:
    return {"tasks": tasks_for(request.user, timezone.localdate())}  # type: ignore[arg-type]


register_panel("desk", 10, "office/panels/moves.html", moves_panel)
register_panel("desk", 20, "office/panels/tasks.html", tasks_panel)


@page("search/", "search", methods=("GET", "HEAD", "POST"))
def search_page(request: HttpRequest) -> HttpResponse:
    """POST keeps the words out of the address; the results then have one of their own, for this session."""
    if request.method == "POST":
        text = request.POST.get("text", "").strip()[:200]
        if contains_identity_code(text):
            return _by_identity_code(request, text)
        return HttpResponseRedirect(f"{reverse('admin:search')}?s={remember(request, text)}")
    text = recall(request, request.GET.get("s", ""))
    found = search(text, request.user)  # type: ignore[arg-type]
    return show(request, "office/search.html", {"title": _("Search"), "search_text": text, "found": found})


def _by_identity_code(request: HttpRequest, text: str) -> HttpResponse:
    try:
        person = find_by_identity_code(code=text, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return HttpResponseRedirect(reverse("admin:search"))
    if person is None:
        messages.info(request, _("No person in the register has this identity code. The search was logged."))
        return HttpResponseRedirect(reverse("admin:search"))
    messages.info(request, _("Found by identity code. The search was logged."))
    return HttpResponseRedirect(reverse("admin:person", args=[person.pk]))
