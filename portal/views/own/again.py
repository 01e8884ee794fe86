"""Before what weighs most: a fresh code to the account's address, when the sign-in is a quarter of an hour old."""

import time
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.forms.requests import CodeForm
from portal.services.own_accounts import send_code_again
from portal.views.own.visiting import POST_TOO, own_page, show
from portal.views.public import CODES, client_may, may_mail_code
from registers.models import Person
from rights.codes import CODE_MINUTES, TRIES, is_code

CODE = "own_pages_code"  # of the session: a digest, until when, how many wrong ones


@own_page(methods=POST_TOO)
def again(request: HttpRequest, person: Person) -> HttpResponse:
    user: Any = request.user
    back = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("own")
    context: dict[str, Any] = {"title": _("Is it you?"), "back": back, "sent": False}
    if request.method != "POST":
        return show(request, person, "portal/own/again.html", context)
    if "code" not in request.POST:
        if not client_may(request, "request code", CODES) or not may_mail_code(user.email):
            return show(request, person, "portal/own/too_many.html", {"title": _("Too many requests")}, status=429)
        digest = send_code_again(user=user, person=person)
        request.session[CODE] = {"digest": digest.hex(), "until": time.time() + CODE_MINUTES * 60, "tries": 0}
        return show(request, person, "portal/own/again.html", context | {"sent": True, "form": CodeForm()})
    form = CodeForm(request.POST)
    if form.is_valid():
        if _is_right(request, form.cleaned_data["code"]):
            record_authentication(request, user, "code", email=user.email)
            return HttpResponseRedirect(back)
        form.add_error("code", _("The code is not right, or no longer valid."))
    return show(request, person, "portal/own/again.html", context | {"sent": True, "form": form}, status=422)


def _is_right(request: HttpRequest, typed: str) -> bool:
    """Used once; after five wrong ones or a quarter of an hour it is dead."""
    kept = request.session.get(CODE)
    if kept is None or kept["until"] <= time.time() or kept["tries"] >= TRIES:
        return False
    if is_code(typed, f"own pages {request.user.pk}", bytes.fromhex(kept["digest"])):
        del request.session[CODE]
        return True
    request.session[CODE] = kept | {"tries": kept["tries"] + 1}
    return False
