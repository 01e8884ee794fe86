"""The page of a request: found by its reference and address, opened by a code, for half an hour."""

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.unsent import unsent
from portal.forms.requests import StatusForm, WriteBackForm
from portal.opened import close_page, opened_case
from portal.views.asking import add_refusal, wait_for_code
from portal.views.handing import handed_over, part_of, waits
from portal.views.public import CODES, POST_TOO, POSTS, WEB, client_may, language_of, may_mail_code, show, too_many
from registers.fields import Sealed
from rights.eid import is_configured
from rights.models import OneTimeLink, RequestMessage, SubjectRequest
from rights.paper import letter_file
from rights.queries.cases import address_banned, clock_of, messages_of
from rights.services.confirming import request_with, send_code
from rights.services.filing import write_back
from rights.services.identifying import may_identify_strongly
from rights.services.links import opened_on_the_page
from rights.services.messages import open_message
from rights.words import State


@never_cache
@require_http_methods(POST_TOO)
def status(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether a request has this reference and address or not, and so is the work."""
    title = _("Follow your request")
    form = StatusForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        code = 422 if request.method == "POST" else 200
        return show(request, "requests/status.html", {"title": title, "form": form}, status=code)
    if not client_may(request, "request code", CODES):
        return too_many(request)
    email = form.cleaned_data["email"]
    found = request_with(form.cleaned_data["reference"], email)
    if may_mail_code(email):
        try:
            send_code(request=found, email=_to(found, email), language=language_of(request), by=WEB)
        except ValidationError as refusal:  # an address to which nothing can be sent
            form.add_error("email", refusal.messages)
            return show(request, "requests/status.html", {"title": title, "form": form}, status=422)
    wait_for_code(request, found, filed=False)
    return HttpResponseRedirect(reverse("request_code"))


def _to(found: SubjectRequest | None, typed: str) -> str:
    """The address of the request: what was typed is compared widely ("aino+x@…"), and may be somebody else's."""
    return cast(Sealed, found.email).reveal() if found is not None and found.email else typed


@never_cache
@require_http_methods(POST_TOO)
def page(request: HttpRequest) -> HttpResponse:
    case = opened_case(request)
    if request.method == "POST" and not _is_of(request, case):
        return _not_open(request)
    if case is None:
        return HttpResponseRedirect(reverse("request_status"))
    if request.method != "POST":
        return _page(request, case, WriteBackForm())
    if not client_may(request, "request post", POSTS):
        return too_many(request)
    form = WriteBackForm(request.POST, request.FILES)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            write_back(request=case, text=facts["text"], files=facts["attachments"], by=WEB)
            return HttpResponseRedirect(reverse("request_page"))
        except ValidationError as refusal:
            add_refusal(form, refusal)
    return _page(request, case, form, status=422)


def _is_of(request: HttpRequest, case: SubjectRequest | None) -> bool:
    """Whether what is posted was written on the page of this case: two tabs may show two."""
    return case is not None and request.POST.get("case", case.reference) == case.reference


def _not_open(request: HttpRequest) -> HttpResponse:
    """With what was written, so that it is not lost."""
    says = {"title": _("This page is not open any more"), "unsent": unsent(request)}
    return show(request, "requests/not_open.html", says, status=409)


def _page(request: HttpRequest, case: SubjectRequest, form: WriteBackForm, status: int = 200) -> HttpResponse:
    says = {
        "title": _("Request %(reference)s") % {"reference": case.reference},
        "case": case,
        "clock": clock_of(case, timezone.localdate()),
        "lines": [line_of(message) for message in messages_of(case)],
        "attachments": case.attachments.filter(message=None).count(),
        "has_package": waits(case),
        "may_identify": is_configured() and may_identify_strongly(case),
        "address_banned": address_banned(case),
        "form": form if case.state != State.CLOSED else None,
    }
    return show(request, "requests/page.html", says, status=status)


def line_of(message: RequestMessage) -> dict[str, Any]:
    """A letter that is shown here is delivered."""
    if message.direction == RequestMessage.Direction.OUT:
        open_message(message=message, by=WEB)
    return {
        "message": message,
        "subject": cast(Sealed, message.subject).reveal() if message.subject else "",
        "text": cast(Sealed, message.text).reveal(),
        "attachments": len(message.attachments.all()),
    }


@never_cache
@require_POST
def package(request: HttpRequest) -> HttpResponse:
    """The copy of one's data, fetched once."""
    case = opened_case(request)
    if case is None:
        return HttpResponseRedirect(reverse("request_status"))
    if not _is_of(request, case):
        return _not_open(request)
    if not client_may(request, "request post", POSTS):
        return too_many(request)
    answer = None
    if waits(case):
        answer = handed_over(opened_on_the_page(case, OneTimeLink.What.PACKAGE), part_of(request, case))
    return answer or show(request, "requests/fetched.html", {"title": _("Nothing is left to fetch")}, status=410)


@never_cache
@require_safe
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """A letter of the open page as a PDF."""
    case = opened_case(request)
    if case is None:
        return HttpResponseRedirect(reverse("request_status"))
    return file_of_letter(case, number)


def file_of_letter(case: SubjectRequest, number: int) -> HttpResponse:
    """Raises Http404 for what is no letter of this request."""
    letters = RequestMessage.objects.filter(direction=RequestMessage.Direction.OUT).select_related("request")
    return letter_file(open_message(message=get_object_or_404(letters, pk=number, request=case), by=WEB))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    close_page(request)
    return HttpResponseRedirect(reverse("request_menu"))
