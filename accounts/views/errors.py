"""Pages for what went wrong. Those of a fault of ours ask no database, no cache and no session."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last signing in."""
    return render(request, "errors/stale.html", status=403)


def too_many(request: HttpRequest, exception: Any = None) -> HttpResponse:
    response = HttpResponse(render_to_string("errors/429.html"), status=429)
    response["Retry-After"] = "300"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("errors/500.html"), status=500)
