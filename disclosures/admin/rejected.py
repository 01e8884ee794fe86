"""Handing back the rejected rows of an import."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from disclosures.admin.telling import done
from disclosures.services.recording import RIGHT
from disclosures.services.returning import IMPORT, return_rejected
from disclosures.services.telling import Refused
from registers.admin.pages import page
from registers.admin.views.imports import get_run
from registers.admin.views.people import staff


@page("imports/<int:pk>/rejected/", "import_rejected", IMPORT, RIGHT, methods=("POST",), fresh=True)
def import_rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """`format=csv`, else XLSX. Rows under a non-disclosure order only for those who may see them."""
    file = "csv" if request.POST.get("format") == "csv" else "xlsx"
    try:
        record = return_rejected(run=get_run(pk), file=file, by=staff(request))
    except Refused as refused:
        messages.error(request, " ".join(str(refusal.text) for refusal in refused.refusals))
        return HttpResponseRedirect(reverse("admin:import_run", args=[pk]))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(reverse("admin:import_run", args=[pk]))
    messages.success(request, done())
    return HttpResponseRedirect(reverse("admin:disclosure", args=[record.pk]))
