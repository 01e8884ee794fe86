"""Health, and pages for what went wrong."""

from typing import Any

from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from accounts.tasks import HEARTBEAT_KEY


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Database, Redis, and a worker that was heard of in the last minute."""
    parts = {"database": _database_answers(), "redis": False, "worker": False}
    try:
        parts["worker"] = cache.get(HEARTBEAT_KEY) is not None
        parts["redis"] = True
    except (RedisError, OSError):
        pass
    well = all(parts.values())
    return JsonResponse({"ok": well, **parts}, status=200 if well else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last signing in."""
    return render(request, "errors/stale.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)
