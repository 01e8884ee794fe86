"""A housing company's page; seats on its board; the end of its management."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.admin.views.people import SHOWN_CHANGES, staff
from registers.admin.views.steps import one_step, two_steps
from registers.dates import day
from registers.forms.moves import EndForm, SeatForm
from registers.models import BoardSeat, HousingCompany
from registers.panels import panels_for, register_panel
from registers.queries import cards
from registers.queries.history import entries_of, readable_events
from registers.queries.visibility import without_protected
from registers.services.board import end_board_seat, seat_board_member
from registers.services.companies import end_management


def company_crumbs(company: HousingCompany | None = None) -> list[tuple[str, str]]:
    steps = [(reverse("admin:registers_housingcompany_changelist"), _("Housing companies"))]
    return [*steps, (reverse("admin:company", args=[company.pk]), company.name)] if company else steps


@page("company/<int:pk>/", "company", "registers.view_housingcompany", "registers.view_person")
def company_page(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    context = {
        "title": company.name,
        "crumbs": company_crumbs(),
        "company": company,
        "managed": company.is_managed(timezone.localdate()),
        "panels": panels_for("company", request, company),
    }
    return show(request, "office/company.html", context)


def apartments_panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any]:
    return {"company": company, "apartments": cards.apartments_of(staff(request), company, timezone.localdate())}


def board_panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any] | None:
    if not staff(request).has_perm("registers.view_boardseat"):
        return None
    today = timezone.localdate()
    seats = list(without_protected(cards.board_of(company), staff(request)))
    present = [s for s in seats if s.term_from <= today and (s.term_until is None or s.term_until > today)]
    return {"company": company, "present": present, "former": [s for s in seats if s not in present]}


def history_panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any] | None:
    if not staff(request).has_perm("registers.view_audit_trail"):
        return None
    entries = entries_of(staff(request), company).select_related("actor", "content_type")
    return {"events": readable_events(entries[:SHOWN_CHANGES])}


register_panel("company", 10, "office/panels/apartments.html", apartments_panel)
register_panel("company", 20, "office/panels/board.html", board_panel)
register_panel("company", 90, "office/panels/history.html", history_panel)


@page("company/<int:pk>/seat/", "seat", "registers.add_boardseat", methods=("GET", "HEAD", "POST"))
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    url = reverse("admin:company", args=[company.pk])

    def summary(form: Form) -> list[str]:
        data = form.cleaned_data
        role = dict(BoardSeat.Role.choices)[data["role"]]
        says = _("%(person)s sits on the board of %(company)s from %(day)s. Role: %(role)s.")
        sentences = [says % {"person": data["person"], "company": company, "day": day(data["term_from"]), "role": role}]
        if data["term_until"]:
            sentences.append(_("The term ends on %(day)s.") % {"day": day(data["term_until"])})
        return sentences

    def act(form: Form) -> str:
        fields = ("person", "role", "term_from", "term_until", "source")
        data = {name: form.cleaned_data[name] for name in fields}
        seat_board_member(housing_company=company, by=staff(request), **data)
        return url

    form = SeatForm(request.POST or None, user=staff(request))
    context = {"crumbs": company_crumbs(company), "cancel": url}
    return two_steps(
        request,
        form,
        title=_("New board seat"),
        context=context,
        summary=summary,
        act=act,
        done=_("The board seat was recorded."),
    )


@page("seat/<int:pk>/end/", "seat_end", "registers.change_boardseat", methods=("GET", "HEAD", "POST"))
def end_seat(request: HttpRequest, pk: int) -> HttpResponse:
    rows = without_protected(BoardSeat.objects.select_related("person", "housing_company"), staff(request))
    board_seat = get_object_or_404(rows, pk=pk)
    company = board_seat.housing_company
    url = reverse("admin:company", args=[company.pk])

    def act(form: Form) -> str:
        end_board_seat(seat=board_seat, on=form.cleaned_data["on"], by=staff(request))
        messages.success(request, _("The board seat ends on %(day)s.") % {"day": day(form.cleaned_data["on"])})
        return url

    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    title = _("End the board seat of %(person)s") % {"person": board_seat.person}
    context = {"crumbs": company_crumbs(company), "submit": _("End the seat"), "cancel": url}
    return one_step(request, form, title=title, context=context, act=act)


@page("company/<int:pk>/end/", "company_end", "registers.change_housingcompany", methods=("GET", "HEAD", "POST"))
def end_company(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    url = reverse("admin:company", args=[company.pk])

    def summary(form: Form) -> list[str]:
        on = day(form.cleaned_data["on"])
        return [
            _("The management contract of %(company)s ends: %(day)s is the first day without it.")
            % {"company": company, "day": on},
            _("Nothing is erased by this. What was held for the company is returned and deleted by its own rules."),
        ]

    def act(form: Form) -> str:
        end_management(housing_company=company, on=form.cleaned_data["on"], by=staff(request))
        return url

    form = EndForm(request.POST or None)
    context = {"crumbs": company_crumbs(company), "cancel": url}
    done = _("The end of the management contract was recorded.")
    title = _("End the management contract")
    return two_steps(request, form, title=title, context=context, summary=summary, act=act, done=done)
