"""Advisory locks of the room: erasing shares the first, whatever changes the question takes it alone."""

from django.db import connection

ERASING = 5_300_001  # shared by batches; alone: a hold is placed, a rule is changed, a plan is made
LEDGER = 5_300_002  # the next place in the ledger, until the batch commits
STATISTICS = 5_300_003  # periods are closed


def erase_beside_others() -> None:
    _lock("pg_advisory_xact_lock_shared", ERASING)


def stop_erasing() -> None:
    """Until the transaction ends no batch erases; those that are running have committed. Batches are short."""
    _lock("pg_advisory_xact_lock", ERASING)


def next_in_ledger() -> None:
    _lock("pg_advisory_xact_lock", LEDGER)


def close_periods() -> None:
    _lock("pg_advisory_xact_lock", STATISTICS)


def _lock(function: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
