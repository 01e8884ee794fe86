"""Whose housing companies: the desk's own ones, a company's managers, everybody's portfolio, substitutions."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.admin.views.companies import company_crumbs
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from registers.forms.moves import EndForm
from registers.forms.portfolio import DutyForm, SubstitutionForm
from registers.models import CompanyDuty, HousingCompany, Substitution
from registers.panels import register_panel
from registers.queries.portfolio import companies_of, duties_of, portfolios, substitutions_of
from registers.services.portfolio import RIGHT, end_duty, end_substitution, give_duty, substitute

POST_TOO = ("GET", "HEAD", "POST")
VIEW = "registers.view_housingcompany"
SHOWN = 30


def own_panel(request: HttpRequest, _subject: Any) -> dict[str, Any] | None:
    """On the desk of whoever looks after companies, or stands in for somebody who does."""
    today = timezone.localdate()
    companies = list(companies_of(staff(request), today)[: SHOWN + 1])
    stands_in = list(substitutions_of(staff(request), today))
    if not companies and not stands_in:
        return None
    return {"companies": companies[:SHOWN], "more": len(companies) > SHOWN, "stands_in": stands_in}


def company_panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any]:
    return {"company": company, "duties": duties_of(company, timezone.localdate())}


register_panel("desk", 5, "office/panels/own_companies.html", own_panel)
register_panel("company", 15, "office/panels/duties.html", company_panel)


@page("portfolios/", "portfolios", VIEW)
def portfolio_list(request: HttpRequest) -> HttpResponse:
    context = {"title": _("Who looks after which company"), "portfolios": portfolios(timezone.localdate())}
    return show(request, "office/portfolios.html", context)


@page("company/<int:pk>/duty/", "duty_new", RIGHT, methods=POST_TOO)
def new_duty(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    url = reverse("admin:company", args=[pk])

    def act(filled: Form) -> str:
        give_duty(housing_company=company, by=staff(request), **filled.cleaned_data)
        return url

    context: dict[str, Any] = {"crumbs": company_crumbs(company), "submit": _("Save"), "cancel": url}
    context["lead"] = _("A new responsible manager takes the place of the one before, from that day on.")
    form = DutyForm(request.POST or None, initial={"since": timezone.localdate()})
    title = _("Who looks after the company")
    return one_step(request, form, title=title, context=context, act=act, done=_("It is recorded."))


@page("duty/<int:pk>/end/", "duty_end", RIGHT, methods=POST_TOO)
def stop_duty(request: HttpRequest, pk: int) -> HttpResponse:
    duty = get_object_or_404(CompanyDuty.objects.select_related("user", "housing_company"), pk=pk)
    url = reverse("admin:company", args=[duty.housing_company_id])

    def act(filled: Form) -> str:
        end_duty(duty=duty, on=filled.cleaned_data["on"], by=staff(request))
        return url

    context = {"crumbs": company_crumbs(duty.housing_company), "submit": _("End"), "cancel": url}
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    title = _("%(user)s no longer looks after the company") % {"user": duty.user}
    return one_step(request, form, title=title, context=context, act=act, done=_("It is recorded."))


def portfolio_crumbs() -> list[tuple[str, str]]:
    return [(reverse("admin:portfolios"), _("Who looks after which company"))]


@page("portfolios/substitution/", "substitution_new", RIGHT, methods=POST_TOO)
def new_substitution(request: HttpRequest) -> HttpResponse:
    url = reverse("admin:portfolios")

    def act(filled: Form) -> str:
        substitute(by=staff(request), **filled.cleaned_data)
        return url

    context = {"crumbs": portfolio_crumbs(), "submit": _("Save"), "cancel": url}
    form = SubstitutionForm(request.POST or None, initial={"since": timezone.localdate()})
    return one_step(request, form, title=_("Substitution"), context=context, act=act, done=_("It is recorded."))


@page("portfolios/substitution/<int:pk>/end/", "substitution_end", RIGHT, methods=POST_TOO)
def stop_substitution(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Substitution.objects.select_related("absent", "substitute"), pk=pk)
    url = reverse("admin:portfolios")

    def act(filled: Form) -> str:
        end_substitution(substitution=row, on=filled.cleaned_data["on"], by=staff(request))
        return url

    context = {"crumbs": portfolio_crumbs(), "submit": _("End"), "cancel": url}
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    title = _("%(substitute)s no longer stands in for %(absent)s") % {
        "substitute": row.substitute,
        "absent": row.absent,
    }
    return one_step(request, form, title=title, context=context, act=act, done=_("It is recorded."))
