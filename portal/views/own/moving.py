"""A move notification: told here, looked at in the office, taken into the registers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.services.own_accounts import OWN_PAGES
from portal.views.asking import add_refusal
from portal.views.own.visiting import POST_TOO, own_page, show
from registers.models import Person
from registers.queries.cards import residencies_of
from rights.forms.moves import MoveForm, home_name
from rights.models import MoveNotification
from rights.queries.moves import home_left, moves_of, said
from rights.services.moves import tell_move, withdraw_move

Kind = MoveNotification.Kind


@own_page()
def moves(request: HttpRequest, person: Person) -> HttpResponse:
    homes = residencies_of(person).filter(moved_out=None).exists()
    rows = []
    for move in moves_of(person).select_related("enters__building"):
        left = home_left(move, person)
        rows.append((move, home_name(left) if left else "", said(move)["enters_as_told"]))
    kinds = [(kind.value, capfirst(kind.label)) for kind in Kind if homes or kind == Kind.IN]
    context = {"title": _("Your moves"), "rows": rows, "kinds": kinds}
    return show(request, person, "portal/own/moves.html", context)


@own_page(methods=("POST",))
def withdraw(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    move = get_object_or_404(moves_of(person), pk=pk)
    try:
        withdraw_move(move=move, person=person, by=OWN_PAGES)
        messages.success(request, _("Your notification is withdrawn: nothing is changed because of it."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return HttpResponseRedirect(reverse("own_moves"))


@own_page(methods=POST_TOO)
def tell(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    if kind not in Kind.values:
        raise Http404
    homes = residencies_of(person).filter(moved_out=None)
    if kind != Kind.IN and not homes.exists():
        raise Http404
    form = MoveForm(request.POST or None, kind=kind, homes=homes)
    if request.method == "POST" and form.is_valid():
        try:
            tell_move(person=person, kind=kind, by=OWN_PAGES, **form.said())
            messages.success(request, _("Thank you. We look at it, and tell you when it is done."))
            return HttpResponseRedirect(reverse("own_moves"))
        except ValidationError as refusal:
            add_refusal(form, refusal)
    context = {"title": _("Move notification: %(kind)s") % {"kind": Kind(kind).label}, "form": form}
    return show(request, person, "portal/own/tell_move.html", context, status=422 if form.errors else 200)
