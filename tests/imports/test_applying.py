"""Accepting and applying: one transaction, what was shown and nothing else, with its trail."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from accounts.acting import acting
from accounts.models import AuditEntry
from registers import tasks
from registers.imports.services import applying, reading
from registers.imports.services.applying import apply_import
from registers.imports.services.deciding import decide_all, decide_rows, start_applying
from registers.imports.services.linking import link_suggested
from registers.imports.services.reading import read_import
from registers.imports.services.runs import MOST_ATTEMPTS, discard_import, upload_import
from registers.inventory import rows_about
from registers.models import Apartment, Building, IdentityCode, ImportRun, Person, Residency
from registers.services.people import correct_person
from tests.factories import (
    ApartmentFactory,
    BuildingFactory,
    HousingCompanyFactory,
    PersonFactory,
    ProtectedPersonFactory,
    ResidencyFactory,
    identity_code,
)

from .flow import BY, RESIDENTS, applied, codes_of, imported, only, reviewed
from .spreadsheets import text_file

pytestmark = pytest.mark.django_db
MATTI = ["A 1", "Virtanen", "Matti", "1.5.1980", "", "1.6.2020"]
AINO = ["A 2", "Aalto", "Aino", "3.3.1970", "", "1.6.2020"]


@pytest.fixture
def company():
    return HousingCompanyFactory(street_address="Rantatie 5")


@pytest.fixture
def home(company):
    building = BuildingFactory(housing_company=company, street_address="Rantatie 5")
    return ApartmentFactory(building=building, staircase="A", number=1)


def matti(home, factory=PersonFactory, **fields):
    details = {"last_name": "Virtanen", "first_names": "Matti", "date_of_birth": date(1980, 5, 1)}
    person = factory(**(details | fields))
    return ResidencyFactory(person=person, apartment=home, moved_in=date(2020, 6, 1), role="other")


def test_only_what_is_accepted_is_applied(company):
    run = reviewed(company, RESIDENTS, MATTI, AINO)
    one, other = run.rows.order_by("position")
    decide_rows(run=run, shown=[one.pk, other.pk], accepted=[one.pk], by=BY)

    applied(run, accept=False)

    assert [person.last_name for person in Person.objects.all()] == ["Virtanen"]
    assert [str(home) for home in Apartment.objects.all()] == ["A 1"]


def test_nothing_is_applied_when_nothing_is_accepted(company):
    run = reviewed(company, RESIDENTS, MATTI)

    with pytest.raises(ValidationError):
        start_applying(run=run, by=BY)
    assert (Person.objects.count(), Building.objects.count()) == (0, 0)


def test_accepting_all_moves_nobody_out(home):
    matti(home)
    run = reviewed(home.housing_company, RESIDENTS, AINO)

    decide_all(run=run, accepted=True, by=BY)

    assert [row.accepted for row in run.rows.order_by("position")] == [True, None]


def test_what_was_applied_is_not_kept_a_second_time(company):
    run = imported(company, RESIDENTS, MATTI, ["A 3", "Koivu", "Kaisa", "31.2.1980", "", ""])

    assert bytes(run.content) == b""
    assert [(row.change, row.values["cells"][:2]) for row in run.rows.all()] == [("rejected", ["A 3", "Koivu"])]


def entries(model, pk):
    found = AuditEntry.objects.filter(content_type__model=model, object_pk=str(pk)).order_by("pk").last()
    names = ("object_id", "object_repr", "action", "changes", "person_key", "actor_email", "program", "changes_text")
    return {name: getattr(found, name) for name in (*names, "serialized_data", "additional_data", "remote_addr", "cid")}


def without_keys(entry, *names):
    changes = {name: pair for name, pair in entry["changes"].items() if name not in names}
    return {k: v for k, v in entry.items() if k not in ("object_id", "person_key", "object_repr")} | {
        "changes": changes
    }


def test_the_trail_of_new_rows_is_as_saving_them_writes_it(company):
    imported(company, [*RESIDENTS, "Sähköposti", "Turvakielto"], [*MATTI, "matti@example.com", "x"])
    by_import = Residency.objects.get()
    building = BuildingFactory(
        housing_company=company, source="system", obtained_on=timezone.localdate(), postal_code="", post_office=""
    )
    with acting(BY):
        apartment = Apartment(building=building, staircase="A", number=1, source="system")
        apartment.save()
        person = Person(
            last_name="Virtanen",
            first_names="Matti",
            date_of_birth=date(1980, 5, 1),
            email="matti@example.com",
            source="system",
            non_disclosure_from=timezone.localdate(),
            non_disclosure_source="import",
        )
        person.save()
        residency = Residency(person=person, apartment=apartment, moved_in=date(2020, 6, 1), source="system")
        residency.save()

    for model, ours, theirs, keys in [
        ("person", by_import.person, person, ()),
        ("residency", by_import, residency, ("person", "apartment")),
        ("apartment", by_import.apartment, apartment, ("building",)),
    ]:
        made = entries(model, ours.pk)
        assert without_keys(made, *keys) == without_keys(entries(model, theirs.pk), *keys), model
        assert (made["object_id"], made["object_repr"]) == (ours.pk, str(ours))
        for key in keys:
            assert made["changes"][key] == ["None", str(getattr(ours, f"{key}_id"))]
    assert entries("person", by_import.person_id)["person_key"] == by_import.person_id
    assert entries("residency", by_import.pk)["person_key"] == by_import.person_id


def test_the_trail_of_changes_is_as_saving_them_writes_it(home):
    residency = matti(home, phone="+358401234567")
    other = PersonFactory(
        last_name="Virtanen", first_names="Matti", date_of_birth=date(1980, 5, 1), phone="+358401234567"
    )
    stay = ResidencyFactory(person=other, moved_in=date(2020, 6, 1), role="other")

    header = [*RESIDENTS, "Sähköposti", "Kieli", "Rooli"]
    cells = ["matti@example.com", "ruotsi", "vuokralainen"]
    imported(home.housing_company, header, [*MATTI[:4], "040 765 4321", "1.7.2020", *cells])
    facts = {"phone": "+358407654321", "email": "matti@example.com", "language": "sv"}
    correct_person(person=other, changes=facts, source="system", by=BY)
    with acting(BY):
        stay.role, stay.moved_in = "tenant", date(2020, 7, 1)
        stay.save()

    assert without_keys(entries("person", residency.person_id)) == without_keys(entries("person", other.pk))
    assert without_keys(entries("residency", residency.pk)) == without_keys(entries("residency", stay.pk))
    residency.person.refresh_from_db()
    other.refresh_from_db()
    assert residency.person.field_sources == other.field_sources


def test_the_trail_names_the_user_who_accepted(company, staff):
    manager = staff("manager")
    run = reviewed(company, RESIDENTS, MATTI, by=manager)
    applied(run, by=manager)

    entry = AuditEntry.objects.get(content_type__model="person")
    assert (entry.actor, entry.actor_email, entry.program) == (manager, manager.email, "")


def test_without_a_trail_there_is_no_change(company, monkeypatch):
    run = reviewed(company, RESIDENTS, MATTI)
    decide_all(run=run, accepted=True, by=BY)
    start_applying(run=run, by=BY)
    entries_before = AuditEntry.objects.count()
    monkeypatch.setattr(
        "registers.imports.trail.actor_columns",
        lambda actor: dict.fromkeys(("actor_id", "actor_email"), None) | {"program": ""},
    )

    apply_import(run=run.pk)

    run.refresh_from_db()
    assert run.state == "failed"
    assert (Person.objects.count(), Apartment.objects.count(), AuditEntry.objects.count()) == (0, 0, entries_before)


def test_a_refusal_of_the_database_is_told_and_leaves_nothing(home, monkeypatch):
    run = reviewed(home.housing_company, RESIDENTS, MATTI, AINO)
    decide_all(run=run, accepted=True, by=BY)
    start_applying(run=run, by=BY)
    monkeypatch.setattr(applying, "write_residents", lambda **kwargs: _break_a_constraint(home))

    apply_import(run=run.pk)

    run.refresh_from_db()
    assert run.state == "failed"
    assert run.failure[0] == "constraint"
    assert bytes(run.content) == b""
    assert Person.objects.count() == 0


def _break_a_constraint(home):
    PersonFactory()
    ApartmentFactory(building=home.building, staircase="A", number=1)


def test_what_changed_since_the_review_is_skipped_and_told(home):
    residency = matti(home, phone="+358401234567")
    run = reviewed(home.housing_company, RESIDENTS, [*MATTI[:4], "040 765 4321", ""], AINO)
    correct_person(person=residency.person, changes={"phone": "+358409999999"}, source="phone", by=BY)

    applied(run)

    residency.person.refresh_from_db()
    assert residency.person.phone == "+358409999999"
    assert (run.counts["applied"], run.counts["skipped"]) == (1, 1)
    assert codes_of(only(run)) == ["changed_meanwhile"]


def test_two_reviews_of_the_same_file_make_nobody_twice(company):
    first, second = (reviewed(company, RESIDENTS, MATTI, AINO) for _ in range(2))

    applied(first)
    applied(second)

    assert (Person.objects.count(), Residency.objects.count(), Building.objects.count()) == (2, 2, 1)
    assert (second.counts["applied"], second.counts["skipped"]) == (0, 2)


def test_applying_a_second_time_does_nothing(company):
    run = imported(company, RESIDENTS, MATTI)

    apply_import(run=run.pk)
    read_import(run=run.pk)
    with pytest.raises(ValidationError):
        start_applying(run=run, by=BY)

    run.refresh_from_db()
    assert (run.state, Person.objects.count()) == ("done", 1)


def test_a_discarded_import_keeps_nothing(company):
    run = reviewed(company, RESIDENTS, MATTI)

    run = discard_import(run=run, by=BY)

    assert (run.state, bytes(run.content), run.rows.count(), run.options) == ("discarded", b"", 0, {})
    with pytest.raises(ValidationError):
        decide_all(run=run, accepted=True, by=BY)


def test_the_stored_file_is_encrypted(company):
    run = upload_import(file_name="a.csv", data=text_file([RESIDENTS, MATTI]), housing_company=company, by=BY)

    assert b"Virtanen" not in bytes(run.content)
    assert b"Virtanen" in run.unsealed()


@pytest.mark.parametrize("state", ["reading", "applying"])
def test_a_run_whose_worker_died_is_taken_up_again(state, company, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(tasks.read_import, "delay", tasks.read_import)
    monkeypatch.setattr(tasks.apply_import, "delay", tasks.apply_import)
    run = upload_import(file_name="a.csv", data=text_file([RESIDENTS, MATTI]), housing_company=company, by=BY)
    if state == "applying":
        read_import(run=run.pk)
        decide_all(run=run, accepted=True, by=BY)
        start_applying(run=run, by=BY)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.collect_imports()
    assert ImportRun.objects.get().state == state  # a worker may have it still

    ImportRun.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.collect_imports()
    assert ImportRun.objects.get().state == {"reading": "review", "applying": "done"}[state]


def test_a_run_that_kills_its_workers_fails_in_the_end(company, monkeypatch):
    class Killed(BaseException):
        pass

    def die(run):
        raise Killed

    monkeypatch.setattr(reading, "_read", die)
    run = upload_import(file_name="a.csv", data=text_file([RESIDENTS, MATTI]), housing_company=company, by=BY)
    for _death in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            read_import(run=run.pk)
    read_import(run=run.pk)

    run.refresh_from_db()
    assert (run.state, run.failure, bytes(run.content)) == ("failed", ["interrupted", {}], b"")


def test_old_imports_are_purged_with_their_rows(company):
    old, recent = (
        imported(company, RESIDENTS, MATTI, ["A 3", "Koivu", "", "31.2.1980", "", ""])
        if n
        else reviewed(company, RESIDENTS, MATTI)
        for n in range(2)
    )
    ImportRun.objects.filter(pk=old.pk).update(changed_at=timezone.now() - timedelta(days=15))

    tasks.purge_old_imports()

    assert list(ImportRun.objects.all()) == [recent]


def test_rights_are_checked_at_every_step(company, staff):
    service = staff("customer_service")
    run = reviewed(company, RESIDENTS, MATTI)

    for step in (
        lambda: upload_import(file_name="a.csv", data=b"x", by=service),
        lambda: decide_all(run=run, accepted=True, by=service),
        lambda: decide_rows(run=run, shown=[], accepted=[], by=service),
        lambda: start_applying(run=run, by=service),
        lambda: discard_import(run=run, by=service),
        lambda: link_suggested(run=run, row=1, linked=True, by=service),
    ):
        with pytest.raises(PermissionDenied):
            step()


def test_who_may_not_see_protected_people_cannot_change_them_by_a_file(home, staff):
    manager = staff("manager")
    residency = matti(home, ProtectedPersonFactory, phone="+358401234567")
    run = reviewed(home.housing_company, RESIDENTS, [*MATTI[:4], "040 765 4321", "1.7.2020"], AINO, by=manager)

    applied(run, by=manager)

    residency.refresh_from_db()
    residency.person.refresh_from_db()
    assert (residency.person.phone, residency.moved_in) == ("+358401234567", date(2020, 6, 1))
    assert run.counts["applied"] == 1


def test_a_person_protected_since_the_review_is_left_alone(home, staff):
    manager = staff("manager")
    residency = matti(home, phone="+358401234567")
    run = reviewed(home.housing_company, RESIDENTS, [*MATTI[:4], "040 765 4321", ""], by=manager)
    decide_all(run=run, accepted=True, by=manager)
    Person.objects.filter(pk=residency.person_id).update(non_disclosure_from=date(2026, 1, 1))

    applied(run, by=manager, accept=False)

    residency.person.refresh_from_db()
    assert residency.person.phone == "+358401234567"


def test_an_order_in_the_file_is_honoured_even_by_who_may_not_change_the_rest(home, staff):
    manager = staff("manager")
    residency = matti(home, phone="+358401234567")
    run = reviewed(
        home.housing_company, [*RESIDENTS, "Turvakielto"], [*MATTI[:4], "040 765 4321", "1.7.2020", "x"], by=manager
    )

    applied(run, by=manager)

    residency.refresh_from_db()
    residency.person.refresh_from_db()
    assert residency.person.is_protected
    assert codes_of(only(run)) == ["order_alone"]
    assert (residency.person.phone, residency.moved_in) == ("+358401234567", date(2020, 6, 1))


def test_a_suggested_person_is_linked_only_by_saying_so(company):
    known = PersonFactory(last_name="Virtanen", first_names="Matti", date_of_birth=date(1980, 5, 1))
    run = reviewed(company, RESIDENTS, [*MATTI[:4], "040 765 4321", ""])

    link_suggested(run=run, row=only(run).pk, linked=True, by=BY)
    row = only(run)
    assert (row.person, row.differences, row.accepted) == (known, {"phone": ["", "+358407654321"]}, None)

    applied(run)
    known.refresh_from_db()
    assert (Person.objects.count(), known.phone) == (1, "+358407654321")
    assert Residency.objects.get().person == known


def test_a_link_can_be_taken_back(company):
    PersonFactory(last_name="Virtanen", first_names="Matti", date_of_birth=date(1980, 5, 1))
    run = reviewed(company, RESIDENTS, MATTI)
    link_suggested(run=run, row=only(run).pk, linked=True, by=BY)

    link_suggested(run=run, row=only(run).pk, linked=False, by=BY)

    assert (only(run).person, only(run).change) == (None, "new")


CODE = identity_code(date(1980, 5, 1))
WITH_CODES = ["Huoneisto", "Nimi", "Henkilötunnus"]


def test_identity_codes_are_not_read_without_a_ground(company):
    imported(company, WITH_CODES, ["A 1", "Virtanen, Matti", CODE])

    assert IdentityCode.objects.count() == 0
    assert Person.objects.get().date_of_birth is None


def test_identity_codes_are_stored_on_their_ground_and_shown_nowhere(company, staff):
    manager = staff("manager")
    run = reviewed(
        company,
        WITH_CODES,
        ["A 1", "Virtanen, Matti", CODE],
        ["31.2.", "Aalto, Aino", CODE],
        by=manager,
        identity_code_ground="rental",
    )
    everything = str([list(run.rows.values()), run.notes, run.options])
    assert CODE not in everything

    applied(run, by=manager)
    stored = IdentityCode.objects.get()
    assert (stored.code.reveal(), stored.ground, stored.collected_by) == (CODE, "rental", manager)
    assert stored.person.date_of_birth == date(1980, 5, 1)
    assert CODE not in str(list(AuditEntry.objects.values()))


def test_an_identity_code_finds_its_person_whatever_the_name(company, staff):
    imported(company, WITH_CODES, ["A 1", "Virtanen, Matti", CODE], identity_code_ground="rental")

    run = reviewed(company, WITH_CODES, ["A 1", "Aalto, Matti", CODE], identity_code_ground="rental")

    assert only(run).differences == {"last_name": ["Virtanen", "Aalto"]}


def test_another_identity_code_is_another_person(company):
    imported(company, WITH_CODES, ["A 1", "Virtanen, Matti", CODE], identity_code_ground="rental")
    other = identity_code(date(1980, 5, 1), 902)

    run = reviewed(company, WITH_CODES, ["A 1", "Virtanen, Matti", other], identity_code_ground="rental")

    assert codes_of(only(run)) == ["other_identity_code"]


def test_erasing_finds_the_staged_rows_of_a_person(home):
    residency = matti(home)
    reviewed(home.housing_company, RESIDENTS, MATTI)

    assert len(rows_about(residency.person_id)["registers.importrow"]) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_apply_twice():
    company = HousingCompanyFactory(street_address="Rantatie 5")
    run = reviewed(
        company, RESIDENTS, *([f"A {n}", f"Suku{chr(97 + n % 26)}", "Matti", "", "", ""] for n in range(1, 60))
    )
    decide_all(run=run, accepted=True, by=BY)
    start_applying(run=run, by=BY)

    def work():
        try:
            apply_import(run=run.pk)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    run.refresh_from_db()
    assert (run.state, Person.objects.count(), Residency.objects.count()) == ("done", 59, 59)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_company_at_a_time_make_nobody_twice():
    company = HousingCompanyFactory(street_address="Rantatie 5")
    rows = [[f"A {n}", f"Suku{chr(97 + n % 26)}", "Matti", "1.1.1980", "", ""] for n in range(1, 60)]
    runs = [reviewed(company, RESIDENTS, *rows) for _ in range(2)]
    for run in runs:
        decide_all(run=run, accepted=True, by=BY)
        start_applying(run=run, by=BY)

    def work(key):
        try:
            apply_import(run=key)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=[run.pk]) for run in runs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(ImportRun.objects.values_list("state", flat=True)) == ["done", "done"]
    assert (Person.objects.count(), Building.objects.count()) == (26, 1)


def test_the_states_are_a_table_and_nothing_beside_it():
    states = set(ImportRun.State.values)

    assert set(ImportRun.TRANSITIONS) == states
    assert {to for tos in ImportRun.TRANSITIONS.values() for to in tos} <= states
    with pytest.raises(ValueError, match="does not go from done"):
        ImportRun(state="done").move_to("review")


def test_who_and_when_of_accepting_stand_together(company):
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRun.objects.create(file_name="a", housing_company=company, program="", applied_at=timezone.now())
