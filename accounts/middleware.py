"""The actor of each request, and headers that Django does not set."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.acting import acting
from accounts.views import bad_request

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "microphone", "geolocation", "payment", "usb", "interest-cohort", "browsing-topics")
)


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
