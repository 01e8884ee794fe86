"""Before what weighs most, whoever sits there shows again who they are, and comes back to where they were."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _


def ask_again(request: HttpRequest) -> HttpResponse:
    """What was posted is not kept meanwhile: it may hold reasons and names. The button is pressed again."""
    back = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        messages.info(request, _("Show first that it is you, and then press the button again. Nothing was done yet."))
        back = page_before(request)
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({REDIRECT_FIELD_NAME: back})}")


def page_before(request: HttpRequest) -> str:
    """The page of ours on which the button was pressed."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure()):
        return reverse("home")
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
