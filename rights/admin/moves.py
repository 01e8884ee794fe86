"""Move notifications in the office: what the person says beside what the register says."""

from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from registers.admin.pages import note_shown, page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step, two_steps
from registers.dates import day
from registers.models import Person
from registers.models.residency import Residency
from registers.queries.cards import hidden_from, residencies_of
from registers.queries.visibility import check_may_handle
from rights.forms.moves import AcceptInForm, AcceptOutForm, RefuseForm, home_name
from rights.models import MoveNotification
from rights.queries.moves import address_of, home_left, open_moves, person_of, said
from rights.services.moves import RIGHT, accept_move, refuse_move

POST_TOO = ("GET", "HEAD", "POST")
PER_PAGE = 50
Kind, State = MoveNotification.Kind, MoveNotification.State


def list_crumb() -> tuple[str, str]:
    return reverse("admin:move_notifications"), _("Move notifications")


def url_of(move: MoveNotification) -> str:
    return reverse("admin:move_notification", args=[move.pk])


@page("moves/", "move_notifications", RIGHT)
def move_list(request: HttpRequest) -> HttpResponse:
    """Those that wait, or all; whose they are stands on their own pages."""
    every = request.GET.get("show") == "all"
    rows = MoveNotification.objects.order_by("-pk") if every else open_moves()
    pages = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": _("Move notifications"), "pages": pages, "every": every, "query": "show=all&" if every else ""}
    return show(request, "rights/moves.html", context)


def get_move(request: HttpRequest, pk: int) -> tuple[MoveNotification, Person | None]:
    """Raises Http404; PermissionDenied where it is of somebody protected whom the user may not see."""
    move = get_object_or_404(MoveNotification.objects.select_related("decided_by", "enters__building"), pk=pk)
    person = person_of(move)
    if person is not None:
        check_may_handle(staff(request), person)
        note_shown(request, [(person.pk, hidden_from(staff(request), person))])
    return move, person


@page("moves/<int:pk>/", "move_notification", RIGHT)
def move_page(request: HttpRequest, pk: int) -> HttpResponse:
    move, person = get_move(request, pk)
    left = home_left(move, person) if person is not None else None
    context = {
        "title": _("Move notification %(number)d") % {"number": move.pk},
        "crumbs": [list_crumb()],
        "move": move,
        "person": person,
        "said": said(move),
        "address": ", ".join(address_of(move).values()),
        "left": left,
        "left_name": home_name(left) if left is not None else "",
        "homes": residencies_of(person) if person is not None else [],
        "decides": move.state == State.OPEN and person is not None,
    }
    return show(request, "rights/move.html", context)


@page("moves/<int:pk>/accept/", "move_accept", RIGHT, "registers.add_residency", methods=POST_TOO)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is changed before the last step."""
    move, _person = get_move(request, pk)
    initial: dict[str, Any] = {"on": move.on}
    form: Form
    if move.kind == Kind.OUT:
        form = AcceptOutForm(request.POST or None, initial=initial)
    else:
        form = AcceptInForm(request.POST or None, user=staff(request), initial=initial)

    def act(filled: Form) -> str:
        facts = {name: filled.cleaned_data[name] for name in ("on", "apartment", "role") if name in filled.cleaned_data}
        return url_of(accept_move(move=move, by=staff(request), **facts))

    def summary(filled: Form) -> list[str]:
        facts = filled.cleaned_data
        sentences = []
        if move.kind != Kind.IN:
            sentences.append(_("The residency ends: first day elsewhere %(day)s.") % {"day": day(facts["on"])})
        if move.kind != Kind.OUT:
            role = dict(Residency.Role.choices)[facts["role"]]
            says = _("A residency begins on %(day)s. Home: %(home)s. Role: %(role)s.")
            home = f"{facts['apartment'].building.street_address} {facts['apartment'].designation}"
            sentences.append(says % {"day": day(facts["on"]), "home": home, "role": role})
        if move.kind == Kind.OUT and (address := address_of(move)):
            sentences.append(_("The new address is recorded: %(address)s.") % {"address": ", ".join(address.values())})
        return [*sentences, _("The person is told by email that the notification was handled.")]

    context: dict[str, Any] = {
        "crumbs": [list_crumb(), (url_of(move), str(move.pk))],
        "cancel": url_of(move),
        "sentences": [_("The person says: %(home)s") % {"home": home}]
        if (home := said(move)["enters_as_told"])
        else [],
    }
    done = _("The registers follow the notification.")
    title = _("Take into the registers")
    return two_steps(request, form, title=title, context=context, summary=summary, act=act, done=done)


@page("moves/<int:pk>/refuse/", "move_refuse", RIGHT, methods=POST_TOO)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    move, _person = get_move(request, pk)

    def act(filled: Form) -> str:
        return url_of(refuse_move(move=move, note=filled.cleaned_data["note"], by=staff(request)))

    context: dict[str, Any] = {
        "crumbs": [list_crumb(), (url_of(move), str(move.pk))],
        "cancel": url_of(move),
        "submit": _("Do not accept"),
    }
    form = RefuseForm(request.POST or None)
    return one_step(request, form, title=_("Do not accept"), context=context, act=act, done=_("It is recorded."))
