"""The commands for operators, and what they answer as JSON."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registers.models import Person
from retention.models import Sweep
from retention.services.approving import approve_sweep
from retention.services.holds import place_hold
from retention.services.rules import set_limits
from tests.retention.people import BY, LAST_YEAR, ON, former, resident
from tests.retention.test_sweeping import LIMITS

pytestmark = pytest.mark.django_db
DAY = ON.isoformat()


def answer(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_plan_names_people_rows_and_holds_and_changes_nothing(house, staff):
    gone, here = former(house.home), resident(house.other, moved_out=LAST_YEAR, email="a@example.com")
    held = former(house.home, email="b@example.com", phone="")
    tomorrow = timezone.localdate() + timedelta(days=1)
    hold = place_hold(person=held, reason="riita", case="12/2026", review_on=tomorrow, by=staff("privacy_officer"))

    said = answer("plan_erasure", "--on", DAY)

    assert (said["on"], said["persons"], said["categories"]) == (DAY, [gone.pk], {"contact": [here.pk]})
    assert (said["rows"]["registers.person"], said["rows"]["registers.residency"]) == (1, 1)
    reasons = [{"hold": hold.pk, "category": "", "case": "12/2026", "review_on": tomorrow.isoformat()}]
    assert said["held"] == {str(held.pk): reasons}
    assert (Person.objects.count(), Sweep.objects.count()) == (3, 0)


def test_a_plan_is_made_beside_an_open_sweep_too(house):
    former(house.home)
    call_command("sweep", "--on", DAY, stdout=StringIO())
    Sweep.objects.update(state="planned")

    assert answer("plan_erasure", "--on", DAY)["rows"]["registers.person"] == 1
    assert Sweep.objects.get().state == "planned"


def test_without_yes_nothing_is_erased(house):
    former(house.home)

    said = answer("sweep", "--on", DAY)

    assert (said["state"], said["persons"], Person.objects.count()) == ("planned", 1, 1)
    assert Sweep.objects.get().state == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_with_yes_it_is_erased_verified_and_rewritten(house):
    former(house.home)

    said = answer("sweep", "--on", DAY, "--yes")

    assert (said["state"], said["persons"], Person.objects.count()) == ("done", 1, 0)
    assert (said["verification"]["hits"], said["verification"]["left"]) == ([], [])
    assert "registers_person" in said["on_disk"]["tables"]
    assert answer("verify_erasures")["whole"] is True


def test_what_the_brake_stops_waits_for_two_persons_and_then_goes_on(house, staff):
    set_limits(values=LIMITS | {"always_allowed": 0}, reason="test", by=BY)
    former(house.home)
    with pytest.raises(SystemExit) as stopped:
        answer("sweep", "--on", DAY, "--yes", "--no-rewrite")
    assert (stopped.value.code, Person.objects.count()) == (2, 1)

    for role in ("privacy_officer", "manager"):
        approve_sweep(sweep=Sweep.objects.get(), by=staff(role))

    assert answer("sweep", "--on", DAY, "--yes", "--no-rewrite")["state"] == "done"
    assert Person.objects.count() == 0


def test_keep_until_says_date_purpose_event_and_source(house):
    person = resident(house.home, moved_out=LAST_YEAR)

    said = {row["category"]: row for row in answer("keep_until", str(person.pk), "--on", DAY)["categories"]}

    assert said["residence"] | {"rule": 0, "holds": []} == {
        "category": "residence", "until": "2028-11-01", "while": False, "since": "2025-11-01", "ended": False,
        "purpose": "identification", "controller": "Fluxio Isännöinti Oy", "event": "moved_out", "rule": 0, "version": 1,
        "citation": "Laki velan vanhentumisesta 728/2003 4 §", "mark": "L", "company": house.company.pk,
        "by_contract": False, "with": "", "holds": [],
    }  # fmt: skip
    assert said["contact"]["ended"] is True


@pytest.mark.parametrize(
    ("command", "arguments", "says"),
    [
        ("keep_until", ["999999"], "There is no person"),
        ("plan_erasure", ["--on", "22.11.2026"], "is no day"),
        ("keep_until", ["aino"], "invalid int"),
    ],
)
def test_bad_input_gets_a_line_that_says_what_is_wrong(management, command, arguments, says):
    with pytest.raises(CommandError, match=says):
        call_command(command, *arguments)
