"""How requests were answered, year by year: the accountability of GDPR Art. 5(2). Nobody is named."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.models import Controller
from registers.pdf import pdf_of
from rights.queries.cases import Figures, figures, years
from rights.words import RIGHT_NAMES, Right

VIEW = "rights.view_requests"
EARLIEST = 2018  # when the regulation began to apply


def _year(request: HttpRequest, known: list[int]) -> int:
    asked = request.GET.get("year", "")
    if asked.isdecimal() and len(asked) == 4 and int(asked) in known:
        return int(asked)
    return known[0] if known else timezone.localdate().year


def _context(year: int) -> dict[str, Any]:
    found: Figures = figures(year, timezone.localdate())
    return {
        "figures": found,
        "by_right": [(RIGHT_NAMES[Right(right)], *rest) for right, *rest in found.by_right],
        "year": year,
        "on": timezone.localdate(),
    }


@page("requests/figures/", "request_figures", VIEW)
def figures_page(request: HttpRequest) -> HttpResponse:
    known = years()
    context = _context(_year(request, known))
    title = _("Requests in figures")
    return show(request, "rights/figures.html", context | {"title": title, "years": known})


@page("requests/figures/<int:year>/report/", "request_report", VIEW)
def report(request: HttpRequest, year: int) -> HttpResponse:
    """The yearly report as a file."""
    office = Controller.objects.filter(housing_company=None).first()
    if not EARLIEST <= year <= timezone.localdate().year:
        raise Http404
    context = _context(year) | {"office": office, "title": _("Requests of data subjects %(year)d") % {"year": year}}
    content = pdf_of("rights/report.html", context, language=(get_language() or "fi")[:2])
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="requests-{year}.pdf"'
    return response
