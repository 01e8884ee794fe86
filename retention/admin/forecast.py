"""What ends in the coming months, drawn and in numbers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from registers.admin.pages import page, show
from registers.models import HousingCompany
from registers.validation import is_key
from retention.charts import bars_of
from retention.explain import category_name
from retention.queries.forecast import Coming, months_from, remembered_forecast

VIEW = "retention.view_retention"


@page("retention/forecast/", "retention_forecast", VIEW)
def forecast_page(request: HttpRequest) -> HttpResponse:
    company = chosen_company(request)
    on = timezone.localdate()
    found = remembered_forecast(on, company.pk if company else None)
    months = months_from(on)
    most = max((max(coming.months) for coming in found), default=0)
    context = {
        "title": _("What will end"),
        "companies": HousingCompany.objects.order_by("name").only("pk", "name"),
        "company": company,
        "on": on,
        "charts": [_chart(coming, most, months) for coming in found if coming.total],
        "found": [(category_name(coming.category), coming) for coming in found],
        "months": [(month, [coming.months[number] for coming in found]) for number, month in enumerate(months)],
    }
    return show(request, "retention/forecast.html", context)


def _chart(coming: Coming, most: int, months: list[Any]) -> dict[str, Any]:
    highest = max(range(len(months)), key=lambda number: coming.months[number])
    return {
        "name": category_name(coming.category),
        "total": coming.total,
        "most": coming.months[highest],
        "when": months[highest],
        "bars": bars_of(coming.months, most),
        "first": months[0],
        "last": months[-1],
    }


def chosen_company(request: HttpRequest) -> HousingCompany | None:
    key = request.GET.get("company", "")
    if not key:
        return None
    found = HousingCompany.objects.filter(pk=key).first() if is_key(key) and len(key) < 19 else None
    if found is None:
        raise Http404
    return found
