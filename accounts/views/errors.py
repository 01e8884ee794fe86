"""Pages for what went wrong. Those of a fault of ours ask no database, no cache and no session."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from redis.exceptions import ConnectionError as NoRedis
from redis.exceptions import TimeoutError as SlowRedis

from accounts.unsent import is_of_ours, unsent

NOT_REACHED = (OperationalError, InterfaceError, NoRedis, SlowRedis)  # gone, too busy, starting anew


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last signing in; what was written in it goes back to its writer."""
    return render(request, "errors/stale.html", {"unsent": unsent(request) if is_of_ours(request) else []}, status=403)


def signed_out(request: HttpRequest, texts: list[str]) -> HttpResponse:
    """The session had ended when a form was sent: what was written is not lost."""
    return render(request, "errors/signed_out.html", {"unsent": texts}, status=403)


def too_many(request: HttpRequest, exception: Any = None) -> HttpResponse:
    response = HttpResponse(render_to_string("errors/429.html"), status=429)
    response["Retry-After"] = "300"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Where the database or Redis did not answer it is no fault of the page: it says so, and when to try again."""
    if isinstance(sys.exc_info()[1], NOT_REACHED):
        response = HttpResponse(render_to_string("errors/not_reached.html"), status=503)
        response["Retry-After"] = "60"
        return response
    return HttpResponse(render_to_string("errors/500.html"), status=500)
