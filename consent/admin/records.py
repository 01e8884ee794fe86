"""The record of processing activities in the office: what it says, what it lacks, and its files."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consent.admin.purposes import chosen_controller
from consent.queries.purposes import controllers
from consent.records.documents import FORMATS, shown
from consent.records.faults import Fault
from registers.admin.pages import page, show

VIEW = "consent.view_purposes"
MOST_FAULTS = 30
# Where a missing item is written: by a key, and where there is none yet.
MEND: dict[str, tuple[Callable[[int], str], Callable[[], str]]] = {
    "controller": (
        lambda key: reverse("admin:registers_controller_change", args=[key]),
        lambda: reverse("admin:registers_controller_changelist"),
    ),
    "profile": (
        lambda key: reverse("admin:controller_profile", args=[key]),
        lambda: reverse("admin:registers_controller_changelist"),
    ),
    "purpose": (lambda key: reverse("admin:purpose", args=[key]), lambda: reverse("admin:purposes")),
    "purposes": (lambda key: f"{reverse('admin:purposes')}?controller={key}", lambda: reverse("admin:purposes")),
    "company": (
        lambda key: reverse("admin:registers_housingcompany_change", args=[key]),
        lambda: reverse("admin:registers_housingcompany_changelist"),
    ),
    "recipients": (
        lambda key: reverse("admin:consent_recipient_changelist"),
        lambda: reverse("admin:consent_recipient_changelist"),
    ),
}


def mend_url(fault: Fault) -> str:
    known, unknown = MEND[fault.mend]
    return unknown() if fault.key is None else known(fault.key)


@page("record/", "record", VIEW)
def record(request: HttpRequest) -> HttpResponse:
    controller = chosen_controller(request)
    context: dict[str, Any] = {"title": _("Record of processing activities"), "controllers": controllers()}
    if controller is not None:
        context |= {"controller": controller} | shown(controller)
        faults = context["faults"]
        context["mend"] = [(fault, mend_url(fault)) for fault in faults[:MOST_FAULTS]]
        context["more_faults"] = max(0, len(faults) - MOST_FAULTS)
    return show(request, "consent/record.html", context)


def _file(pk: int, name: str) -> HttpResponse:
    controller = controllers().filter(pk=pk).first()
    if controller is None:
        raise Http404
    kind = FORMATS[name]
    content = kind.make(controller, (get_language() or "fi")[:2])
    file_name = f"record-{controller.business_id}.{kind.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return HttpResponse(content, content_type=kind.content_type, headers=headers)


@page("record/<int:pk>.pdf", "record_pdf", VIEW)
def record_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(pk, "pdf")


@page("record/<int:pk>.xlsx", "record_xlsx", VIEW)
def record_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(pk, "xlsx")


@page("record/<int:pk>.fides.json", "record_fides", VIEW)
def record_fides(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(pk, "fides")


@page("record/<int:pk>.dpv.jsonld", "record_dpv", VIEW)
def record_dpv(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(pk, "dpv")
