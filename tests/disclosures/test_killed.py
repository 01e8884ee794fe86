"""A process that is killed while it tells: no file without its record, no record without its file or persons."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection, transaction

from disclosures.models import Artefact, DisclosedPerson, Disclosure
from disclosures.services.files import take
from tests.disclosures.telling import tells

pytestmark = pytest.mark.django_db(transaction=True)
START = "import os, django; django.setup(); "
TELL = (
    "from accounts.models import User; from consent.models import Purpose; from registers.models import *; "
    "from disclosures.extracts import Selection; from disclosures.services.telling import disclose; "
    "disclose(kind='board', recipient=Person.objects.get(pk={member}), fields=['name', 'apartment'], channel='file', "
    "file='csv', purpose=Purpose.objects.get(pk={purpose}), evidence=dict(reason='meeting'), "
    "selection=Selection('residents', company=HousingCompany.objects.get(pk={company})), "
    "by=User.objects.get(pk={user}))"
)
TAKE = (
    "from accounts.models import User; from disclosures.models import Artefact; "
    "from disclosures.services.files import take; "
    "take(artefact=Artefact.objects.get(), by=User.objects.get(pk={user}))"
)


def process(code: str) -> subprocess.Popen:
    address, question, options = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DATABASE_URL": f"{address.rpartition('/')[0]}/{name}{question}{options}",
        "DJANGO_SETTINGS_MODULE": "fluxio.settings",
    }
    return subprocess.Popen([sys.executable, "-c", START + code], cwd=settings.BASE_DIR, env=environment)


def wait_until_it_waits_for(table: str) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError(f"nobody came to {table}")


def killed_while_waiting_for(table: str, code: str) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        started = process(code)
        wait_until_it_waits_for(table)
        os.kill(started.pid, signal.SIGKILL)
        started.wait(10)


@pytest.mark.parametrize("table", ["disclosures_disclosedperson", "disclosures_artefact"])
def test_killed_between_extract_and_commit_nothing_is_left(office, staff, table):
    user = staff("manager")
    code = TELL.format(
        member=office.people[0].pk, purpose=office.purposes["board"].pk, company=office.company.pk, user=user.pk
    )

    killed_while_waiting_for(table, code)

    assert (Disclosure.objects.count(), DisclosedPerson.objects.count(), Artefact.objects.count()) == (0, 0, 0)
    assert process(code).wait(30) == 0
    assert (Disclosure.objects.count(), DisclosedPerson.objects.count(), Artefact.objects.count()) == (1, 4, 1)


def test_killed_while_the_file_is_taken_it_can_still_be_taken_once(office, staff):
    user = staff("manager")
    tells(office, by=user, channel="file", file="csv", title="List")

    killed_while_waiting_for("disclosures_artefact", TAKE.format(user=user.pk))

    artefact = Artefact.objects.get()
    assert (artefact.taken_at, artefact.content is None) == (None, False)
    assert take(artefact=artefact, by=user)
    artefact.refresh_from_db()
    assert (artefact.taken_by, artefact.content) == (user.email, None)
