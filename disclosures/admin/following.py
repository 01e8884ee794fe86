"""Correcting a disclosure: a row that follows it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from disclosures.forms.following import WHAT, FollowForm
from disclosures.models import Artefact, Disclosure
from disclosures.models.disclosure import CORRECTIONS
from disclosures.services.following import follow_up, may_follow
from disclosures.services.recording import RIGHT
from disclosures.services.sealing import seal_new
from registers.admin.pages import page
from registers.admin.views.people import staff
from registers.admin.views.steps import two_steps


@page("disclosures/<int:pk>/follow/", "disclosure_follow", RIGHT, methods=("GET", "HEAD", "POST"))
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    record = Disclosure.objects.filter(pk=pk).exclude(what__in=CORRECTIONS).first()
    if record is None:
        raise Http404
    if not may_follow(staff(request), record):
        raise PermissionDenied
    form = FollowForm(request.POST or None, record=record)
    url = reverse("admin:disclosure", args=[pk])

    def act(filled: Form) -> str:
        follow_up(record=record, by=staff(request), **filled.cleaned_data)
        return url

    def summary(filled: Form) -> list[str]:
        says = str(WHAT[Disclosure.What(filled.cleaned_data["what"])])
        told = [
            _("Disclosure %(number)s is marked: %(what)s.") % {"number": pk, "what": says},
            _("The record itself is not changed; the correction is recorded for good, with its own time."),
        ]
        if Artefact.objects.filter(disclosure=record, taken_at=None).exists():
            told.append(_("Its file has not been taken out: it is removed and does not leave any more."))
        return told

    title = _("Correct disclosure %(number)s") % {"number": pk}
    crumbs = [(url, _("Disclosure %(number)s") % {"number": pk})]
    context: dict[str, Any] = {"crumbs": crumbs, "submit": _("Next"), "cancel": url}
    context["lead"] = _("A record is never edited: a row that follows it says what was wrong.")
    response = two_steps(
        request, form, title=title, context=context, summary=summary, act=act, done=_("The correction is recorded.")
    )
    if response.status_code == 302:
        seal_new()
    return response
