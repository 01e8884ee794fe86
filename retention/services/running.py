"""Who runs a sweep just now: a lock of the worker's database session, which ends with it, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

RUNNING = 53  # the first of the lock's two numbers; the second is the sweep's


@contextmanager
def running(sweep: int) -> Iterator[None]:
    """Several workers may run one sweep side by side."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", [RUNNING, sweep])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_shared(%s, %s)", [RUNNING, sweep])


def is_running(sweep: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [RUNNING, sweep])
        free = cursor.fetchone()[0]
        if free:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RUNNING, sweep])
    return not free
