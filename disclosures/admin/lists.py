"""Making a list that leaves, from a housing company's page."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from disclosures.asking import Kind
from disclosures.forms.lists import LISTS, ListForm
from disclosures.services.telling import RIGHT, Refused, disclose
from registers.admin.pages import page
from registers.admin.views.companies import company_crumbs
from registers.admin.views.people import staff
from registers.admin.views.steps import two_steps
from registers.models import HousingCompany

OF_FIELD = {"recipient": "recipient", "purpose": "purpose", "fields": "fields_wanted", "building": "building"}


def title_of(kind: str) -> str:
    return {
        Kind.BOARD: _("Resident list for the board"),
        Kind.ANYONE: _("Share register for anyone who asks"),
        Kind.ENTITLED: _("Share register for somebody with a right"),
        Kind.RESIDENTS: _("Name board"),
    }[Kind(kind)]


@page("company/<int:pk>/disclose/<str:kind>/", "disclose", RIGHT, methods=("GET", "HEAD", "POST"))
def make_list(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    company = get_object_or_404(HousingCompany, pk=pk)
    if kind not in LISTS:
        raise Http404
    today = timezone.localdate()
    form = ListForm(request.POST or None, company=company, kind=kind, user=staff(request), on=today)

    def act(filled: Form) -> str:
        made = cast(ListForm, filled)
        cleaned = made.cleaned_data
        try:
            told = disclose(
                kind=kind,
                recipient=made.receiver(),
                selection=made.selection(),
                fields=cleaned["fields_wanted"],
                purpose=made.versions[cleaned["purpose"]].purpose,
                evidence=made.evidence(),
                channel="file",
                file=cleaned["file"],
                title=f"{title_of(kind)}: {company}",
                by=staff(request),
            )
        except Refused as refused:
            raise _as_errors(refused, made) from None
        return reverse("admin:disclosure", args=[told.record.pk])

    def summary(filled: Form) -> list[str]:
        made = cast(ListForm, filled)
        names = ", ".join(dict(made.fields["fields_wanted"].choices)[f] for f in made.cleaned_data["fields_wanted"])  # type: ignore[attr-defined]
        return [
            _("%(what)s of %(company)s is made as a file.") % {"what": title_of(kind), "company": company},
            _("It tells: %(fields)s.") % {"fields": names},
            _("It goes to: %(recipient)s.") % {"recipient": made.receiver() or capfirst(str(Kind(kind).label))},
            _(
                "The disclosure is recorded for good."
                " People under a non-disclosure order or a restriction are left out."
            ),
        ]

    context: dict[str, Any] = {"crumbs": company_crumbs(company), "submit": _("Next")}
    done = _("The disclosure is recorded. Take the file out below: it can be taken once, within a day.")
    return two_steps(request, form, title=title_of(kind), context=context, summary=summary, act=act, done=done)


def _as_errors(refused: Refused, form: ListForm) -> ValidationError:
    errors: dict[str, list[Any]] = {}
    for refusal in refused.refusals:
        name = OF_FIELD.get(refusal.about, refusal.about)
        errors.setdefault(name if name in form.fields else "__all__", []).append(refusal.text)
    return ValidationError(errors)
