"""Personal data breaches: the clock, what must be done before one is closed, and that a closed one stays as it is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from consent.services.controllers import establish_controller
from disclosures.breaches import authority_due, clock
from disclosures.models import Breach
from disclosures.queries.breaches import breaches, clock_of, in_words, lacking, proposal, steps, waiting_for_authority
from disclosures.services.breaches import (
    ASSESSED,
    add_disclosure,
    assess_breach,
    close_breach,
    open_breach,
    record_authority,
    record_controller_told,
    record_persons,
)
from disclosures.services.following import follow_up
from registers.models import Controller
from registers.queries.history import visible
from tests.disclosures.telling import BY, tells
from tests.factories import HousingCompanyFactory

HELSINKI = ZoneInfo("Europe/Helsinki")
HOUR = timedelta(hours=1)
ASSESSMENT = {"consequences": "spam", "measures": "asked back, destroyed", "risk": "risk"}
CODE = "010190-999W"


def ago(hours: float) -> datetime:
    return timezone.now() - timedelta(hours=hours)


def report(office, *, by=BY, hours=5.0, **facts) -> Breach:
    plain = {
        "controller": Controller.objects.get(housing_company=None),
        "title": "List to a wrong address",
        "aware_at": ago(hours),
        "nature": ["confidentiality"],
        "what_happened": "The list of one house went to the board of another.",
        "categories": ["identity", "residence"],
        "persons": 40,
        "records": 40,
    }
    return open_breach(by=by, **plain | facts)


def ready(office, risk="risk", **facts) -> Breach:
    """Assessed and notified: what is left is closing."""
    breach = assess_breach(breach=report(office, **facts), changes=ASSESSMENT | {"risk": risk}, by=BY)
    return record_authority(breach=breach, at=ago(1), reference="1/2026", by=BY)


# The clock


def test_the_vector_of_the_law():
    aware = datetime(2026, 3, 28, 12, 0, tzinfo=HELSINKI)  # a Saturday, the night before summer time

    assert authority_due(aware).astimezone(HELSINKI) == datetime(2026, 3, 31, 13, 0, tzinfo=HELSINKI)
    assert str(authority_due(aware).astimezone(HELSINKI)) == "2026-03-31 13:00:00+03:00"


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2080, 1, 1), timezones=st.timezones()),
    st.timezones(),
)
def test_the_hours_are_elapsed_hours_in_every_time_zone(aware, elsewhere):
    due = authority_due(aware)

    assert due.timestamp() - aware.timestamp() == 72 * 3600
    assert due == authority_due(aware.astimezone(UTC)) == authority_due(aware.astimezone(elsewhere))


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        authority_due(datetime(2026, 3, 28, 12, 0))


@pytest.mark.parametrize(
    ("passed", "hours", "is_over", "says"),
    [
        (timedelta(0), 72, False, "72 hours left"),
        (70 * HOUR + timedelta(minutes=1), 1, False, "1 hour left"),
        (72 * HOUR, 0, False, "less than an hour left"),
        (72 * HOUR + timedelta(minutes=1), 0, True, "late by less than an hour"),
        (97 * HOUR, 25, True, "late by 25 hours"),
    ],
)
def test_the_clock_says_what_is_left_or_over(passed, hours, is_over, says):
    aware = datetime(2026, 10, 23, 18, 0, tzinfo=HELSINKI)  # over the night in which summer time ends

    ticking = clock(aware, aware.astimezone(UTC) + passed)

    assert (ticking.hours, ticking.is_over, in_words(ticking)) == (hours, is_over, says)


# Reporting


@pytest.mark.django_db
def test_anybody_of_the_office_reports_and_the_privacy_officer_alone_handles(office, staff):
    accountant = staff("accountant")

    breach = report(office, by=accountant)

    assert (breach.maker, breach.risk, breach.closed_at) == (accountant.email, "unassessed", None)
    with pytest.raises(PermissionDenied):
        assess_breach(breach=breach, changes=ASSESSMENT, by=accountant)
    with pytest.raises(PermissionDenied):
        report(office, by=staff())
    for role in ("manager", "customer_service", "administrator", "privacy_officer"):
        assert report(office, by=staff(role)).pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"title": " "}, "blank"),
        ({"nature": []}, "blank"),
        ({"nature": ["theft"]}, "not a valid choice"),
        ({"categories": []}, "blank"),
        ({"categories": ["faces"]}, "not a valid choice"),
        ({"title": f"list with {CODE}"}, "identity code"),
        ({"what_happened": f"list with {CODE}"}, "identity code"),
        ({"hours": -1}, "in the future"),
    ],
)
def test_a_report_that_cannot_be_is_refused(office, facts, says):
    with pytest.raises(ValidationError, match=says):
        report(office, **facts)

    assert not Breach.objects.exists()


@pytest.mark.django_db
def test_a_disclosure_proposes_the_facts_and_belongs_to_the_breach(office):
    record = tells(office).record
    made = follow_up(record=record, what="in_error", note="to another house", by=BY)

    offered = proposal(record)
    breach = report(office, disclosure=made)

    assert offered == {
        "controller": Controller.objects.get(housing_company=None).pk,
        "housing_company": office.company.pk,
        "nature": ["confidentiality"],
        "categories": ["identity", "residence"],
        "persons": 4,
        "records": 4,
    }
    assert list(breach.disclosures.all()) == [record]
    with pytest.raises(ValidationError, match="belongs to the breach already"):
        add_disclosure(breach=breach, disclosure=record, by=BY)


@pytest.mark.django_db
def test_a_housing_companys_own_breach_is_about_that_company(office):
    own = establish_controller(housing_company=office.company, by=BY)

    assert report(office, controller=own).housing_company == office.company
    with pytest.raises(ValidationError, match="another housing company"):
        report(office, controller=own, housing_company=HousingCompanyFactory())


# The steps


@pytest.mark.django_db
def test_the_authority_is_notified_in_time_or_it_is_said_why_late(office):
    breach = assess_breach(breach=report(office, hours=80), changes=ASSESSMENT, by=BY)

    record_authority(breach=breach, at=breach.aware_at + 72 * HOUR, by=BY)
    with pytest.raises(ValidationError, match="why the notification is late"):
        record_authority(breach=breach, at=breach.aware_at + 73 * HOUR, by=BY)
    late = record_authority(breach=breach, at=breach.aware_at + 73 * HOUR, late_because="found at night", by=BY)

    assert late.late_because == "found at night"


@pytest.mark.django_db
def test_moving_the_start_back_may_make_a_notification_late(office):
    breach = ready(office)

    with pytest.raises(ValidationError, match="why the notification is late"):
        assess_breach(breach=breach, changes={"aware_at": ago(100)}, by=BY)


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [-1, 6])
def test_no_step_is_in_the_future_or_before_the_start(office, hours):
    breach = assess_breach(breach=report(office), changes=ASSESSMENT, by=BY)

    for step in (record_authority, record_controller_told):
        with pytest.raises(ValidationError, match=r"in the future|before the office became aware"):
            step(breach=breach, at=ago(hours), by=BY)
    with pytest.raises(ValidationError, match=r"in the future|before the office became aware"):
        record_persons(breach=breach, at=ago(hours), how="by letter", by=BY)


@pytest.mark.django_db
def test_saying_nothing_or_both_is_refused(office):
    breach = assess_breach(breach=report(office), changes=ASSESSMENT | {"risk": "none"}, by=BY)

    for step in (record_authority, record_persons):
        for facts in ({}, {"at": ago(1), "not_because": "x"}):
            with pytest.raises(ValidationError, match="Say when"):
                step(breach=breach, by=BY, **facts)
    with pytest.raises(ValidationError, match="how the persons were told"):
        record_persons(breach=breach, at=ago(1), by=BY)
    with pytest.raises(ValidationError, match="identity code"):
        record_persons(breach=breach, at=ago(1), how=f"called {CODE}", by=BY)


@pytest.mark.django_db
def test_only_an_unlikely_risk_excuses_from_the_authority(office):
    breach = assess_breach(breach=report(office), changes=ASSESSMENT, by=BY)
    with pytest.raises(ValidationError, match="Only when the risk"):
        record_authority(breach=breach, not_because="few persons", by=BY)
    assess_breach(breach=breach, changes={"risk": "none"}, by=BY)
    breach = record_authority(breach=breach, not_because="the file was never opened", by=BY)
    assert breach.authority_is_settled

    breach = assess_breach(breach=breach, changes={"risk": "risk"}, by=BY)

    assert not breach.authority_is_settled
    assert list(waiting_for_authority()) == [breach]


# Closing


@pytest.mark.django_db
def test_what_is_missing_is_named_and_nothing_is_closed(office, staff):
    officer = staff("privacy_officer")
    own = establish_controller(housing_company=office.company, by=BY)
    breach = report(office, controller=own)
    assert len(lacking(breach)) == 3
    with pytest.raises(
        ValidationError, match=r"Before closing: Assess .*; Tell the controller .*; Notify the authority"
    ):
        close_breach(breach=breach, by=officer)

    breach = assess_breach(breach=breach, changes=ASSESSMENT | {"risk": "high"}, by=officer)
    breach = record_authority(breach=breach, at=ago(1), by=officer)
    with pytest.raises(ValidationError, match=r"Before closing: Tell the controller .*; Tell the persons"):
        close_breach(breach=breach, by=officer)
    breach = record_controller_told(breach=breach, at=ago(2), by=officer)
    breach = record_persons(breach=breach, not_because="the data was encrypted", by=officer)

    closed = close_breach(breach=breach, by=officer)

    assert closed.closed_by == officer.email
    assert closed.closed_at is not None
    assert all(step.is_done or not step.is_needed for step in steps(closed))


@pytest.mark.django_db
def test_a_closed_breach_is_never_changed(office, staff):
    breach = close_breach(breach=ready(office), by=staff("privacy_officer"))

    for write in (
        lambda: assess_breach(breach=breach, changes={"risk": "none"}, by=BY),
        lambda: record_persons(breach=breach, at=ago(0.5), how="by letter", by=BY),
        lambda: add_disclosure(breach=breach, disclosure=tells(office).record, by=BY),
        lambda: close_breach(breach=breach, by=staff("privacy_officer")),
    ):
        with pytest.raises(ValidationError, match="never changed"):
            write()


# What PostgreSQL refuses, whoever asks


def refused(statement: str, *values) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
        return ""
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name or str(error).split("\n")[0]


@pytest.mark.django_db
def test_postgresql_keeps_closed_breaches_and_their_disclosures(office, staff):
    record, other = tells(office).record, tells(office).record
    breach = close_breach(breach=ready(office, disclosure=record), by=staff("privacy_officer"))

    assert "never changed" in refused("UPDATE disclosures_breach SET title = 'x' WHERE id = %s", breach.pk)
    assert "is kept until" in refused("DELETE FROM disclosures_breach WHERE id = %s", breach.pk)
    link = "INSERT INTO disclosures_breachdisclosure (breach_id, disclosure_id) VALUES (%s, %s)"
    assert "never changed" in refused(link, breach.pk, other.pk)
    assert "is kept until" in refused("DELETE FROM disclosures_breachdisclosure")
    assert "stays with" in refused("UPDATE disclosures_breachdisclosure SET disclosure_id = %s", other.pk)
    for table in ("disclosures_breach", "disclosures_breachdisclosure"):
        assert "append-only" in refused(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")


@pytest.mark.django_db
def test_an_open_breach_is_not_deleted_and_its_report_not_rewritten(office):
    breach = report(office)

    assert "is kept until" in refused("DELETE FROM disclosures_breach WHERE id = %s", breach.pk)
    for change in ("user_email = 'x@office.example'", "program = 'x'", "at = now() - interval '9 days'"):
        assert "Who recorded a breach and when" in refused(f"UPDATE disclosures_breach SET {change}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("nature = '{}'", "breach_says_nature_and_categories"),
        ("aware_at = now() + interval '1 hour'", "nothing_of_a_breach_is_in_the_future"),
        ("closed_at = now() + interval '1 hour', closed_by = 'a@b.example'", "nothing_of_a_breach_is_in_the_future"),
        ("persons_notified_at = now() + interval '1 hour'", "nothing_of_a_breach_is_in_the_future"),
        ("controller_told_at = aware_at - interval '1 second'", "breach_steps_come_after_becoming_aware"),
        ("aware_at = authority_notified_at - interval '72 hours 1 second'", "late_notification_says_why"),
        ("persons_notified_at = now()", "telling_persons_says_how"),
        ("closed_at = now()", "closed_breach_names_who_closed_it"),
        ("closed_at = now(), closed_by = 'a@b.example', risk = 'unassessed'", "closed_breach_is_assessed"),
        ("closed_at = now(), closed_by = 'a@b.example', measures = ''", "closed_breach_is_assessed"),
        (
            "closed_at = now(), closed_by = 'a@b.example', authority_notified_at = NULL, authority_not_because = 'x'",
            "closed_breach_went_to_the_authority",
        ),
        (
            "closed_at = now(), closed_by = 'a@b.example', authority_notified_at = NULL, risk = 'none'",
            "closed_breach_went_to_the_authority",
        ),
        (
            "closed_at = now(), closed_by = 'a@b.example', risk = 'high'",
            "closed_breach_of_high_risk_went_to_persons",
        ),
    ],
)
def test_postgresql_refuses_a_step_that_the_law_does_not_allow(office, change, constraint):
    breach = ready(office)

    assert refused(f"UPDATE disclosures_breach SET {change} WHERE id = %s", breach.pk) == constraint


@pytest.mark.django_db
def test_postgresql_asks_whether_the_controller_was_told(office):
    own = establish_controller(housing_company=office.company, by=BY)
    breach = ready(office, controller=own)
    closing = "UPDATE disclosures_breach SET closed_at = now(), closed_by = 'a@b.example'"

    assert refused(closing) == "closed_breach_was_told_to_its_controller"
    record_controller_told(breach=breach, at=ago(1), by=BY)
    assert refused(closing) == ""


@pytest.mark.django_db
def test_72_hours_are_no_three_days_whatever_the_sessions_time_zone(office):
    breach = report(office)
    aware = datetime(2026, 3, 28, 12, 0, tzinfo=HELSINKI)

    def notified(at: datetime) -> str:
        statement = "UPDATE disclosures_breach SET aware_at = %s, authority_notified_at = %s WHERE id = %s"
        return refused(f"SET LOCAL TIME ZONE 'Europe/Helsinki'; {statement}", aware, at, breach.pk)

    assert notified(datetime(2026, 3, 31, 13, 1, tzinfo=HELSINKI)) == "late_notification_says_why"
    assert notified(datetime(2026, 3, 31, 13, 0, tzinfo=HELSINKI)) == ""


# The trace, and what waits


@pytest.mark.django_db
def test_every_change_of_an_open_breach_stands_in_the_trail_for_who_handles_breaches(office, staff):
    officer, manager = staff("privacy_officer"), staff("manager")
    breach = report(office, by=manager)
    assess_breach(breach=breach, changes=ASSESSMENT, by=officer)

    entries = AuditEntry.objects.filter(content_type__model="breach", object_pk=str(breach.pk)).order_by("pk")

    assert [entry.actor for entry in entries] == [manager, officer]
    assert entries[1].changes["risk"] == ["unassessed", "risk"]
    assert visible(entries, officer).count() == 2
    assert visible(entries, manager).count() == 0


@pytest.mark.django_db
def test_a_change_whose_trace_fails_is_gone_too(office, monkeypatch):
    breach = report(office)

    def fail(*args, **kwargs):
        raise RuntimeError("no trace")

    monkeypatch.setattr(AuditEntry, "save", fail)
    with pytest.raises(RuntimeError):
        assess_breach(breach=breach, changes=ASSESSMENT, by=BY)

    breach.refresh_from_db()
    assert breach.risk == "unassessed"


@pytest.mark.django_db
def test_open_ones_come_first_by_their_clock_and_closed_ones_last(office, staff):
    closed = close_breach(breach=ready(office, hours=60), by=staff("privacy_officer"))
    later, sooner = report(office, hours=3), report(office, hours=50)

    assert list(breaches()) == [sooner, later, closed]
    assert list(waiting_for_authority()) == [sooner, later]
    assert clock_of(closed, timezone.now()) is None
    assert clock_of(sooner, timezone.now()).hours == 21


def test_an_assessment_says_all_that_the_article_asks_for():
    asked = {"nature", "categories", "persons", "records", "consequences", "measures"}  # Art. 33(3)(a), (c), (d)

    assert asked <= set(ASSESSED)
