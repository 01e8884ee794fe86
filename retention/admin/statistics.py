"""What stays of those who have gone: homes, residents, moves and lengths of residence, of groups alone."""

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.imports.rejected_file import harmless
from registers.models import HousingCompany
from registers.panels import register_panel
from retention.admin.forecast import chosen_company
from retention.charts import bars_of
from retention.queries.statistics import BANDS, MEASURES, Place, Quarter, Year, last_quarter, office_quarters, places_of

VIEW = "registers.view_housingcompany"  # nothing in them is about persons: whoever may see the house may see them
DRAWN = ("residents", "homes_lived_in")


@page("retention/statistics/", "statistics", VIEW)
def statistics_page(request: HttpRequest) -> HttpResponse:
    """Of one company by building; of all of them what their buildings tell, added up."""
    company = chosen_company(request)
    context: dict[str, Any] = {
        "title": _("Statistics"),
        "companies": HousingCompany.objects.order_by("name").only("pk", "name"),
        "company": company,
        "columns": [measure_words(name) for name in MEASURES],
        "few": _figure(None),
        "bands": [band_words(name) for name in BANDS],
    }
    if company is not None:
        context["places"] = [_place(place) for place in places_of(company)]
    else:
        quarters = office_quarters()
        context["charts"] = _charts(quarters)
        context["quarters"] = [_line(quarter, _at_least) for quarter in quarters]
    return show(request, "retention/statistics.html", context)


def measure_words(name: str) -> str:
    return {
        "homes": _("Homes"),
        "homes_lived_in": _("Lived in"),
        "residents": _("Residents"),
        "moved_in": _("Moved in"),
        "moved_out": _("Moved out"),
    }[name]


def band_words(name: str) -> str:
    return {
        "under_1": _("under 1 year"),
        "from_1": _("1–3 years"),
        "from_3": _("3–5 years"),
        "from_5": _("5–10 years"),
        "from_10": _("10 years or longer"),
    }[name]


def quarter_words(quarter: Quarter) -> str:
    return _("Q%(quarter)s/%(year)s") % {"quarter": quarter.quarter, "year": quarter.year}


def place_words(place: Place) -> str:
    return place.name or _("Buildings with fewer than five homes, together")


def _figure(value: int | None) -> str:
    return _("fewer than 5") if value is None else str(value)


def _at_least(value: int | None) -> str:
    return "–" if value is None else str(value)


def _place(place: Place) -> dict[str, Any]:
    return {
        "name": place_words(place),
        "charts": _charts(place.quarters),
        "quarters": [_line(quarter, _figure) for quarter in place.quarters],
        "years": [_year(year) for year in place.years],
    }


def _line(quarter: Quarter, words: Any) -> tuple[str, list[str]]:
    return quarter_words(quarter), [words(getattr(quarter, name)) for name in MEASURES]


def _year(year: Year) -> tuple[str, list[str]]:
    """Moves that quarters tell are not told a second time."""
    by_quarter = _("by quarter")
    moves = [
        by_quarter if year.by_quarter_in else _figure(year.moved_in),
        by_quarter if year.by_quarter_out else _figure(year.moved_out),
    ]
    return str(year.year), [*moves, *map(_figure, year.bands)]


def _charts(quarters: list[Quarter]) -> list[dict[str, Any]]:
    """By quarter, oldest first; a figure that is not told leaves its place empty."""
    drawn = []
    for name in DRAWN:
        values = [getattr(quarter, name) or 0 for quarter in reversed(quarters)]
        if len(values) > 1 and any(values):
            drawn.append({
                "name": measure_words(name),
                "bars": bars_of(values, max(values)),
                "most": max(values),
                "first": quarter_words(quarters[-1]),
                "last": quarter_words(quarters[0]),
            })  # fmt: skip
    return drawn


@page("retention/statistics/<int:pk>/file/", "statistics_file", VIEW)
def statistics_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same figures of a company as CSV: no personal data, and so no disclosure."""
    company = get_object_or_404(HousingCompany, pk=pk)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Housing company"), _("Building"), _("Period"), _("Figure"), _("Value")])
    for place in places_of(company):
        start = [harmless(company.name), harmless(place_words(place))]
        for quarter in place.quarters:
            for name in MEASURES:
                writer.writerow([*start, quarter_words(quarter), measure_words(name), _plain(getattr(quarter, name))])
        for year in place.years:
            names = [measure_words("moved_in"), measure_words("moved_out")]
            names += [_("Moved out, had lived there: %(long)s") % {"long": band_words(name)} for name in BANDS]
            for said, value in zip(names, _year_values(year), strict=True):
                writer.writerow([*start, year.year, said, value])
    content = b"\xef\xbb\xbf" + stream.getvalue().encode()
    headers = {"Content-Disposition": 'attachment; filename="statistics.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _plain(value: int | None) -> str:
    return "" if value is None else str(value)


def _year_values(year: Year) -> list[str]:
    by_quarter = _("by quarter")
    return [
        by_quarter if year.by_quarter_in else _plain(year.moved_in),
        by_quarter if year.by_quarter_out else _plain(year.moved_out),
        *map(_plain, year.bands),
    ]


def company_panel(request: HttpRequest, company: HousingCompany) -> dict[str, Any]:
    quarter = last_quarter(company)
    return {
        "company": company,
        "quarter": quarter_words(quarter) if quarter else "",
        "figures": [(measure_words(name), _at_least(getattr(quarter, name))) for name in DRAWN] if quarter else [],
    }


register_panel("company", 75, "retention/panels/statistics.html", company_panel)
