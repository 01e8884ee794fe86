"""The plan, the brake, the days of notice, approval, and what the schedule does every night."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.acting import Program
from registers.models import Person, Residency
from registers.services.protection import restrict_processing
from retention import tasks
from retention.certificates import facts_of
from retention.models import ComingEnd, ErasureRecord, Sweep, SweepBatch
from retention.queries.rules import Remembered
from retention.services import planning
from retention.services.approving import approve_sweep
from retention.services.holds import place_hold, release_hold
from retention.services.planning import announce_ends, cancel_sweep, look_ahead, plan_sweep
from retention.services.rules import set_limits
from retention.services.sweeping import erase_next, rehearse, run_sweep, start_sweep
from retention.services.values import Values
from tests.consent.makers import change
from tests.factories import HousingCompanyFactory, OwnershipFactory, PersonFactory, ShareGroupFactory
from tests.retention.people import BY, LAST_YEAR, LONG_AGO, ON, former, resident, sweep, wants_nothing_back

pytestmark = pytest.mark.django_db
LIMITS = {
    "most_percent": 5, "most_times_usual": 5, "always_allowed": 20, "grace_days": 14, "processor_days": 90,
    "quiet_from": 1, "quiet_until": 5,
}  # fmt: skip


def limited(**values):
    return set_limits(values=LIMITS | values, reason="test", by=BY)


def test_who_has_moved_out_long_ago_ends_whole_and_who_lives_there_stays(house):
    gone, here = former(house.home), resident(house.other)

    done = sweep()

    assert (done.state, done.persons, done.partly, done.held) == ("done", 1, 0, 0)
    assert list(Person.objects.values_list("pk", flat=True)) == [here.pk]
    assert list(ErasureRecord.objects.values_list("person_key", "what")) == [(gone.pk, "whole")]


def test_the_day_before_nothing_ends_and_on_the_day_it_does(house):
    resident(house.home, moved_out=date(2023, 11, 22))

    assert look_ahead(ON - timedelta(days=1)).whole == []
    assert len(look_ahead(ON).whole) == 1


def test_a_second_run_finds_nothing_left_to_do(house):
    former(house.home)
    sweep()

    again = sweep()

    assert (again.persons, again.partly, again.state) == (0, 0, "done")


def test_what_is_kept_through_a_company_ends_with_it_and_the_rest_stays(house):
    person = resident(house.home)
    elsewhere = HousingCompanyFactory(managed_until=date(2026, 3, 1))
    wants_nothing_back(elsewhere)
    OwnershipFactory(person=person, share_group=ShareGroupFactory(housing_company=elsewhere))

    done = sweep()

    assert (done.persons, done.partly) == (0, 1)
    assert (person.ownerships.count(), person.residencies.count()) == (0, 1)


def test_the_rehearsal_says_what_the_run_does_and_leaves_everything(house):
    former(house.home)
    resident(house.other, moved_out=LAST_YEAR, email="joku@example.com")
    planned = plan_sweep(on=ON, by=BY)

    says = rehearse(planned).rows

    assert Person.objects.count() == 2
    assert says["registers.person"] == 1
    assert says["registers.person.contact"] == 1  # the other one goes with the row
    assert run_sweep(start_sweep(sweep=planned, by=BY).pk).counts == dict(sorted(says.items()))


def test_two_sweeps_are_not_open_at_once(house):
    former(house.home)
    plan_sweep(on=ON, by=BY)

    with pytest.raises(ValidationError, match="Another erasure is open"):
        plan_sweep(on=ON, by=BY)


def test_a_cancelled_sweep_ends_nothing(house):
    former(house.home)
    planned = cancel_sweep(sweep=plan_sweep(on=ON, by=BY), by=BY)

    assert (planned.state, SweepBatch.objects.count(), Person.objects.count()) == ("cancelled", 0, 1)
    with pytest.raises(ValidationError, match="cannot be started"):
        start_sweep(sweep=planned, by=BY)


def test_a_hold_keeps_the_person_and_its_release_lets_them_go(house, staff):
    person = former(house.home)
    officer = staff("privacy_officer")
    hold = place_hold(person=person, reason="riita", review_on=timezone.localdate() + timedelta(days=9), by=officer)

    assert (sweep().held, Person.objects.count()) == (1, 1)
    release_hold(hold=hold, because="sovittu", by=officer)

    assert (sweep().persons, Person.objects.count()) == (1, 0)


@pytest.mark.parametrize("what", ["company", "category", "both"])
def test_a_hold_on_a_company_or_a_category_keeps_its_people(house, staff, what):
    former(house.home)
    other = former(HousingApartment(), email="toinen@example.com", phone="+358405550288")
    names = {
        "company": {"housing_company": house.company},
        "category": {"category": "residence"},
        "both": {"housing_company": house.company, "category": "residence"},
    }[what]
    place_hold(reason="selvitys", review_on=date(2099, 1, 1), by=staff("privacy_officer"), **names)

    assert sweep().held == (2 if what == "category" else 1)

    assert Person.objects.filter(pk=other.pk).exists() == (what == "category")
    assert Person.objects.filter(last_name="Lehtomaa").exists()


def HousingApartment():
    from tests.factories import ApartmentFactory

    return ApartmentFactory()


def test_a_category_hold_lets_other_categories_go(house, staff):
    person = former(house.home)
    place_hold(person=person, category="residence", reason="x", review_on=date(2099, 1, 1), by=staff("privacy_officer"))

    done = sweep()

    person.refresh_from_db()
    assert (done.persons, done.partly, person.email, person.residencies.count()) == (0, 1, "", 1)


def test_a_restriction_of_processing_holds_everything(house, staff):
    person = former(house.home)
    restrict_processing(person=person, reason="kiistää tiedot", by=staff("privacy_officer"))

    assert (sweep().held, Person.objects.count()) == (1, 1)


def test_the_brake_stops_what_is_more_than_its_share_and_two_persons_release_it(house, staff):
    limited(always_allowed=0)
    former(house.home)
    resident(house.other)
    planned = start_sweep(sweep=plan_sweep(on=ON, by=BY), by=BY)
    assert (planned.state, planned.brake) == ("waiting", [["share", 50.0]])

    first, second = staff("privacy_officer"), staff("manager")
    assert approve_sweep(sweep=planned, by=first).state == "waiting"
    with pytest.raises(ValidationError, match="Another person"):
        approve_sweep(sweep=planned, by=first)
    released = approve_sweep(sweep=planned, by=second)

    assert start_sweep(sweep=released, by=BY).state == "running"


def test_the_brake_compares_with_the_usual_number(house):
    limited(always_allowed=0, most_percent=100, most_times_usual=3)
    for number in range(4):
        Sweep.objects.create(kind="nightly", state="done", on=ON, persons=1, done_at=timezone.now(), program="x")
        former(house.home, email=f"a{number}@example.com", phone=f"+35840555020{number}")

    assert plan_sweep(on=ON, by=BY).brake == [["usual", 4.0]]


def test_who_may_not_approve_does_not(house, staff):
    limited(always_allowed=0)
    former(house.home)
    planned = start_sweep(sweep=plan_sweep(on=ON, by=BY), by=BY)

    with pytest.raises(PermissionDenied):
        approve_sweep(sweep=planned, by=staff("customer_service"))


def test_by_schedule_nothing_goes_before_the_desk_was_told(house):
    former(house.home)
    by = Program("retention")
    assert announce_ends(on=ON, by=by) == 1
    assert plan_sweep(on=ON, by=by, graced=True).persons == 0
    Sweep.objects.update(state="cancelled")

    assert announce_ends(on=ON + timedelta(days=1), by=by) == 0
    assert plan_sweep(on=ON + timedelta(days=14), by=by, graced=True).persons == 1


def test_being_told_of_contact_details_is_no_notice_of_the_whole(house):
    person = former(house.home)
    ComingEnd.objects.create(person_key=person.pk, what="contact", told_on=ON - timedelta(days=30))

    planned = plan_sweep(on=ON, by=Program("retention"), graced=True)

    assert (planned.persons, Person.objects.count()) == (0, 1)


def test_what_ends_in_two_weeks_is_told_today_and_what_no_longer_ends_is_forgotten(house):
    person = resident(house.home, moved_out=date(2023, 11, 22) + timedelta(days=14), email="a@example.com")
    by = Program("retention")

    announce_ends(on=ON, by=by)

    assert set(ComingEnd.objects.values_list("person_key", "what")) == {(person.pk, "whole")}
    change(Residency.objects.get(), moved_out=None)
    announce_ends(on=ON, by=by)
    assert ComingEnd.objects.count() == 0


NIGHT = datetime(2026, 11, 22, 2, 30, tzinfo=ZoneInfo("Europe/Helsinki"))


@pytest.fixture
def at(monkeypatch):
    """The clock of the tasks."""

    def set_clock(moment):
        monkeypatch.setattr(tasks.timezone, "localtime", lambda *a, **k: moment)
        monkeypatch.setattr(tasks.timezone, "localdate", lambda *a, **k: moment.date())

    return set_clock


@pytest.mark.django_db(transaction=True)
def test_the_night_plans_and_runs_once(house, at, monkeypatch, django_capture_on_commit_callbacks):
    former(house.home)
    started = []
    monkeypatch.setattr(tasks.run_started, "delay", started.append)
    at(NIGHT - timedelta(days=20))
    tasks.sweep_nightly()
    assert Sweep.objects.get().persons == 0
    tasks.run_started(started.pop())

    at(NIGHT)
    tasks.sweep_nightly()
    tasks.sweep_nightly()
    tasks.run_started(started.pop())

    assert started == []
    assert (Sweep.objects.filter(kind="nightly", state="done").count(), Person.objects.count()) == (2, 0)


def test_by_day_the_schedule_does_nothing(house, at):
    former(house.home)
    at(NIGHT.replace(hour=13))

    tasks.sweep_nightly()

    assert Sweep.objects.count() == 0


def test_quiet_hours_may_pass_midnight(management, at):
    limited(quiet_from=22, quiet_until=4)
    answers = {}
    for hour in (21, 22, 0, 3, 4):
        at(NIGHT.replace(hour=hour))
        answers[hour] = tasks.is_quiet()

    assert answers == {21: False, 22: True, 0: True, 3: True, 4: False}


def test_a_sweep_whose_worker_died_is_taken_up_again(house, monkeypatch):
    former(house.home)
    running = start_sweep(sweep=plan_sweep(on=ON, by=BY), by=BY)
    started = []
    monkeypatch.setattr(tasks.run_started, "delay", started.append)

    tasks.collect_sweeps()

    assert started == [running.pk]


def test_people_are_split_into_batches_and_all_of_them_end(house, monkeypatch):
    monkeypatch.setattr(planning, "BATCH", 3)
    for number in range(8):
        former(house.home, email=f"a{number}@example.com", phone=f"+35840555020{number}", first_names=f"Aino {number}")
    planned = plan_sweep(on=ON, by=BY)
    assert [len(people) for people in planned.batches.values_list("people", flat=True)] == [3, 3, 2]

    done = run_sweep(start_sweep(sweep=planned, by=BY).pk)

    assert (done.state, Person.objects.count(), sum(done.batches.values_list("erased", flat=True))) == ("done", 0, 8)


def test_without_rules_nothing_ends(db):
    gone = PersonFactory()
    Residency.objects.all().delete()

    assert look_ahead(date(2090, 1, 1)).whole == []
    assert Person.objects.filter(pk=gone.pk).exists()


def test_the_number_of_people_is_counted_once_for_whom_several_things_end(house):
    person = resident(house.home, moved_out=LAST_YEAR, email="a@example.com")
    assert LONG_AGO < LAST_YEAR
    from tests.retention.rows import identity

    identity(person, house)

    planned = plan_sweep(on=ON, by=BY)

    assert (planned.partly, sorted(planned.batches.values_list("what", flat=True))) == (1, ["contact", "identity_code"])


def test_many_people_are_searched_for_in_parts(house, monkeypatch):
    monkeypatch.setattr("retention.services.planning.BATCH", 1)
    monkeypatch.setattr("retention.services.sweeping.MOST_IN_MEMORY", 2)
    for number in range(5):
        former(house.home, email=f"joku{number}@example.com", first_names=f"Etunimi{'abcde'[number]}")

    done = sweep()

    assert (done.state, done.verification["people"]) == ("done", 5)
    assert done.verification["values"] >= 5


def test_a_sweep_that_is_stopped_on_the_way_is_verified_and_certified(house, monkeypatch):
    monkeypatch.setattr("retention.services.planning.BATCH", 1)
    former(house.home)
    former(house.other, email="toinen@example.com", first_names="Toinen")
    running = start_sweep(sweep=plan_sweep(on=ON, by=BY), by=BY)
    assert erase_next(running.pk, Values(), Remembered())

    stopped = cancel_sweep(sweep=running, by=BY)

    assert (stopped.state, stopped.batches.count()) == ("running", 1)
    done = run_sweep(running.pk)
    assert (done.state, Person.objects.count(), done.verification["left"]) == ("done", 1, [])
    assert facts_of(done)["ended"] == {"whole": 1}


def test_a_running_sweep_that_has_ended_nothing_yet_is_cancelled(house):
    former(house.home)
    running = start_sweep(sweep=plan_sweep(on=ON, by=BY), by=BY)

    assert cancel_sweep(sweep=running, by=BY).state == "cancelled"
    assert Person.objects.count() == 1
