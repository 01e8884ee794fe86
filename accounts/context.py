"""What every page knows about the office."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def office(request: HttpRequest) -> dict[str, Any]:
    return {"demo": settings.DEMO, "outbox": settings.DEMO_OUTBOX}
