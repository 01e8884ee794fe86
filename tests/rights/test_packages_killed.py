"""A worker that is killed while it builds: the package waits, and another one builds it; two at once build it once."""

import os
import signal
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from rights.models import Package
from rights.services.packages import build_again, run_build
from rights.tasks import collect_packages
from tests.mail.letters import forget_tasks, tasks
from tests.retention.processes import Beside, process, wait_for_a_waiting_lock
from tests.rights.whole_person import resident

pytestmark = pytest.mark.django_db(transaction=True)
BUILD = "from rights.services.packages import run_build; run_build({})"


@pytest.fixture
def package(house, prepare):
    return prepare(resident(house, "Liisa Maria", "Kallioinen"), "portability")


def locked(table):
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")


def test_killed_while_it_builds_it_is_taken_up_by_the_schedule(package):
    with transaction.atomic():
        locked("registers_residency")
        worker = process(BUILD.format(package.pk))
        wait_for_a_waiting_lock()
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(10)
    assert Package.objects.get().state == "building"

    forget_tasks()
    collect_packages()
    assert ("rights.tasks.build_package", [package.pk], {}) in tasks()
    _when_free(package)

    assert Package.objects.get().state == "ready"


def _when_free(package, seconds=10):
    """PostgreSQL notices in a moment that the killed one has gone."""
    end = time.monotonic() + seconds
    while run_build(package.pk) is None:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_what_has_ended_three_workers_waits_for_a_person(package, officer):
    for _again in range(3):
        with transaction.atomic():
            locked("registers_residency")
            worker = process(BUILD.format(package.pk))
            wait_for_a_waiting_lock()
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait(10)
        _until_the_row_is_free(package)
    assert (Package.objects.get().state, Package.objects.get().begun) == ("building", 3)

    assert run_build(package.pk) is None
    assert (Package.objects.get().state, Package.objects.get().fault) == ("failed", "worker ended")
    forget_tasks()
    collect_packages()
    assert tasks() == []

    build_again(package=package, by=officer)
    assert run_build(package.pk) is not None
    assert Package.objects.get().state == "ready"


def _until_the_row_is_free(package, seconds=10):
    end = time.monotonic() + seconds
    with transaction.atomic():
        while not Package.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=package.pk).first():
            assert time.monotonic() < end
            time.sleep(0.1)


def test_two_workers_build_it_once(package):
    with transaction.atomic():
        locked("registers_residency")
        first = Beside(lambda: run_build(package.pk))
        first.start()
        wait_for_a_waiting_lock()
        second = Beside(lambda: run_build(package.pk))
        second.start()
        assert second.done() is None
    assert first.done() is not None

    row = Package.objects.get()
    assert (row.state, row.built_at <= timezone.now()) == ("ready", True)
    assert run_build(package.pk) is None


def test_a_failure_is_kept_without_its_text(package):
    Package.objects.update(kind="access")
    with connection.cursor() as cursor:  # a row that nothing can read
        cursor.execute("UPDATE rights_subjectrequest SET name = 'not encrypted'::bytea")

    with pytest.raises(Exception):  # noqa: B017, PT011  whatever it is
        run_build(package.pk)

    row = Package.objects.get()
    assert (row.state, row.content) == ("failed", None)
    assert row.fault
    assert "not encrypted" not in row.fault
