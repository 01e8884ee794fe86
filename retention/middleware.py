"""503 for everybody until erasures that a restored backup has undone are done again."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from retention.services.closing import is_closed

ANSWERED_ANYWAY = ("/healthz", "/static/", "/language/")


class ClosedUntilReplayed:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ANSWERED_ANYWAY) and is_closed():
            response = render(request, "errors/503.html", status=503)
            response["Retry-After"] = "300"
            return response
        return self.get_response(request)
