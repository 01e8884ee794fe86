"""What has ended of whom, by key; certificates of erasures, and whether one is genuine."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.models import Controller, HousingCompany
from registers.pdf import pdf_of
from retention import certificate_texts as texts
from retention.certificates import Facts, facts_of, has_certificate, matches, seal_of
from retention.end_certificates import matches as of_end
from retention.forms.sweeps import KeyForm, VerifyForm
from retention.models import ErasureRecord, ManagementEnd, Sweep
from retention.queries.sweeps import records_of
from retention.wording import what_words

VIEW = "retention.view_retention"


@page("retention/erased/", "erased", VIEW)
def erased(request: HttpRequest) -> HttpResponse:
    """The person's page is gone; what is left is a key and what ended when."""
    asked = "key" in request.GET
    form = KeyForm(request.GET if asked else None)
    key = form.cleaned_data["key"] if asked and form.is_valid() else None
    context = {
        "title": _("What has ended"),
        "form": form,
        "key": key,
        "sweeps": _by_sweep(list(records_of(key))) if key else [],
    }
    return show(request, "retention/erased.html", context, 422 if form.errors else 200)


def _by_sweep(records: list[ErasureRecord]) -> list[dict[str, Any]]:
    """Erasures with what each ended, the latest first."""
    found = Sweep.objects.in_bulk({record.sweep_key for record in records})
    names = HousingCompany.objects.in_bulk({record.company_key for record in records if record.company_key})
    by_sweep: dict[int, list[dict[str, Any]]] = {}
    for record in records:
        line = {"what": what_words(record.what), "company": names.get(record.company_key or 0), "at": record.at}
        by_sweep.setdefault(record.sweep_key, []).append(line)
    return [
        {
            "key": key,
            "sweep": found.get(key),
            "lines": lines,
            "certificate": key in found and has_certificate(found[key]),
        }
        for key, lines in sorted(by_sweep.items(), reverse=True)
    ]


@page("retention/sweeps/<int:pk>/certificate.pdf", "sweep_certificate", VIEW)
def of_sweep(request: HttpRequest, pk: int) -> HttpResponse:
    return _pdf(_facts(pk), f"erasure-{pk}.pdf")


@page("retention/sweeps/<int:pk>/certificate/<int:key>.pdf", "person_certificate", VIEW)
def of_person(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    return _pdf(_facts(pk, key), f"erasure-{pk}-{key}.pdf")


def _facts(pk: int, person: int | None = None) -> Facts:
    sweep = get_object_or_404(Sweep, pk=pk)
    if not has_certificate(sweep):
        raise Http404
    try:
        return facts_of(sweep, person)
    except LookupError:
        raise Http404 from None


def _pdf(facts: Facts, name: str) -> HttpResponse:
    language = (get_language() or "fi")[:2]
    context = said_of(facts) | {
        "now": timezone.now(),
        "office": Controller.objects.filter(housing_company=None).first(),
    }
    content = pdf_of("retention/certificate_document.html", context, language=language)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def said_of(facts: Facts) -> dict[str, Any]:
    """The facts in words."""
    return {
        "title": texts.title_of(facts),
        "facts": facts,
        "result": texts.result(facts),
        "ended": texts.ended(facts),
        "numbers": texts.numbers(facts),
        "rows": texts.rows_of(facts),
        "rules": texts.rules_of(facts["rules"]),
        "verified": texts.verified(facts["verification"]),
        "found": texts.found_where(facts["verification"]),
        "disk": texts.on_disk(facts["on_disk"]),
        "proofs": texts.proofs(facts),
        "seal": seal_of(facts),
    }


@page("retention/certificate/verify/", "certificate_verify", VIEW)
def verify(request: HttpRequest) -> HttpResponse:
    """The hash of a certificate that somebody shows is computed again from the database."""
    asked = "seal" in request.GET
    form = VerifyForm(request.GET if asked else None)
    answer, facts = _answer(form.cleaned_data) if asked and form.is_valid() else ("", None)
    context = {
        "title": _("Check a certificate"),
        "crumbs": [(reverse("admin:sweeps"), _("Erasures"))],
        "form": form,
        "answer": answer,
        "erasure": form.cleaned_data.get("erasure") if answer else None,
        "disk": texts.on_disk(facts["on_disk"]) if facts else None,
    }
    return show(request, "retention/verify.html", context, 422 if form.errors else 200)


def _answer(said: dict[str, Any]) -> tuple[str, Facts | None]:
    """right, wrong, or none: there is no such certificate; with the facts as they are today."""
    if said["management_end"]:
        end = ManagementEnd.objects.filter(pk=said["management_end"], certified_at__isnull=False).first()
        return ("none" if end is None else "right" if of_end(said["seal"], end) else "wrong"), None
    sweep = Sweep.objects.filter(pk=said["erasure"]).first()
    if sweep is None or not has_certificate(sweep):
        return "none", None
    try:
        facts = facts_of(sweep, said["person"])
    except LookupError:
        return "none", None
    return ("right" if matches(said["seal"], facts) else "wrong"), facts
