"""The actor of each request, and headers that Django does not set."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext

from accounts.acting import acting
from accounts.factors import has_factor, has_shown_factor
from accounts.sessions import has_ended, note_use
from accounts.unsent import came_with_session, is_of_ours, unsent
from accounts.views.errors import bad_request, signed_out

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "interest-cohort",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)
# What an account of the office opens before it has shown a second factor, and what while it has none.
ANSWERED_ANYWAY = ("/static/", "/language/", "/healthz", "/account/logout/", "/account/reauthenticate/")
TO_SHOW = ("/account/2fa/reauthenticate/", "/account/2fa/webauthn/reauthenticate/")
TO_ENROL = ("/account/2fa/",)


class Acting:
    """The signed-in user answers for what the admin's own forms write; services name theirs with by=…"""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(lambda: request.user if request.user.is_authenticated else None):
            return self.get_response(request)


class RefuseNul:
    """PostgreSQL holds no NUL character; nobody types one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return bad_request(request)
        return self.get_response(request)


class SecurityHeaders:
    """Personal data is never kept by a browser's or a proxy's cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store, private")
        return response


class SessionsEnd:
    """After minutes without use and after hours in any case; what a script asks by itself is no use."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not came_with_session(request) or not request.user.is_authenticated:
            return self._was_away(request)
        if has_ended(request.session):
            return self._end(request)
        if request.headers.get("Sec-Fetch-Dest") != "empty":
            note_use(request.session)
        return self.get_response(request)

    def _was_away(self, request: HttpRequest) -> HttpResponse:
        """For so long that the session was cleared away, too, or its cookie by another tab."""
        response = self.get_response(request)
        to_sign_in = (reverse("account_login"), reverse("admin:login"))
        if not getattr(response, "url", "").startswith(to_sign_in):
            return response
        texts = unsent(request) if is_of_ours(request) or came_with_session(request) else []
        return signed_out(request, texts) if texts else response

    @staticmethod
    def _end(request: HttpRequest) -> HttpResponse:
        logout(request)
        if _wants_data(request):
            return JsonResponse({"signed_in": False}, status=403)
        if texts := unsent(request):
            return signed_out(request, texts)
        idle = settings.SESSION_IDLE_MINUTES
        text = ngettext(
            "You were signed out: %(n)d minute went by without use, or the working day did. Sign in again.",
            "You were signed out: %(n)d minutes went by without use, or the working day did. Sign in again.",
            idle,
        )
        messages.warning(request, text % {"n": idle})
        return _to("account_login", request)


class SecondFactor:
    """Staff get nowhere but to showing a second factor, and to adding one while they have none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path.startswith(ANSWERED_ANYWAY):
            return self.get_response(request)
        user: Any = request.user
        if not getattr(user, "is_staff", False) or has_shown_factor(request, user):
            return self.get_response(request)
        known = has_factor(user)
        if request.path.startswith(TO_SHOW if known else TO_ENROL):
            return self.get_response(request)
        if _wants_data(request):
            return JsonResponse({"second_factor": False}, status=403)
        return _to("mfa_reauthenticate" if known else "mfa_index", request)


def _wants_data(request: HttpRequest) -> bool:
    return request.content_type == "application/json" or request.headers.get("Accept") == "application/json"


def _to(name: str, request: HttpRequest) -> HttpResponse:
    """There, and back to this page afterwards; what was posted is not repeated."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("home")
    return redirect(f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: back})}")
