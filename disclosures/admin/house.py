"""Returning the registers of a housing company: asked, said back, and made as one file, or approved by two first."""

from typing import Any, cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.admin.telling import POST_TOO, as_errors, done, said_back, said_by, tell
from disclosures.forms.house import HouseForm
from disclosures.services.approving import ask_approval_of_house, check_may_handle_all
from disclosures.services.recording import RETURN, RIGHT
from disclosures.services.telling import Refused
from registers.admin.pages import page
from registers.admin.views.companies import company_crumbs
from registers.admin.views.people import staff
from registers.admin.views.steps import two_steps
from registers.models import HousingCompany


@page("company/<int:pk>/return/", "return_registers", RIGHT, RETURN, methods=POST_TOO, fresh=True)
def return_registers(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    form = HouseForm(request.POST or None, company=company, user=staff(request), on=timezone.localdate())

    title = _("Return the registers")

    def act(filled: Form) -> str:
        made = cast(HouseForm, filled)
        return _ask(request, made) if made.hindered else tell(request, made, title, "zip")

    def summary(filled: Form) -> list[str]:
        made = cast(HouseForm, filled)
        says = _("All registers of %(company)s are made as one file (ZIP).") % {"company": company}
        if not made.hindered:
            return [says, *said_back(made), _("The disclosure is recorded for good.")]
        approved = ngettext(
            "Two persons are asked to approve it, as %(n)d person in them is protected or restricted.",
            "Two persons are asked to approve it, as %(n)d people in them are protected or restricted.",
            made.hindered,
        )
        return [says, approved % {"n": made.hindered}, *said_back(made)]

    url = reverse("admin:company", args=[company.pk])
    context: dict[str, Any] = {
        "crumbs": company_crumbs(company),
        "submit": _("Next"),
        "cancel": url,
        "lead": _(
            "Everything that the company's registers hold goes back to it, or to whom it names: GDPR Art. 28(3)(g)."
        ),
    }
    says = _("The request waits for two approvals.") if form.hindered else done()
    return two_steps(request, form, title=title, context=context, summary=summary, act=act, done=says)


def _ask(request: HttpRequest, form: HouseForm) -> str:
    try:
        check_may_handle_all(staff(request), form.selection())
        asked = ask_approval_of_house(
            company=form.house, why=form.cleaned_data["why"], by=staff(request), **said_by(form)
        )
    except Refused as refused:
        raise as_errors(refused, form) from None
    return reverse("admin:disclosure_request", args=[asked.pk])
