"""After a management contract: what is due when, on the company's page and the desk; the steps; the certificate."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from disclosures.services.recording import RETURN, RIGHT
from registers.admin.pages import page
from registers.admin.views.companies import company_crumbs
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step, two_steps
from registers.dates import day
from registers.models import Controller, HousingCompany
from registers.panels import register_panel
from registers.pdf import pdf_of
from registers.queries.desk import Task, register_tasks
from retention import end_certificate_texts as texts
from retention.certificate_texts import rules_of
from retention.end_certificates import seal_of
from retention.forms.management_ends import HandOverForm, NothingWantedForm, ReceiptForm
from retention.models import ManagementEnd
from retention.queries.management_ends import Stands, kept_through, open_ends, packages_of, stands
from retention.services.management_ends import certify, confirm_receipt, hand_over, want_nothing

VIEW = "retention.view_retention"
POST_TOO = ("GET", "HEAD", "POST")
MOST_NAMED = 5
SOON = timedelta(days=30)


def company_page(company: HousingCompany) -> str:
    return reverse("admin:company", args=[company.pk])


@page(
    "company/<int:pk>/handed-over/", "management_hand_over", RETURN, methods=POST_TOO, title=gettext_lazy("hand-over")
)
def handed_over(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    form = HandOverForm(request.POST or None, packages=packages_of(company), initial={"on": timezone.localdate()})

    def act(filled: Form) -> str:
        data = filled.cleaned_data
        hand_over(company=company, package=data["package"].pk, on=data["on"], how=data["how"], by=staff(request))
        return company_page(company)

    def summary(filled: Form) -> list[str]:
        values = {"number": filled.cleaned_data["package"].pk, "day": day(filled.cleaned_data["on"])}
        return [
            _("The registers (disclosure %(number)s) were handed over on %(day)s.") % values,
            _("From then on nothing waits for them: what is kept for the housing company ends on its day."),
        ]

    context: dict[str, Any] = {"crumbs": company_crumbs(company), "cancel": company_page(company)}
    if request.user.has_perm(RIGHT):
        context["aside"] = (reverse("admin:return_registers", args=[pk]), _("Make the file of the registers"))
    return two_steps(
        request,
        form,
        title=_("The registers were handed over"),
        context=context,
        summary=summary,
        act=act,
        done=_("The hand-over is recorded."),
    )


@page("company/<int:pk>/nothing-wanted/", "management_nothing_wanted", RETURN, methods=POST_TOO)
def nothing_wanted(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    form = NothingWantedForm(request.POST or None)

    def act(filled: Form) -> str:
        want_nothing(company=company, because=filled.cleaned_data["because"], by=staff(request))
        return company_page(company)

    def summary(filled: Form) -> list[str]:
        return [
            _("%(company)s gets nothing back, by its own word.") % {"company": company},
            _("What is kept for it ends when its days have passed. Nobody has a copy then."),
        ]

    return two_steps(
        request,
        form,
        title=_("The housing company wants nothing back"),
        context={"crumbs": company_crumbs(company), "cancel": company_page(company)},
        summary=summary,
        act=act,
        done=_("It is recorded that nothing is returned."),
    )


@page("company/<int:pk>/received/", "management_received", RETURN, methods=POST_TOO)
def received(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    form = ReceiptForm(request.POST or None, initial={"on": timezone.localdate()})

    def act(filled: Form) -> str:
        standing = stands(company)
        if standing is None or standing.end is None:
            raise ValidationError(
                _("There is no receipt to confirm: nothing was handed over, or it is confirmed already.")
            )
        data = filled.cleaned_data
        confirm_receipt(end=standing.end, on=data["on"], document=data["document"], by=staff(request))
        return company_page(company)

    return one_step(
        request,
        form,
        title=_("The receipt was confirmed"),
        context={"crumbs": company_crumbs(company), "submit": _("Record"), "cancel": company_page(company)},
        act=act,
        done=_("The receipt is recorded."),
    )


@page("company/<int:pk>/certify/", "management_certify", RETURN, methods=("POST",))
def make_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    standing = stands(company)
    try:
        if standing is None or standing.end is None:
            raise ValidationError(_("The registers have not been returned, or the certificate was made already."))
        certify(end=standing.end, by=staff(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The certificate is made: send it to the housing company."))
    return HttpResponseRedirect(company_page(company))


@page("retention/ends/<int:pk>/certificate.pdf", "management_certificate", VIEW)
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    end = get_object_or_404(ManagementEnd.objects.select_related("housing_company"), pk=pk)
    if end.certified_at is None:
        raise Http404
    language = (get_language() or "fi")[:2]
    context = texts.said_of(end.certificate) | {
        "company": end.housing_company,
        "office": Controller.objects.filter(housing_company=None).first(),
        "now": timezone.now(),
        "rules": rules_of(end.certificate["rules"]),
        "seal": seal_of(end),
    }
    content = pdf_of("retention/end_certificate_document.html", context, language=language)
    headers = {"Content-Disposition": f'attachment; filename="end-of-management-{pk}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def company_panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any] | None:
    """From the day on which the contract's end is recorded."""
    standing = stands(company) if staff(request).has_perm(VIEW) else None
    if standing is None:
        return None
    today = timezone.localdate()
    kept = kept_through([company.pk])[company.pk] if standing.has_ended(today) else {}
    return {
        "company": company,
        "standing": standing,
        "end": standing.end,
        "ended": standing.has_ended(today),
        "late": standing.is_late(today),
        "holds": bool(kept) and standing.holds_erasure(today),
        "kept": sum(kept.values()),
        "over": standing.erase_by <= today,
        "packages": packages_of(company).exists() if not standing.is_settled else False,
        "may_certify": bool(standing.is_settled and not kept and standing.has_ended(today)),
    }


register_panel("company", 12, "retention/panels/management_end.html", company_panel)


@register_tasks
def tasks(user: User, on: date) -> list[Task]:
    """Registers that are to go back, and ends that can be certified; the oldest first."""
    if not user.has_perm(RETURN):
        return []
    waiting = open_ends(on + SOON)
    kept = kept_through([row.company.pk for row in waiting]) if waiting else {}
    found = [task for row in waiting if (task := _task(row, bool(kept[row.company.pk]), on))]
    if len(found) > MOST_NAMED:
        more = Task(
            _("More housing companies wait for their registers or certificates"),
            reverse("admin:registers_housingcompany_changelist") + "?contract=former",
        )
        return [*found[:MOST_NAMED], more]
    return found


def _task(row: Stands, is_kept: bool, on: date) -> Task | None:
    values = {"company": row.company, "day": day(row.return_by)}
    url = company_page(row.company)
    if row.is_settled:
        says = _("%(company)s: everything is erased, make the certificate")
        return Task(says % values, url) if not is_kept and row.has_ended(on) else None
    if not is_kept:
        return None
    if row.holds_erasure(on):
        says = _("%(company)s: the registers have not been returned, and erasure waits for it")
        return Task(says % values, url, is_late=True)
    return Task(_("%(company)s: return the registers by %(day)s") % values, url, is_late=row.is_late(on))
