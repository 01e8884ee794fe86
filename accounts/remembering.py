"""What is dear to make is remembered in the cache; a cache that does not answer stands in nobody's way."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError


def remembered(name: str, seconds: int, make: Callable[[], Any]) -> Any:
    """What `make` gives (never None), as of at most so many seconds ago."""
    with suppress(RedisError, OSError):
        found = cache.get(name)
        if found is not None:
            return found
    made = make()
    with suppress(RedisError, OSError):
        cache.set(name, made, seconds)
    return made
