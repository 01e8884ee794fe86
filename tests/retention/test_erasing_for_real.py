"""After a sweep nobody finds the person: not in a dump, not in the tables' files, not in anybody's session."""

from datetime import date

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.acting import acting
from accounts.models import AuditEntry
from consent.models import ConsentEvent
from disclosures.models import Artefact
from registers.models import ImportRow, ImportRun, Ownership, Person, Residency
from registers.services.identity_codes import store_identity_code
from retention.models import ErasureRecord
from retention.services.planning import plan_sweep
from retention.services.rewriting import rewrite
from retention.services.sweeping import run_sweep, start_sweep
from tests.consent.makers import change
from tests.disclosures.telling import tells
from tests.factories import ImportRunFactory, OutgoingMessageFactory, identity_code
from tests.kept_rows import back_to
from tests.retention.outside import dump, found_on_disk
from tests.retention.people import BY, LAST_YEAR, ON, former, resident, sweep

VALUES = [
    "Lehtomaa",
    "Aino Inkeri",
    "aino.lehtomaa@example.com",
    "+358405550199",
    "Uusikatu 77 b 9",
    "aiempi@example.com",
]
CODE = identity_code(date(1980, 5, 5), 977)
on_disk = pytest.mark.django_db(transaction=True)


def everything_about(person, house):
    change(person, email="aiempi@example.com")
    change(person, email="aino.lehtomaa@example.com")  # the history now holds both
    store_identity_code(person=person, code=CODE, ground="law", source="phone", by=BY)
    run = ImportRunFactory(housing_company=house.company)
    run.seal(b"Lehtomaa;Aino Inkeri")
    run.save()
    ImportRow.objects.create(run=run, position=1, change="new", person=person, values={"last_name": "Lehtomaa"})
    OutgoingMessageFactory(person_key=person.pk, to="aino.lehtomaa@example.com", body="Hei Aino Inkeri Lehtomaa")


def in_dump():
    text = dump("--data-only").decode("utf-8", "replace")
    return [value for value in [*VALUES, CODE] if value in text]


@on_disk
def test_a_dump_has_none_of_the_persons_values(house):
    person = former(house.home)
    everything_about(person, house)
    neighbour = resident(house.other, first_names="Ilmari", last_name="Naapuri", email="ilmari@example.com")
    assert in_dump() == VALUES  # the identity code is nowhere in clear, before or after

    done = sweep()

    assert (done.state, done.verification["hits"], done.verification["left"]) == ("done", [], [])
    assert in_dump() == []
    assert "Naapuri" in dump("--data-only").decode()
    assert Person.objects.filter(pk=neighbour.pk).exists()


@pytest.fixture
def new_files(migrated_database, transactional_db):
    """Without what other tests have left of the same values."""
    back_to(migrated_database, new_files=True)


@on_disk
def test_the_files_of_the_tables_hold_none_of_the_values_either(new_files, house):
    person = former(house.home)
    everything_about(person, house)
    assert all(found_on_disk(value.encode()) for value in VALUES)
    planned = start_sweep(sweep=plan_sweep(on=ON, by=BY), by=BY)

    done = run_sweep(planned.pk, rewrite=lambda row: rewrite(row, pause=0.1))

    assert (None in done.rewriting["tables"].values(), done.rewriting["clear"]) == (False, True)
    assert {value: found_on_disk(value.encode()) for value in VALUES} == {value: [] for value in VALUES}
    assert done.rewriting["checkpoint"] is not None


@pytest.mark.django_db
def test_the_history_says_that_something_was_changed_and_no_longer_what(house):
    person = former(house.home)
    change(person, phone="+358405550000")
    entries = AuditEntry.objects.filter(person_key=person.pk)
    before = entries.count()
    assert entries.exclude(changes=None).count() == before

    sweep()

    assert entries.count() == before
    assert list(entries.order_by().values_list("changes", "object_repr", "changes_text").distinct()) == [(None, "", "")]
    assert entries.filter(scrubbed_at=None).count() == 0


