"""What a signed-in person asks for, how it stands, what was written, and what waits to be fetched."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.forms.own import OwnAskForm
from portal.forms.requests import WriteBackForm
from portal.queries.own import request_of, requests_of
from portal.services.own_accounts import OWN_PAGES
from portal.views.asking import add_refusal
from portal.views.following import file_of_letter, line_of
from portal.views.handing import handed_over, part_of, waits
from portal.views.own.visiting import POST_TOO, own_page, show
from portal.views.public import language_of
from registers.models import Person
from rights.forms.asking import EXPLAINED
from rights.models import OneTimeLink, SubjectRequest
from rights.queries.cases import clock_of, messages_of
from rights.services.filing import file_own, write_back
from rights.services.links import opened_on_the_page
from rights.words import Right, State


@own_page()
def requests(request: HttpRequest, person: Person) -> HttpResponse:
    context = {
        "title": _("Your requests"),
        "rows": requests_of(person),
        "rights": [(right.value, right.label, EXPLAINED[right]) for right in Right],
    }
    return show(request, person, "portal/own/requests.html", context)


@own_page(methods=POST_TOO)
def ask(request: HttpRequest, person: Person, right: str) -> HttpResponse:
    """Identified by having signed in: nothing more is asked. A correction starts from what the register says."""
    if right not in Right.values:
        raise Http404
    wanted = Right(right)
    form = OwnAskForm(request.POST or None, request.FILES or None, right=wanted, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            made = file_own(asked=form.asked(), person=person, language=language_of(request), by=OWN_PAGES)
            messages.success(request, _("Your request has reached us."))
            return HttpResponseRedirect(reverse("own_request", args=[made.pk]))
        except ValidationError as refusal:
            add_refusal(form, refusal)
    context = {"title": capfirst(wanted.label), "form": form, "explained": EXPLAINED[wanted]}
    return show(request, person, "portal/own/ask.html", context, status=422 if form.errors else 200)


def _own(person: Person, pk: int) -> SubjectRequest:
    found = request_of(person, pk)
    if found is None:
        raise Http404
    return found


@own_page(methods=POST_TOO)
def follow(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    case = _own(person, pk)
    form = WriteBackForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            write_back(request=case, text=facts["text"], files=facts["attachments"], by=OWN_PAGES)
            return HttpResponseRedirect(reverse("own_request", args=[pk]))
        except ValidationError as refusal:
            add_refusal(form, refusal)
    context: dict[str, Any] = {
        "title": _("Request %(reference)s") % {"reference": case.reference},
        "case": case,
        "clock": clock_of(case, timezone.localdate()),
        "lines": [line_of(message) for message in messages_of(case)],
        "attachments": case.attachments.filter(message=None).count(),
        "has_package": waits(case),
        "form": form if case.state != State.CLOSED else None,
    }
    return show(request, person, "portal/own/request.html", context, status=422 if form.errors else 200)


@own_page()
def letter(request: HttpRequest, person: Person, pk: int, number: int) -> HttpResponse:
    return file_of_letter(_own(person, pk), number)


@own_page(methods=("POST",), fresh=True)
def package(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The copy of one's data, fetched once; it leaves by the door out, as by a link."""
    case = _own(person, pk)
    answer = None
    if waits(case):
        answer = handed_over(opened_on_the_page(case, OneTimeLink.What.PACKAGE), part_of(request, case))
    if answer is not None:
        return answer
    return show(request, person, "portal/own/fetched.html", {"title": _("Nothing is left to fetch"), "case": case}, 410)
