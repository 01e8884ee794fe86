"""Returning the registers of a housing company: asked, said back, and made as one file, or approved by two first."""

from typing import Any, cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from disclosures.admin.telling import POST_TOO, as_errors, done, said_back
from disclosures.asking import Kind
from disclosures.forms.house import HouseForm
from disclosures.services.approving import ask_approval_of_house, check_may_handle_all
from disclosures.services.recording import RETURN, RIGHT
from disclosures.services.telling import Refused, disclose
from registers.admin.pages import page
from registers.admin.views.companies import company_crumbs
from registers.admin.views.people import staff
from registers.admin.views.steps import two_steps
from registers.models import HousingCompany


@page("company/<int:pk>/return/", "return_registers", RIGHT, RETURN, methods=POST_TOO, fresh=True)
def return_registers(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    form = HouseForm(request.POST or None, company=company, user=staff(request), on=timezone.localdate())

    def act(filled: Form) -> str:
        made = cast(HouseForm, filled)
        try:
            return _ask(request, made) if made.hindered else _tell(request, made)
        except Refused as refused:
            raise as_errors(refused, made) from None

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
    title = _("Return the registers")
    return two_steps(request, form, title=title, context=context, summary=summary, act=act, done=says)


def _tell(request: HttpRequest, form: HouseForm) -> str:
    cleaned = form.cleaned_data
    told = disclose(
        kind=Kind.SUCCESSOR,
        recipient=form.receiver(),
        selection=form.selection(),
        fields=cleaned["fields_wanted"],
        purpose=form.versions[cleaned["purpose"]].purpose,
        evidence=form.evidence(),
        ground=cleaned["ground"],
        channel="file",
        file="zip",
        rehearsal="confirm" not in request.POST,
        by=staff(request),
    )
    form.persons = len(told.extract.told())
    return reverse("admin:disclosure", args=[told.record.pk]) if told.record.pk else ""


def _ask(request: HttpRequest, form: HouseForm) -> str:
    cleaned = form.cleaned_data
    check_may_handle_all(staff(request), form.selection())
    asked = ask_approval_of_house(
        recipient=form.receiver(),
        company=form.house,
        fields=cleaned["fields_wanted"],
        purpose=form.versions[cleaned["purpose"]].purpose,
        evidence=form.evidence(),
        ground=cleaned["ground"],
        why=cleaned["why"],
        by=staff(request),
    )
    return reverse("admin:disclosure_request", args=[asked.pk])