@pytest.mark.django_db
def test_contact_details_go_first_and_with_them_what_the_history_said_of_them(house):
    person = resident(
        house.home, moved_out=LAST_YEAR, last_name="Pysyvä", email="vaihtuva@example.com", phone="+358405550777"
    )
    assert AuditEntry.objects.filter(person_key=person.pk, changes__has_key="email").exists()

    done = sweep()

    person.refresh_from_db()
    assert (person.last_name, person.email, person.phone) == ("Pysyvä", "", "")
    assert (done.persons, done.partly) == (0, 1)
    assert not AuditEntry.objects.filter(person_key=person.pk, changes__has_key="email").exists()
    assert AuditEntry.objects.filter(person_key=person.pk, changes__has_key="last_name").exists()
    assert set(ErasureRecord.objects.values_list("person_key", "what")) == {(person.pk, "contact")}


@pytest.mark.django_db
def test_searches_that_wait_in_a_session_forget_the_person(house):
    former(house.home)
    session = SessionStore()
    session["searches"] = {"token": "Lehtomaa Aino Inkeri"}
    session["other"] = "virtanen"
    session.save()

    sweep()

    assert Session.objects.get(pk=session.session_key).get_decoded() == {"other": "virtanen"}


@pytest.mark.django_db
def test_an_import_under_review_that_names_the_person_is_discarded_with_its_file(house):
    person = former(house.home)
    everything_about(person, house)

    sweep()

    run = ImportRun.objects.get()
    assert (run.state, bytes(run.content), run.rows.count()) == ("discarded", b"", 0)


@pytest.mark.django_db
def test_an_import_that_is_being_applied_holds_the_person_until_it_is_done(house):
    person = former(house.home)
    run = ImportRunFactory(housing_company=house.company, state="applying")
    ImportRow.objects.create(run=run, position=1, change="new", person=person)

    assert (sweep().persons, Person.objects.filter(pk=person.pk).exists()) == (0, True)
    ImportRun.objects.update(state="done")
    ImportRow.objects.all().delete()

    assert (sweep().persons, Person.objects.filter(pk=person.pk).exists()) == (1, False)


@pytest.mark.django_db
def test_a_file_that_nobody_has_taken_out_yet_is_emptied(office, staff):
    tells(office, by=staff("manager"), channel="file", file="csv", title="List")
    assert Artefact.objects.get().content is not None
    Residency.objects.filter(person=office.people[0]).update(moved_out=date(2020, 1, 1), moved_in=None)
    with acting(BY):
        Ownership.objects.filter(person=office.people[0]).delete()
        office.people[0].board_seats.all().delete()

    sweep()

    assert Artefact.objects.get().content is None


@pytest.mark.django_db
def test_what_somebody_wrote_into_a_text_of_the_log_is_found_and_named_by_its_column(house, management):
    """Staff are told to write no names; what they did write cannot stay unseen."""
    person = former(house.home)
    purpose = management.purposes.get(code="marketing")
    ConsentEvent.objects.create(
        kind="given", purpose=purpose, version=purpose.versions.get(), channel="post", person_key=person.pk + 999,
        text="x", means="phone", evidence="puhelu Aino Inkeri Lehtomaa", language="fi", program="tests",
    )  # fmt: skip

    done = sweep()

    assert done.state == "failed"
    assert done.verification["hits"] == [{"table": "consent_consentevent", "column": "evidence", "rows": 1}]


@pytest.mark.django_db
def test_a_couples_common_address_and_a_namesake_are_no_findings(house):
    former(house.home)
    resident(house.other, last_name="Lehtomaa", first_names="Aino Inkeri", street_address="Uusikatu 77 b 9")

    assert sweep().state == "done"


@pytest.mark.django_db
def test_nothing_of_the_values_is_written_into_what_is_kept_of_the_sweep(house):
    person = former(house.home)
    recorded = timezone.now()

    done = sweep()

    record = ErasureRecord.objects.get()
    assert (record.person_key, record.what, record.sweep_key) == (person.pk, "whole", done.pk)
    assert record.at >= recorded
    assert done.counts["registers.person"] == 1
    assert list(done.batches.values_list("people", flat=True)) == [[]]
