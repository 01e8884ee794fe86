"""Whether the parts of the system answer."""

from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
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
