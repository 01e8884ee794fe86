"""How often something may be asked for: counted in Redis under a keyed digest, so that no address stands there.

While Redis does not answer, each process counts by itself: the limit is then as many times as wide, and still one.
"""

import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

MOST_KEPT = 10_000
_counted: dict[str, tuple[float, int]] = {}  # digest → (when it ends, how often)


def allow(name: str, key: str, *, most: int, seconds: int) -> bool:
    """Counts this time; False from the (`most` + 1)th within `seconds`."""
    digest = salted_hmac("limits", f"{name}\0{key}").hexdigest()[:32]
    try:
        cache.add(f"limit:{digest}", 0, seconds)
        return int(cache.incr(f"limit:{digest}")) <= most
    except ValueError:  # it ended between the two
        return True
    except RedisError:
        return _count(digest, seconds) <= most


def _count(digest: str, seconds: int) -> int:
    now = time.monotonic()
    if len(_counted) >= MOST_KEPT:
        _counted.clear()
    ends, number = _counted.get(digest, (0.0, 0))
    _counted[digest] = (now + seconds, 1) if ends <= now else (ends, number + 1)
    return _counted[digest][1]
