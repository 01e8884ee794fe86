"""An apartment's page: who lives there, who did, who owns it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.admin.pages import note_shown, page, show
from registers.admin.views.people import SHOWN_CHANGES, staff
from registers.models import Apartment
from registers.panels import panels_for, register_panel
from registers.queries import cards
from registers.queries.history import entries_of, readable_events


@page(
    "apartment/<int:pk>/",
    "apartment",
    "registers.view_apartment",
    "registers.view_person",
    title=gettext_lazy("the apartment's page"),
)
def apartment_page(request: HttpRequest, pk: int) -> HttpResponse:
    apartment = get_object_or_404(Apartment.objects.select_related("building", "housing_company"), pk=pk)
    company = apartment.housing_company
    context = {
        "title": f"{apartment.building.street_address} {apartment.designation}",
        "crumbs": [
            (reverse("admin:registers_housingcompany_changelist"), _("Housing companies")),
            (reverse("admin:company", args=[company.pk]), company.name),
        ],
        "apartment": apartment,
        "panels": panels_for("apartment", request, apartment),
    }
    return show(request, "office/apartment.html", context)


def residents_panel(request: HttpRequest, apartment: Apartment) -> dict[str, Any]:
    residents = cards.people_of_apartment(staff(request), apartment, timezone.localdate())
    note_shown(request, [(row["person_id"], False) for row in residents.present if not row["masked"]])
    return {"apartment": apartment, "residents": residents}


def owners_panel(request: HttpRequest, apartment: Apartment) -> dict[str, Any] | None:
    if not staff(request).has_perm("registers.view_ownership"):
        return None
    groups = apartment.share_groups.prefetch_related("ranges")
    rows = cards.owners_of(staff(request), groups, timezone.localdate())
    return {"groups": [(group, [row for row in rows if row["share_group_id"] == group.pk]) for group in groups]}


def history_panel(request: HttpRequest, apartment: Apartment) -> dict[str, Any] | None:
    if not staff(request).has_perm("registers.view_audit_trail"):
        return None
    entries = entries_of(staff(request), apartment).select_related("actor", "content_type")
    return {"events": readable_events(entries[:SHOWN_CHANGES])}


register_panel("apartment", 10, "office/panels/residents.html", residents_panel)
register_panel("apartment", 20, "office/panels/owners.html", owners_panel)
register_panel("apartment", 90, "office/panels/history.html", history_panel)
