"""Links that open one thing once, without an account."""

from typing import cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consent import limits
from consent.links import LinkNotValid
from portal.forms.requests import CodeForm
from portal.opened import open_page
from portal.views.handing import handed_over, part_of
from portal.views.public import DAY, POST_TOO, POSTS, WEB, client_may, show, too_many
from registers.fields import Sealed
from rights.codes import token_digest
from rights.models import OneTimeLink
from rights.services.links import link_of, send_code, use_link
from rights.services.messages import open_message, send_again
from rights.words import Right

CODES_A_DAY, LINKS_A_DAY = 20, 5


def gone(request: HttpRequest) -> HttpResponse:
    return show(request, "requests/gone.html", {"title": _("This link is not valid")}, status=410)


@never_cache
@require_http_methods(POST_TOO)
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A button, since mail scanners open links; then a code that goes to the same address; then what it opens, once."""
    if request.method == "POST" and not client_may(request, "request post", POSTS):
        return too_many(request)
    if "again" in request.POST:
        return _new_link(request, token)
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
        return _code(request, link, form, status=422)
    except LinkNotValid:
        return gone(request)


def _often(token: str, what: str, most: int) -> bool:
    return limits.allow(what, token_digest(token).hex(), most=most, seconds=DAY)


def _send(request: HttpRequest, link: OneTimeLink, token: str) -> HttpResponse:
    if not _often(token, "link code", CODES_A_DAY):
        return too_many(request)
    send_code(token=token, by=WEB)
    return _code(request, link, CodeForm())


def _code(request: HttpRequest, link: OneTimeLink, form: CodeForm, status: int = 200) -> HttpResponse:
    alone = link.what == OneTimeLink.What.PACKAGE and link.request.right == Right.ACCESS
    says = {"title": _("Write the code"), "form": form, "document_alone": alone}
    return show(request, "requests/code.html", says, status=status)


def _new_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same answer for a secret that never was one."""
    if not _often(token, "link again", LINKS_A_DAY):
        return too_many(request)
    send_again(token=token, by=WEB)
    return show(request, "requests/again.html", {"title": _("Look at your email")})


def _opened(request: HttpRequest, link: OneTimeLink) -> HttpResponse:
    """Whoever had the code of the link reads the same mailbox as one who has a code of the page: it opens, too."""
    if link.what == OneTimeLink.What.PACKAGE:
        nothing = {"title": _("Nothing is left to fetch")}
        return handed_over(link, part_of(request, link.request)) or show(
            request, "requests/fetched.html", nothing, status=410
        )
    open_page(request, link.request)
    assert link.message is not None
    message = open_message(message=link.message, by=WEB)
    says = {
        "title": cast(Sealed, message.subject).reveal(),
        "text": cast(Sealed, message.text).reveal(),
        "message": message,
        "case": link.request,
    }
    return show(request, "requests/message.html", says)
