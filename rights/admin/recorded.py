"""Putting right what was recorded about a request, and opening a second one from it."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registers.admin.pages import page
from registers.admin.views.people import staff
from registers.admin.views.steps import one_step
from registers.dates import day
from rights.admin.cases import POST_TOO, case_crumbs, get_case, url_of
from rights.forms.recorded import RecordedForm, SecondForm
from rights.queries.cases import clock_of, told_dates
from rights.services.messages import HANDLE
from rights.services.recorded import correct_recorded, open_second


@page("requests/<int:pk>/recorded/", "request_recorded", HANDLE, methods=POST_TOO)
def recorded(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)

    today = timezone.localdate()
    before = clock_of(case, today).counts

    def act(filled: Form) -> str:
        after = clock_of(correct_recorded(request=case, by=staff(request), **filled.cleaned_data), today).counts
        if after == before or not told_dates(case):
            return url_of(case)
        says = _("The person was told to have an answer by %(before)s, and now it is %(after)s: tell them.")
        messages.warning(request, says % {"before": day(before), "after": day(after)})
        return reverse("admin:request_write", args=[pk]) + "?letter=dates"

    context: dict[str, Any] = {"crumbs": case_crumbs(case), "submit": _("Save"), "cancel": url_of(case)}
    context["lead"] = _("What is asked for and for whom: only while nothing was done or prepared for it.")
    form, title = RecordedForm(request.POST or None, case=case), _("Correct what was recorded")
    return one_step(request, form, title=title, context=context, act=act, done=_("It is recorded."))


@page("requests/<int:pk>/second/", "request_second", HANDLE, methods=POST_TOO)
def second(request: HttpRequest, pk: int) -> HttpResponse:
    case = get_case(request, pk)

    def act(filled: Form) -> str:
        return url_of(open_second(request=case, right=filled.cleaned_data["right"], by=staff(request)))

    context: dict[str, Any] = {"crumbs": case_crumbs(case), "submit": _("Open the request"), "cancel": url_of(case)}
    context["lead"] = _(
        "The same person asks for something else in the same letter: both are answered, each by its own letter, and the"
        " time of both runs from the first receipt. Files stay with the first request."
    )
    form, title = SecondForm(request.POST or None, case=case), _("Open a second request from this one")
    return one_step(request, form, title=title, context=context, act=act, done=_("The request is recorded."))
