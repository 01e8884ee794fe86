"""Erasures in the office: planned, looked at, approved, started, watched, cancelled; what the desk says of them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import Program
from accounts.models import User
from registers.models import Person
from registers.services.protection import set_non_disclosure
from retention.models import ComingEnd, LedgerEntry, Sweep, SweepBatch, SweepLimits
from retention.services.holds import place_hold
from retention.services.planning import announce_ends, plan_sweep
from retention.services.sweeping import run_sweep, start_sweep
from retention.tasks import count_plan
from tests.factories import PersonFactory, ResidencyFactory
from tests.pages.browsing import post, text_of

pytestmark = pytest.mark.django_db
BY = Program("tests")
MOVED = {"moved_in": date(2008, 1, 1), "moved_out": date(2012, 6, 1)}


def page_of(client, name, *args) -> str:
    return text_of(client.get(reverse(f"admin:{name}", args=args)))


def in_english(client_of, role):
    client = client_of(role)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def officer(client_of):
    return in_english(client_of, "privacy_officer")


@pytest.fixture
def house(office):
    """With purposes, and one person whose data has ended."""
    assert office.management
    assert office.former
    return office


@pytest.fixture
def braked(house):
    """A plan that the brake stops: two people more, and a limit of one."""
    for _number in range(2):
        ResidencyFactory(person=PersonFactory(), apartment=house.apartment, role="tenant", **MOVED)
    SweepLimits.objects.create(
        most_percent=1, most_times_usual=5, always_allowed=0, grace_days=14, processor_days=90,
        quiet_from=1, quiet_until=5, reason="test", program="tests",
    )  # fmt: skip
    return plan_sweep(on=timezone.localdate(), by=BY)


def test_a_plan_says_what_would_end_and_erases_nothing(house, officer):
    done = post(officer, "sweep_plan", on=timezone.localdate().isoformat())

    sweep = Sweep.objects.get()
    assert done.url == reverse("admin:sweep", args=[sweep.pk])
    shown = text_of(officer.get(done.url))
    assert "Nothing has been erased yet." in shown
    assert "Residencies" in shown
    assert "Counted by the real run, rolled back." in shown
    assert sweep.counts["registers.person"] == 1
    assert Person.objects.filter(pk=house.former.pk).exists()
    assert sweep.maker.startswith("privacy_officer")


@pytest.mark.parametrize(
    ("on", "says"),
    [
        ((timezone.localdate() + timedelta(days=2)).isoformat(), "Choose today or an earlier day."),
        ("", "This field is required"),
        ("31.2.2026", "This is no date."),
    ],
)
def test_a_day_that_cannot_be_planned_for_is_refused(house, officer, on, says):
    response = post(officer, "sweep_plan", on=on)

    assert response.status_code == 422
    assert says in text_of(response)
    assert not Sweep.objects.exists()


def test_a_second_plan_waits_for_the_first(house, officer):
    post(officer, "sweep_plan", on="2026-11-01")

    again = post(officer, "sweep_plan", on="2026-11-01")

    assert "Another erasure is open" in text_of(again)
    assert "is open" in page_of(officer, "sweeps")


def test_an_earlier_day_plans_what_had_ended_by_it(house, officer):
    post(officer, "sweep_plan", on="2012-07-01")

    sweep = Sweep.objects.get()
    assert (sweep.persons, sweep.partly) == (0, 0)
    assert "this plan would erase nothing" in page_of(officer, "sweep", sweep.pk)
    assert "Nobody's data has ended." in page_of(officer, "sweep_people", sweep.pk)


def test_the_people_of_a_plan_stand_with_the_rule_that_decided(house, officer):
    sweep = plan_sweep(on=timezone.localdate(), by=BY)

    shown = page_of(officer, "sweep_people", sweep.pk)

    assert "Entinen Eero" in shown
    assert reverse("admin:person", args=[house.former.pk]) in shown
    assert "Everything" in shown
    assert "3 years after: moving out (1.6.2012)" in shown
    assert "Needed until 1.6.2015" in shown
    assert "728/2003 s. 4 (statute)" in shown


def test_a_protected_person_stands_there_without_name_and_home(house, officer, manager):
    today = timezone.localdate()
    set_non_disclosure(person=house.former, since=today, until=None, reported_by="the person", by=BY)
    place_hold_on(house, officer)
    sweep = plan_sweep(on=today, by=BY)
    announce_ends(on=today, by=BY)

    for name, args in (("sweep_people", [sweep.pk]), ("sweep_held", [sweep.pk]), ("coming", [])):
        shown = page_of(manager, name, *args)
        assert "Entinen" not in shown, name
        assert "A claim" not in shown, name
    assert "Not shown to you" in page_of(manager, "sweep_held", sweep.pk)
    assert "Entinen" in page_of(officer, "sweep_held", sweep.pk)


def place_hold_on(house, officer):
    user = officer_user(officer)
    later = timezone.localdate() + timedelta(days=30)
    return place_hold(person=house.former, reason="A claim", review_on=later, by=user)


def officer_user(client):
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_who_is_held_stands_with_what_holds_them(house, officer):
    place_hold_on(house, officer)
    post(officer, "sweep_plan", on=timezone.localdate().isoformat())
    sweep = Sweep.objects.get()

    shown = page_of(officer, "sweep_held", sweep.pk)

    assert sweep.persons == 0
    assert "Entinen Eero" in shown
    assert "A claim" in shown
    assert "Entinen" not in page_of(officer, "sweep_people", sweep.pk)


def test_a_hold_placed_after_the_plan_is_said_in_it(house, officer):
    sweep = plan_sweep(on=timezone.localdate(), by=BY)
    place_hold_on(house, officer)

    assert "held since the plan" in page_of(officer, "sweep_people", sweep.pk)


def test_the_brake_says_why_in_words_and_waits_for_two_persons(braked, officer, manager, client_of, house):
    shown = page_of(officer, "sweep", braked.pk)
    share = braked.brake[0][1]
    assert f"It concerns {share:g} % of all people; the limit is 1 %." in shown
    assert "Ask for approval" in shown
    assert reverse("admin:sweep_start", args=[braked.pk]) not in shown
    assert "cannot be started now" in page_of(officer, "sweep_start", braked.pk)

    post(officer, "sweep_ask", braked.pk)
    braked.refresh_from_db()
    assert braked.state == "waiting"
    desk = f"Erasure {braked.pk} waits for approval"
    assert desk in page_of(manager, "index")
    assert desk not in page_of(in_english(client_of, "accountant"), "index")

    post(manager, "sweep_approve", braked.pk, note="Looked through")
    assert desk not in page_of(manager, "index")
    assert "Another person must approve it too." in page_of(manager, "sweep", braked.pk)
    again = post(manager, "sweep_approve", braked.pk)
    assert "You have approved this already." in text_of(manager.get(again.url))
    assert braked.approvals.count() == 1

    post(officer, "sweep_approve", braked.pk)
    assert f"Erasure {braked.pk} is approved and can be started" in page_of(officer, "index")
    shown = page_of(officer, "sweep", braked.pk)
    assert "Looked through" in shown
    assert reverse("admin:sweep_start", args=[braked.pk]) in shown


def test_what_waits_for_no_approval_takes_none(house, manager):
    sweep = plan_sweep(on=timezone.localdate(), by=BY)

    answer = post(manager, "sweep_approve", sweep.pk)

    assert "waits for no approval" in text_of(manager.get(answer.url))


def test_an_unapproved_erasure_does_not_start_by_its_address(braked, officer):
    post(officer, "sweep_start", braked.pk, confirm="1")

    braked.refresh_from_db()
    assert braked.state == "waiting"


def test_the_page_before_the_start_says_that_nothing_comes_back(house, officer, django_capture_on_commit_callbacks):
    sweep = plan_sweep(on=timezone.localdate(), by=BY)
    asked = page_of(officer, "sweep_start", sweep.pk)
    assert "1 person is erased with everything." in asked
    assert "does not come back" in asked
    back = post(officer, "sweep_start", sweep.pk, back="1")
    assert back.url == reverse("admin:sweep", args=[sweep.pk])
    sweep.refresh_from_db()
    assert sweep.state == "planned"

    with django_capture_on_commit_callbacks() as enqueued:
        post(officer, "sweep_start", sweep.pk, confirm="1")

    sweep.refresh_from_db()
    assert sweep.state == "running"
    assert len(enqueued) == 1
    run_sweep(sweep.pk)  # as the task does it; tables are not written anew inside of a test's transaction
    assert not Person.objects.filter(pk=house.former.pk).exists()


def test_the_progress_is_asked_while_it_runs_and_no_longer(house, officer):
    sweep = plan_sweep(on=timezone.localdate(), by=BY)
    start_sweep(sweep=sweep, by=BY)
    url = reverse("admin:sweep_status", args=[sweep.pk])

    shown = page_of(officer, "sweep", sweep.pk)
    assert officer.get(url).json() == {"working": True, "done": 0, "total": 1}
    assert "progress.js" in shown
    assert '<meta http-equiv="refresh" content="3">' in shown
    assert '<progress aria-labelledby="sweep-progress" max="1" value="0">' in shown
    run_sweep(sweep.pk)

    assert officer.get(url).json() == {"working": False, "done": 0, "total": 0}
    assert "<progress" not in page_of(officer, "sweep", sweep.pk)


def test_a_done_erasure_says_what_was_verified_and_what_not_yet_done_on_disk(office, officer):
    shown = page_of(officer, "sweep", office.sweep.pk)

    assert "it was searched for afterwards, and nothing was found" in shown.lower()
    assert "Nothing was found." in shown
    assert "have not been written anew yet" in shown
    assert "write-ahead log and backups are not touched" in shown
    assert reverse("admin:sweep_certificate", args=[office.sweep.pk]) in shown
    assert "Entinen" not in shown
    assert "are not kept in a list" in page_of(officer, "sweep_people", office.sweep.pk)
    assert "of an open erasure alone" in page_of(officer, "sweep_held", office.sweep.pk)


def test_what_could_not_be_written_anew_is_named(office, officer):
    tables = {"registers_person": 0.2, "registers_residency": None}
    said = {"tables": tables, "statistics": 0.1, "checkpoint": None, "clear": False, "whole": False}
    Sweep.objects.filter(pk=office.sweep.pk).update(rewriting=said)

    shown = page_of(officer, "sweep", office.sweep.pk)

    assert "Written anew:</strong>" not in shown
    assert "Not written anew:</strong> Residencies." in shown
    assert "An older transaction went on beside it" in shown
    assert "tried again in the next quiet hours" in shown


def test_what_was_found_stands_on_the_page_and_on_the_desk(office, officer, manager):
    hits = [{"table": "mail_outgoingmessage", "column": "subject", "rows": 2}]
    left = [{"table": "registers.residency", "rows": 3}]
    said = office.sweep.verification | {"hits": hits, "left": left}
    Sweep.objects.filter(pk=office.sweep.pk).update(state="failed", verification=said)

    shown = page_of(officer, "sweep", office.sweep.pk)

    assert "something was found afterwards" in shown
    assert "a value, in subject" in shown
    assert "a row that leads to the person" in shown
    assert "Nothing was found." not in shown
    for client in (officer, manager):
        assert "something was found after it" in page_of(client, "index")


def test_a_plan_is_cancelled_and_another_one_may_be_made(house, officer):
    sweep = plan_sweep(on=timezone.localdate(), by=BY)

    post(officer, "sweep_cancel", sweep.pk)

    assert "It was cancelled." in page_of(officer, "sweep", sweep.pk)
    assert "Nothing was erased." in page_of(officer, "sweep", sweep.pk)
    assert not SweepBatch.objects.exists()
    again = post(officer, "sweep_cancel", sweep.pk)
    assert "can no longer be cancelled" in text_of(officer.get(again.url))
    assert post(officer, "sweep_plan", on=timezone.localdate().isoformat()).status_code == 302


def test_a_large_plan_is_counted_in_the_background(house, officer, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("retention.services.counting.AT_ONCE", 0)
    with django_capture_on_commit_callbacks() as enqueued:
        post(officer, "sweep_plan", on=timezone.localdate().isoformat())
    sweep = Sweep.objects.get()
    assert len(enqueued) == 1
    assert sweep.counts == {}
    shown = page_of(officer, "sweep", sweep.pk)
    assert "counted in the background" in shown
    assert officer.get(reverse("admin:sweep_status", args=[sweep.pk])).json()["working"]
    with django_capture_on_commit_callbacks() as again:
        post(officer, "sweep_count", sweep.pk)
    assert again == []

    count_plan(sweep.pk)

    assert "Residencies" in page_of(officer, "sweep", sweep.pk)
    assert not officer.get(reverse("admin:sweep_status", args=[sweep.pk])).json()["working"]


def test_a_count_whose_worker_died_can_be_asked_for_again(house, officer):
    sweep = plan_sweep(on=timezone.localdate(), by=BY)
    since = timezone.now() - timedelta(hours=1)
    Sweep.objects.filter(pk=sweep.pk).update(progress={"counting": since.isoformat()})
    assert "Count the rows" in page_of(officer, "sweep", sweep.pk)

    post(officer, "sweep_count", sweep.pk)

    sweep.refresh_from_db()
    assert sweep.counts["registers.person"] == 1


def test_the_desk_says_that_the_ledger_lacks_entries(house, officer, manager, client_of):
    says = "The ledger of erasures lacks entries"
    assert says not in page_of(officer, "index")

    LedgerEntry.objects.create(number=7, at=timezone.now(), mac="0" * 64)

    for client in (officer, manager):
        assert says in page_of(client, "index")
    assert says not in page_of(in_english(client_of, "customer_service"), "index")


def test_after_a_restore_nothing_starts_before_the_replay(house, officer, settings, monkeypatch):
    sweep = plan_sweep(on=timezone.localdate(), by=BY)
    monkeypatch.setattr("retention.services.ledger.LedgerState.is_behind", property(lambda state: True))
    monkeypatch.setattr("retention.services.closing.is_closed", lambda now=None: False)
    monkeypatch.setattr("retention.middleware.is_closed", lambda now=None: False)

    answer = post(officer, "sweep_start", sweep.pk, confirm="1")

    assert "erasures are replayed first" in text_of(officer.get(answer.url))
    sweep.refresh_from_db()
    assert sweep.state == "planned"
    assert "erasures must be replayed" in page_of(officer, "index")


def test_what_ends_soon_stands_with_its_day_and_a_way_to_hold_it(house, manager, client_of):
    today = timezone.localdate()
    announce_ends(on=today, by=BY)
    earliest = today + timedelta(days=14)

    shown = page_of(manager, "coming")

    assert "Entinen Eero" in shown
    assert f"{earliest.day}.{earliest.month}.{earliest.year}" in shown
    assert "Needed until 1.6.2015" in shown
    assert f"{reverse('admin:hold_new')}?person={house.former.pk}" in shown
    accountless = page_of(in_english(client_of, "customer_service"), "coming")
    assert "Entinen Eero" in accountless
    assert reverse("admin:hold_new") not in accountless


def test_what_was_looked_at_leaves_the_desk(house, manager):
    announce_ends(on=timezone.localdate(), by=BY)
    desk = "Data of 1 person ends soon"
    assert desk in page_of(manager, "index")
    last = ComingEnd.objects.latest("pk")

    post(manager, "coming_seen", upto=str(last.pk))

    assert desk not in page_of(manager, "index")
    assert "Entinen Eero" in page_of(manager, "coming")
    seen = ComingEnd.objects.get(pk=last.pk)
    assert seen.seen_by == officer_user(manager)
    post(manager, "coming_seen", upto="x")


def test_lists_of_people_ask_as_much_for_many_as_for_one(house, officer):
    today = timezone.localdate()

    def asked(name, *args) -> int:
        page_of(officer, name, *args)
        with CaptureQueriesContext(connection) as queries:
            shown = page_of(officer, name, *args)
        assert "Entinen" in shown
        return len(queries)

    def all_pages() -> list[int]:
        sweep = plan_sweep(on=today, by=BY)
        announce_ends(on=today, by=BY)
        found = [asked("sweep_people", sweep.pk), asked("coming")]
        Sweep.objects.filter(pk=sweep.pk).update(state="cancelled")
        return found

    one = all_pages()
    for number in range(30):
        person = PersonFactory(last_name=f"Entinen{number}")
        ResidencyFactory(person=person, apartment=house.apartment, role="tenant", **MOVED)

    assert all_pages() == one


def test_empty_lists_say_what_will_stand_there(office, officer):
    assert "Nothing has been erased yet." in page_of(officer, "sweeps")
    assert "Nothing ends within the days of notice." in page_of(officer, "coming")


def test_an_erasure_that_is_none_has_no_page(office, officer):
    for name in ("sweep", "sweep_status", "sweep_people", "sweep_held", "sweep_start", "sweep_certificate"):
        assert officer.get(reverse(f"admin:{name}", args=[999999])).status_code == 404, name
