"""The access log in PostgreSQL: a partition for each month, append-only in each, ending by whole months."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from registers import access_months
from registers.models import AccessEntry
from registers.queries.access_log import log
from registers.queries.counts import rows_of_tables
from registers.services.access_log import end_access_months, log_opened, make_access_months
from registers.services.people import merge_persons
from registers.tasks import keep_log_of_looks
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
TABLE = AccessEntry._meta.db_table


def run(statement: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else None


def entry(at: datetime, **columns) -> AccessEntry:
    return AccessEntry.objects.create(
        **{"at": at, "kind": "searched", "user_key": 1, "user_email": "a@office.example"} | columns
    )


def parts() -> dict[str, int]:
    """Partition → rows, of those that have any."""
    return dict(run(f"SELECT tableoid::regclass::text, count(*) FROM {TABLE} GROUP BY 1"))


def exists(part: str) -> bool:
    return run("SELECT to_regclass(%s) IS NOT NULL", part)[0][0]


def refusal(statement: str) -> str:
    try:
        with transaction.atomic():
            run(statement)
    except DatabaseError as error:
        return str(error)
    return ""


def test_the_migration_made_this_month_and_the_coming_ones():
    month = f"{datetime.now(UTC):%Y_%m}"

    assert exists(f"{TABLE}_{month}")
    entry(datetime.now(UTC))
    assert parts() == {f"{TABLE}_{month}": 1}


def test_a_month_begins_and_ends_in_utc(by):
    make_access_months(by=by, on=date(2031, 1, 15))
    for at in (datetime(2031, 1, 1, tzinfo=UTC), datetime(2031, 1, 31, 23, 59, 59, 999999, UTC)):
        entry(at)
    entry(datetime(2031, 2, 1, tzinfo=UTC))

    assert parts() == {f"{TABLE}_2031_01": 2, f"{TABLE}_2031_02": 1}


def test_a_row_for_which_no_month_was_made_waits_and_is_led_to_its_month(by):
    rows = [entry(datetime(2033, month, 5, tzinfo=UTC), reason=f"no. {month}") for month in (3, 3, 11)]
    before = list(AccessEntry.objects.order_by("pk").values())
    assert parts() == {f"{TABLE}_default": 3}

    made = make_access_months(by=by)

    assert made == 2
    assert parts() == {f"{TABLE}_2033_03": 2, f"{TABLE}_2033_11": 1}
    assert list(AccessEntry.objects.order_by("pk").values()) == before
    assert entry(datetime(2033, 3, 6, tzinfo=UTC)).pk > rows[-1].pk
    entry(datetime(2040, 1, 1, tzinfo=UTC))
    assert parts()[f"{TABLE}_default"] == 1
    assert "append-only" in refusal(f"TRUNCATE {TABLE}_default")


def test_making_months_twice_changes_nothing(by):
    make_access_months(by=by)

    assert make_access_months(by=by) == 0


def test_months_end_when_every_row_in_them_is_from_before_a_day(by):
    for month in (9, 10, 11):
        entry(datetime(2024, month, 30, tzinfo=UTC))
    make_access_months(by=by, on=date(2024, 12, 1))
    assert parts() == {f"{TABLE}_2024_{month:02}": 1 for month in (9, 10, 11)}

    assert end_access_months(by=by, before=date(2024, 11, 1)) == 2
    assert parts() == {f"{TABLE}_2024_11": 1}
    assert end_access_months(by=by, before=date(2024, 11, 30)) == 0
    assert end_access_months(by=by, before=date(2024, 12, 1)) == 1
    assert not exists(f"{TABLE}_2024_11")


def test_the_schedule_makes_the_months_and_ends_none():
    from fluxio.celery import app

    assert "registers.tasks.keep_log_of_looks" in {entry["task"] for entry in app.conf.beat_schedule.values()}
    entry(datetime(2020, 5, 5, tzinfo=UTC))

    keep_log_of_looks()

    assert parts() == {f"{TABLE}_2020_05": 1}


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("where", ["whole", "month", "new month", "default"])
def test_nothing_in_any_partition_is_changed(statement, where, by):
    make_access_months(by=by, on=date(2027, 6, 1))
    month = f"{TABLE}_{datetime.now(UTC):%Y_%m}"
    table = {"whole": TABLE, "month": month, "new month": f"{TABLE}_2027_06", "default": f"{TABLE}_default"}[where]
    for at in (datetime.now(UTC), datetime(2027, 6, 5, tzinfo=UTC), datetime(2050, 1, 5, tzinfo=UTC)):
        entry(at)

    assert "append-only" in refusal(statement.format(table))
    assert AccessEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"kind": "unmasked", "person_key": 1}, "unmasking_has_a_reason"),
        ({"kind": "opened", "person_key": 1}, "what_was_opened_has_page_and_person"),
        ({"kind": "opened", "page": "person"}, "what_was_opened_has_page_and_person"),
    ],
)
def test_a_row_that_says_too_little_is_refused(columns, constraint):
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        entry(datetime.now(UTC), **columns)


def test_the_migration_keeps_the_rows_that_stood_in_the_plain_table():
    for day in (5, 6):
        entry(datetime(2026, 2, day, tzinfo=UTC))
    run(access_months.GATHER)
    entry(datetime(2026, 3, 7, tzinfo=UTC))
    before = list(AccessEntry.objects.order_by("pk").values())
    assert len(before) == 3
    assert run("SELECT relkind FROM pg_class WHERE relname = %s", TABLE) == [("r",)]
    assert "append-only" in refusal(f"DELETE FROM {TABLE}")

    run(access_months.PARTITION)
    run(access_months.MAKE_MONTHS)

    assert list(AccessEntry.objects.order_by("pk").values()) == before
    assert parts() == {f"{TABLE}_2026_02": 2, f"{TABLE}_2026_03": 1}
    assert entry(datetime(2026, 3, 8, tzinfo=UTC)).pk == before[-1]["id"] + 1
    assert "append-only" in refusal(f"TRUNCATE {TABLE}_2026_02")


def test_the_rows_of_all_months_are_counted(by):
    for month in (1, 2, 3):
        entry(datetime(2026, month, 5, tzinfo=UTC))

    assert rows_of_tables([AccessEntry]) == {AccessEntry: 3}
    run(f"ANALYZE {TABLE}")
    assert rows_of_tables([AccessEntry]) == {AccessEntry: 3}


def test_what_is_opened_is_one_row_for_each_person(staff, django_assert_num_queries):
    user = staff("manager")

    with django_assert_num_queries(3):  # a savepoint around one insert
        log_opened(people=[(1, False), (2, True)], page="apartment", by=user)

    assert list(AccessEntry.objects.order_by("person_key").values_list("kind", "person_key", "page", "hidden")) == [
        ("opened", 1, "apartment", False),
        ("opened", 2, "apartment", True),
    ]
    assert set(AccessEntry.objects.values_list("user_key", "user_email")) == {(user.pk, user.email)}


def test_looks_of_before_a_merge_are_looks_at_the_person(by, staff):
    keep, remove = PersonFactory(last_name="Aalto"), PersonFactory(last_name="Aalto")
    log_opened(people=[(remove.pk, False)], page="person", by=staff())
    merge_persons(keep=keep, remove=remove, by=by)
    log_opened(people=[(keep.pk, False)], page="person", by=staff())

    for key in (keep.pk, remove.pk):
        assert [row.person_key for row in log(person=key)] == [keep.pk, remove.pk]
