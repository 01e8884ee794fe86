"""Inviting board members from their company's page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.services.inviting import RIGHT, invite_member
from registers.admin.pages import page
from registers.admin.views.people import staff
from registers.models import BoardSeat, HousingCompany, PersonAccount
from registers.panels import register_panel
from registers.queries.visibility import without_protected


@page("seat/<int:pk>/invite/", "seat_invite", RIGHT, methods=("POST",))
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    rows = without_protected(BoardSeat.objects.select_related("person", "housing_company"), staff(request))
    seat = get_object_or_404(rows, pk=pk)
    try:
        invite_member(seat=seat, by=staff(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("An invitation was sent to %(person)s.") % {"person": seat.person})
    return HttpResponseRedirect(reverse("admin:company", args=[seat.housing_company_id]))


def panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any] | None:
    """Present and coming members, and who of them can sign in."""
    user, today = staff(request), timezone.localdate()
    if not user.has_perm(RIGHT) or not company.is_managed(today):
        return None
    seats = company.board_seats.filter(Q(term_until__isnull=True) | Q(term_until__gt=today)).select_related("person")
    shown = list(without_protected(seats, user).order_by("person__sort_key", "pk"))
    invited = dict(
        PersonAccount.objects.filter(person__in=[seat.person_id for seat in shown], user__is_active=True).values_list(
            "person_id", "invited_at"
        )
    )
    return {"seats": [(seat, invited.get(seat.person_id)) for seat in shown]} if shown else None


register_panel("company", 25, "portal/panels/invitations.html", panel)
