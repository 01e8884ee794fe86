"""The public form: what one may ask, the form of one right, and the code that confirms the address."""

import time
from typing import cast

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.forms.requests import CodeForm, PublicForm
from portal.opened import open_page
from portal.views.public import (
    CODES,
    FILED,
    POST_TOO,
    POSTS,
    WEB,
    client_may,
    language_of,
    may_mail_code,
    show,
    too_many,
)
from registers.fields import Sealed
from rights.codes import CODE_MINUTES, TRIES
from rights.forms.asking import EXPLAINED
from rights.models import SubjectRequest
from rights.services.confirming import send_code, use_code
from rights.services.filing import file_request
from rights.words import Right

ASKED = "request_asked"  # of the session: which request waits for its code; none, where nothing fits


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    rights = [(right.value, right.label, EXPLAINED[right]) for right in Right]
    return show(request, "requests/menu.html", {"title": _("Your data, your rights"), "rights": rights})


@never_cache
@require_http_methods(POST_TOO)
def ask(request: HttpRequest, right: str) -> HttpResponse:
    if right not in Right.values:
        raise Http404
    wanted = Right(right)
    if request.method != "POST":
        return _form(request, PublicForm(right=wanted))
    if not client_may(request, "request post", POSTS):
        return too_many(request)
    form = PublicForm(request.POST, request.FILES, right=wanted)
    if form.is_from_a_machine:
        return _to_code(request, None)
    if not form.is_valid():
        return _form(request, form, status=422)
    if not client_may(request, "request filed", FILED):
        return too_many(request)
    asked = form.asked()
    try:
        made = file_request(
            asked=asked, language=language_of(request), mailed=may_mail_code(asked.details.email), by=WEB
        )
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return _form(request, form, status=422)
    return _to_code(request, made)


def _form(request: HttpRequest, form: PublicForm, status: int = 200) -> HttpResponse:
    says = {"title": form.right.label.capitalize(), "form": form, "explained": EXPLAINED[form.right]}
    return show(request, "requests/form.html", says, status=status)


def add_refusal(form: Form, refusal: ValidationError) -> None:
    """To the fields it names, where the form has them."""
    named = refusal.message_dict if hasattr(refusal, "error_dict") else {}
    if named and set(named) <= set(form.fields):
        form.add_error(None, refusal)
    else:
        form.add_error(None, refusal.messages)


def _to_code(request: HttpRequest, made: SubjectRequest | None) -> HttpResponse:
    wait_for_code(request, made, filed=True)
    return HttpResponseRedirect(reverse("request_code"))


def wait_for_code(request: HttpRequest, found: SubjectRequest | None, *, filed: bool) -> None:
    """The session holds a key, or 0 where nothing fits; no address."""
    request.session[ASKED] = {"key": found.pk if found else 0, "filed": filed, "at": time.time(), "tries": 0}


@never_cache
@require_http_methods(POST_TOO)
def code(request: HttpRequest) -> HttpResponse:
    """Says the same of a request that there is and of one that there is not."""
    asked = request.session.get(ASKED)
    if asked is None:
        return HttpResponseRedirect(reverse("request_status"))
    if request.method != "POST":
        return _code(request, CodeForm())
    if not client_may(request, "request post", POSTS):
        return too_many(request)
    found = SubjectRequest.objects.filter(pk=asked["key"]).first()
    if "code" not in request.POST:
        return _again(request, found) if asked["filed"] else HttpResponseRedirect(reverse("request_status"))
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            opened = _used(request, found, form.cleaned_data["code"])
            if opened is not None:
                del request.session[ASKED]
                open_page(request, opened)
                return HttpResponseRedirect(reverse("request_page"))
            form.add_error("code", _("The code is not right."))
        except ValidationError as refusal:
            form.add_error("code", refusal)
    return _code(request, form, status=422)


def _used(request: HttpRequest, found: SubjectRequest | None, typed: str) -> SubjectRequest | None:
    if found is not None:
        return use_code(request=found, code=typed, by=WEB)
    asked = request.session[ASKED]
    if asked["tries"] >= TRIES or time.time() - asked["at"] >= CODE_MINUTES * 60:
        raise ValidationError(_("This code is no longer valid. Ask for another one."))
    request.session[ASKED] = asked | {"tries": asked["tries"] + 1}
    return None


def _again(request: HttpRequest, found: SubjectRequest | None) -> HttpResponse:
    """Whoever has filed it asks for another code."""
    if not client_may(request, "request code", CODES):
        return too_many(request)
    if found is not None and found.email is not None:
        email = cast(Sealed, found.email).reveal()
        if not may_mail_code(email):
            return too_many(request)
        send_code(request=found, email=email, language=found.language, by=WEB)
    wait_for_code(request, found, filed=True)
    return _code(request, CodeForm())


def _code(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    says = {"title": _("Write the code"), "form": form, "filed": request.session[ASKED]["filed"]}
    return show(request, "requests/confirm.html", says, status=status)
