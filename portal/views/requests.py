"""What people open without an account: links that open one thing once."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.acting import Program
from consent import limits
from consent.links import LinkNotValid
from portal.forms.requests import CodeForm
from registers.fields import Sealed
from registers.models import Controller
from rights.models import OneTimeLink
from rights.services.links import link_of, send_code, use_link
from rights.services.messages import open_message

WEB = Program("web form")
POST_TOO = ["GET", "HEAD", "POST"]
CODES_AN_HOUR = 10


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    office = Controller.objects.filter(housing_company=None).first()
    says = {"office_name": office.name if office else ""} | context
    return render(request, template, says, status=status)


def gone(request: HttpRequest) -> HttpResponse:
    return show(request, "requests/gone.html", {"title": _("This link is not valid")}, status=410)


@never_cache
@require_http_methods(POST_TOO)
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A button, since mail scanners open links; then a code that goes to the same address; then what it opens, once."""
    try:
        link = link_of(token)
        if request.method != "POST":
            return show(request, "requests/open.html", {"title": _("Open the message"), "link": link})
        if "code" not in request.POST:
            return _send(request, link, token)
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                opened = use_link(token=token, code=form.cleaned_data["code"], by=WEB)
                if opened is not None:
                    return _opened(request, opened)
                form.add_error("code", _("The code is not right."))
            except ValidationError as refusal:
                form.add_error("code", refusal)
        return show(request, "requests/code.html", {"title": _("Write the code"), "form": form}, status=422)
    except LinkNotValid:
        return gone(request)


def _send(request: HttpRequest, link: OneTimeLink, token: str) -> HttpResponse:
    client = get_adapter(request).get_client_ip(request)
    most = {"most": CODES_AN_HOUR, "seconds": 3600}
    if not (limits.allow("link code", str(link.pk), **most) and limits.allow("link client", client, **most)):
        return show(request, "requests/too_many.html", {"title": _("Too many requests")}, status=429)
    send_code(token=token, by=WEB)
    return show(request, "requests/code.html", {"title": _("Write the code"), "form": CodeForm()})


def _opened(request: HttpRequest, link: OneTimeLink) -> HttpResponse:
    assert link.message is not None
    message = open_message(message=link.message, by=WEB)
    says = {
        "title": cast(Sealed, message.subject).reveal(),
        "text": cast(Sealed, message.text).reveal(),
        "message": message,
        "case": link.request,
    }
    return show(request, "requests/message.html", says)
