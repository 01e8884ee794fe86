"""A worker that is killed while it sends loses nothing."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from mail.services import deliver
from tests.mail.letters import queued

DELIVER = "import django; django.setup(); from mail.services import deliver; deliver(key={key})"
pytestmark = pytest.mark.django_db(transaction=True)


def worker(key: int, port: int) -> subprocess.Popen:
    address, question, options = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DATABASE_URL": f"{address.rpartition('/')[0]}/{name}{question}{options}",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "fluxio.settings",
    }
    return subprocess.Popen([sys.executable, "-c", DELIVER.format(key=key)], cwd=settings.BASE_DIR, env=environment)


def test_a_worker_that_is_killed_between_claim_and_sending_leaves_the_message_queued(server):
    message = queued()
    server.go_on.clear()
    process = worker(message.pk, server.port)
    assert server.asked.wait(20)
    assert deliver(key=message.pk) is None  # the worker has it

    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    server.go_on.set()

    message.refresh_from_db()
    assert (message.state, message.attempts, server.taken) == ("queued", 0, [])
    end = time.monotonic() + 10
    while (state := deliver(key=message.pk)) is None and time.monotonic() < end:
        time.sleep(0.05)  # PostgreSQL frees the lock when it sees that the worker is gone
    assert (state, len(server.taken)) == ("sent", 1)


def test_a_worker_process_delivers_by_the_address_of_the_environment(server):
    message = queued()

    assert worker(message.pk, server.port).wait(30) == 0

    message.refresh_from_db()
    assert (message.state, len(server.taken)) == ("sent", 1)
