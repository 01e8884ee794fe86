"""How often something may be asked for: counted in Redis under a keyed digest, so that no address stands there."""

from django.core.cache import cache
from django.utils.crypto import salted_hmac


def allow(name: str, key: str, *, most: int, seconds: int) -> bool:
    """Counts this time; False from the (`most` + 1)th within `seconds`."""
    digest = salted_hmac("limits", f"{name}\0{key}").hexdigest()[:32]
    cache.add(f"limit:{digest}", 0, seconds)
    try:
        return int(cache.incr(f"limit:{digest}")) <= most
    except ValueError:  # it ended between the two
        return True
