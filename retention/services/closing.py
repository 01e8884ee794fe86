"""After a restore from backup the application stays closed until the ledger of erasures has been replayed."""

import time

from django.db import Error as DatabaseError

from retention.services.ledger import state

ASKED_EVERY = 5.0  # seconds: two small queries and the end of a file
_asked: dict[str, float | bool] = {"at": -ASKED_EVERY, "closed": False}


def is_closed(now: float | None = None) -> bool:
    """Whether erasures are to be replayed first. While closed it is asked every time, so that it opens at once."""
    moment = time.monotonic() if now is None else now
    if not _asked["closed"] and moment - float(_asked["at"]) < ASKED_EVERY:
        return False
    try:
        closed = state().is_behind
    except (DatabaseError, OSError):  # another page tells of a database that does not answer
        return bool(_asked["closed"])
    _asked.update(at=moment, closed=closed)
    return closed


def ask_again() -> None:
    _asked.update(at=-ASKED_EVERY, closed=False)
