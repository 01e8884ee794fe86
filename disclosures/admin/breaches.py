"""Personal data breaches in the office: their list, reporting one, one's page, its file and its letter."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consent.admin.notices import language_of
from consent.queries.purposes import controllers
from consent.texts import LANGUAGES
from disclosures.breach_texts import facts_of, letter_of, letter_title
from disclosures.forms.breaches import ReportForm
from disclosures.models import Breach, Disclosure
from disclosures.models.disclosure import CORRECTIONS
from disclosures.queries.answering import VIEW, lines
from disclosures.queries.breaches import HANDLE, REPORT, Step, breaches, clock_of, in_words, proposal, steps
from disclosures.services.breaches import open_breach
from registers.admin.pages import page, show
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from registers.pdf import pdf_of
from registers.validation import is_key

POST_TOO = ("GET", "HEAD", "POST")
PER_PAGE = 50


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(reverse("admin:breaches"), _("Personal data breaches")), *steps]


def get_breach(pk: int) -> Breach:
    found = breaches().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def title_of(breach: Breach) -> str:
    return _("Breach %(number)s: %(title)s") % {"number": breach.pk, "title": breach.title}


def clock_words(breach: Breach) -> dict[str, Any] | None:
    ticking = clock_of(breach, timezone.now())
    return {"due": ticking.due, "is_over": ticking.is_over, "says": in_words(ticking)} if ticking else None


@page("breaches/", "breaches", HANDLE)
def breach_list(request: HttpRequest) -> HttpResponse:
    pages = Paginator(breaches(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(breach, clock_words(breach)) for breach in pages]
    return show(
        request,
        "disclosures/breaches.html",
        {"title": _("Personal data breaches"), "pages": pages, "rows": rows, "query": ""},
    )


@page("breaches/new/", "breach_new", REPORT, methods=POST_TOO)
def report(request: HttpRequest) -> HttpResponse:
    """For everybody of the office; who does not handle breaches sees no more of it afterwards."""
    handles = staff(request).has_perm(HANDLE)
    if not controllers().exists():
        messages.error(request, _("Write the management company's own details first."))
        return HttpResponseRedirect(reverse("admin:index"))
    record = _named_disclosure(request)
    initial: dict[str, Any] = {"aware_at": timezone.now(), "language": (get_language() or "fi")[:2]}
    form = ReportForm(request.POST or None, initial=initial | (proposal(record) if record else {}))

    def act(filled: Form) -> str:
        breach = open_breach(by=staff(request), disclosure=record, **form.said())
        if handles:
            return reverse("admin:breach", args=[breach.pk])
        messages.success(request, _("Thank you. The breach is recorded, and the privacy officer sees it at once."))
        return reverse("admin:index")

    context: dict[str, Any] = {"submit": _("Report the breach"), "crumbs": crumbs() if handles else []}
    context["lead"] = _("The 72 hours run from becoming aware of it: report at once, also when you are not sure.")
    if record is not None:
        number = _("Disclosure %(number)s belongs to it.") % {"number": record.pk}
        context["aside"] = (reverse("admin:disclosure", args=[record.pk]), number)
    return one_step(request, form, title=_("Report a personal data breach"), context=context, act=act)


def _named_disclosure(request: HttpRequest) -> Disclosure | None:
    """Of `?disclosure=12`: for who may open its page alone."""
    key = request.GET.get("disclosure", "")
    if not is_key(key) or len(key) > 18:
        return None
    record = Disclosure.objects.select_related("follows__purpose", "purpose").filter(pk=int(key)).first()
    if record is None or not (staff(request).has_perm(VIEW) or record.user_key == staff(request).pk):
        return None
    return record.follows if record.what in CORRECTIONS and record.follows else record


@page("breaches/<int:pk>/", "breach", HANDLE)
def breach_page(request: HttpRequest, pk: int) -> HttpResponse:
    breach = get_breach(pk)
    context = {
        "title": title_of(breach),
        "crumbs": crumbs(),
        "breach": breach,
        "facts": facts_of(breach),
        "clock": clock_words(breach),
        "steps": [(step, _form_of(step, breach)) for step in steps(breach)],
        "disclosures": lines(list(breach.disclosures.select_related("purpose_version").order_by("pk"))),
    }
    return show(request, "disclosures/breach.html", context)


def _form_of(step: Step, breach: Breach) -> str:
    """Empty when there is nothing to fill in. Persons may be told though it is not needed."""
    if breach.closed_at is not None or (step.code == "controller" and not step.is_needed):
        return ""
    return reverse(f"admin:breach_{step.code}", args=[breach.pk])


@page("breaches/<int:pk>.pdf", "breach_pdf", HANDLE)
def breach_file(request: HttpRequest, pk: int) -> HttpResponse:
    breach = get_breach(pk)
    language = (get_language() or "fi")[:2]
    context = {"breach": breach, "facts": facts_of(breach), "now": timezone.now()}
    content = pdf_of("disclosures/breach_document.html", context, language=language)
    headers = {"Content-Disposition": f'attachment; filename="breach-{pk}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@page("breaches/<int:pk>/notice/", "breach_notice", HANDLE)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    breach, language = get_breach(pk), language_of(request)
    context = {
        "title": _("Letter to the persons"),
        "crumbs": crumbs((reverse("admin:breach", args=[pk]), title_of(breach))),
        "breach": breach,
        "letter": letter_of(breach, language),
        "letter_title": letter_title(language),
        "language": language,
        "languages": LANGUAGES,
    }
    return show(request, "disclosures/breach_notice.html", context)
