"""How far a run is. Beside the database: what one transaction does is seen by nobody until it ends."""

from contextlib import suppress

from django.core.cache import cache
from redis.exceptions import RedisError

KEPT_SECONDS = 3600


def _key(run: int) -> str:
    return f"import-{run}-progress"


def show_progress(run: int, done: int, total: int) -> None:
    """A cache that does not answer stops no work."""
    with suppress(RedisError, OSError):
        cache.set(_key(run), (done, total), timeout=KEPT_SECONDS)


def progress_of(run: int) -> tuple[int, int]:
    """(done, total); (0, 0) before the work begins."""
    with suppress(RedisError, OSError):
        done, total = cache.get(_key(run)) or (0, 0)
        return int(done), int(total)
    return 0, 0


class Steps:
    """Counts the parts of a work whose number is known."""

    def __init__(self, run: int, total: int) -> None:
        self.run, self.total, self.done = run, total, 0
        show_progress(run, 0, total)

    def __call__(self) -> None:
        self.done += 1
        show_progress(self.run, self.done, self.total)
