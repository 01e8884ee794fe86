"""The ledger outside the database, and a real backup that brings back who was erased."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from fluxio.celery import app as celery_app
from registers.models import Person
from retention.models import BuildingQuarter, ErasureRecord, LedgerEntry
from retention.services import closing, ledger
from retention.services.replaying import replay
from retention.services.sweeping import LedgerBehind, run_sweep
from tests.consent.makers import change
from tests.factories import (
    ApartmentFactory,
    BuildingFactory,
    HousingCompanyFactory,
    OwnershipFactory,
    ShareGroupFactory,
)
from tests.retention.outside import dump, restore
from tests.retention.people import LAST_YEAR, ON, former, resident, sweep, wants_nothing_back

pytestmark = pytest.mark.django_db(transaction=True)
FIGURES = ("year", "quarter", "residents", "moved_out")


def answers(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_each_batch_is_a_line_of_hashes_without_a_value_or_a_key(house):
    person = former(house.home)

    sweep()

    text = ledger.path().read_text()
    (line,) = ledger.lines()
    assert (line.number, line.what, len(line.keys)) == (1, "whole", 1)
    assert not any(value in text for value in ("Lehtomaa", "example.com", "+35840", f'"{person.pk}"'))
    assert LedgerEntry.objects.get().line == ""
    assert ledger.path().stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("how", ["changed", "taken out", "swapped"])
def test_a_ledger_that_was_tampered_with_is_found(house, how):
    for number in range(3):
        former(house.home, email=f"a{number}@example.com")
        sweep()
    lines = [line for line in ledger.path().read_text().splitlines() if line]
    assert len(list(ledger.lines())) == 3
    if how == "changed":
        lines[1] = lines[1].replace('"whole"', '"contact"')
    elif how == "taken out":
        del lines[1]
    else:
        lines[0], lines[1] = lines[1], lines[0]
    ledger.path().write_text("\n".join(lines) + "\n")

    with pytest.raises(ledger.LedgerBroken):
        list(ledger.lines())
    with pytest.raises(SystemExit):
        answers("verify_erasures")


def test_a_line_left_half_by_a_killed_process_is_passed_over(house):
    former(house.home)
    sweep()
    with ledger.path().open("a") as file:
        file.write('{"entry":{"number":2,"at":"20')

    former(house.home)
    sweep()

    assert [line.number for line in ledger.lines()] == [1, 2]
    assert ledger.state().is_lost is False


def test_a_restored_backup_is_closed_until_the_ledger_is_replayed(house, tmp_path, client_of):
    gone = former(house.home)
    moved = resident(house.other, moved_out=LAST_YEAR, email="poistuva@example.com", last_name="Jäävä")
    elsewhere = HousingCompanyFactory(managed_until=date(2026, 3, 1))
    wants_nothing_back(elsewhere)
    OwnershipFactory(person=moved, share_group=ShareGroupFactory(housing_company=elsewhere))
    archive = tmp_path / "backup.dump"
    archive.write_bytes(dump("--format=custom"))
    sweep()
    assert Person.objects.filter(pk=gone.pk).count() == 0

    restore(archive)
    closing.ask_again()

    assert Person.objects.filter(pk=gone.pk).count() == 1
    page = Client().get("/account/login/", headers={"accept-language": "fi"})
    assert (page.status_code, page["Retry-After"]) == (503, "300")
    assert "Rekisteri palautettiin varmuuskopiosta" in page.content.decode()
    assert "database" in Client().get("/healthz").json()
    with pytest.raises(LedgerBehind):
        run_sweep(1)

    said = answers("replay_erasures", settings.ERASURE_LEDGER)

    assert (said["persons"], said["partly"], said["state"]) == (1, 1, "done")
    moved.refresh_from_db()
    assert (moved.email, moved.last_name, moved.ownerships.count()) == ("", "Jäävä", 0)
    assert Person.objects.filter(pk=gone.pk).count() == 0
    assert Client().get("/account/login/").status_code == 200
    assert answers("replay_erasures", settings.ERASURE_LEDGER) == {"replayed": 0, "persons": 0}
    assert answers("verify_erasures")["whole"] is True
    assert "aino.lehtomaa@example.com" not in dump("--data-only").decode()


def test_a_replay_closes_statistics_before_it_erases(management, tmp_path):
    """The backup is older than the sweep that had closed them."""
    building = BuildingFactory()
    for home in [ApartmentFactory(building=building) for _home in range(6)]:
        resident(home, moved_in=date(2019, 1, 1), moved_out=date(2023, 8, 15))
    archive = tmp_path / "backup.dump"
    archive.write_bytes(dump("--format=custom"))
    sweep()
    closed = sorted(BuildingQuarter.objects.filter(year=2023).values_list(*FIGURES))
    assert (2023, 3, None, 5) in closed

    restore(archive)
    assert not BuildingQuarter.objects.exists()
    replayed = replay(Path(settings.ERASURE_LEDGER), on=ON)

    assert (replayed.persons, replayed.periods_closed > 0) == (6, True)
    assert sorted(BuildingQuarter.objects.filter(year=2023).values_list(*FIGURES)) == closed


def test_somebody_who_came_after_the_erasure_under_the_same_number_is_not_erased_by_a_replay(house, tmp_path):
    archive = tmp_path / "backup.dump"
    archive.write_bytes(dump("--format=custom"))
    gone = former(house.home)
    sweep()
    restore(archive)
    newcomer = former(house.home, last_name="Uusi", email="uusi@example.com")
    assert newcomer.pk == gone.pk

    said = answers("replay_erasures", settings.ERASURE_LEDGER)

    assert (said["persons"], Person.objects.get().last_name) == (0, "Uusi")


def test_no_task_runs_while_it_is_closed(house, tmp_path):
    archive = tmp_path / "backup.dump"
    archive.write_bytes(dump("--format=custom"))
    former(house.home)
    sweep()
    restore(archive)
    closing.ask_again()
    former(house.home, email="toinen@example.com")

    celery_app.loader.import_default_modules()
    task = celery_app.tasks["retention.tasks.sweep_nightly"]
    assert celery_app.tasks["registers.tasks.purge_old_imports"]() is None
    assert task() is None

    assert ErasureRecord.objects.count() == 0


def test_a_ledger_that_does_not_exist_is_said_plainly(management, tmp_path):
    with pytest.raises(CommandError, match="There is no ledger"):
        answers("replay_erasures", str(tmp_path / "none.jsonl"))


def test_a_lost_ledger_is_found(house):
    former(house.home)
    sweep()
    change(house.company, name="As Oy Muu")
    ledger.path().unlink()

    assert ledger.state().is_lost is True
    with pytest.raises(SystemExit):
        answers("verify_erasures")
