"""Other processes and threads beside a sweep."""

import os
import subprocess
import sys
import threading
import time

from django.conf import settings
from django.db import connection, connections
from django.utils import translation

START = "import os, django; django.setup(); "


def process(code: str, **environment: str) -> subprocess.Popen:
    """Python with Django on the test's database and ledger."""
    address, question, options = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    own = {
        "DATABASE_URL": f"{address.rpartition('/')[0]}/{name}{question}{options}",
        "DJANGO_SETTINGS_MODULE": "fluxio.settings",
        "ERASURE_LEDGER": settings.ERASURE_LEDGER,
    }
    command = [sys.executable, "-c", START + code]
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | own | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


class Beside(threading.Thread):
    """A function in a thread with a database connection of its own; `result` or `error` when it is joined."""

    def __init__(self, function):
        super().__init__(daemon=True)
        self.function, self.result, self.error = function, None, None

    def run(self):
        try:
            with translation.override("en"):
                self.result = self.function()
        except Exception as error:
            self.error = error
        finally:
            connections.close_all()

    def done(self, seconds: float = 30):
        self.join(seconds)
        assert not self.is_alive(), "it still waits"
        if self.error is not None:
            raise self.error
        return self.result


def wait_for_a_waiting_lock(seconds: float = 20) -> None:
    """Until some session of this database waits for a lock."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees one moment of it
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for a lock")
