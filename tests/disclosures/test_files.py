"""Files leave encrypted, once, in time, and say to whom they went."""

import csv
import hashlib
from datetime import date, timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from disclosures.models import Artefact, Disclosure, OutsideRecipient
from disclosures.queries.verifying import heads_file, verify
from disclosures.services.files import AlreadyTaken, NoLongerAllowed, purge_files, take
from disclosures.services.sealing import seal_new
from disclosures.tasks import purge_disclosure_files, write_head
from fluxio.celery import app
from registers.services.people import correct_person
from registers.services.protection import restrict_processing, set_non_disclosure
from tests.consent.pdf_structure import faults, text_of
from tests.disclosures.telling import BY, tells
from tests.disclosures.test_chain import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(staff):
    return staff("manager")


def made(office, manager, file="csv", **facts):
    record = tells(office, by=manager, channel="file", file=file, title="Asukasluettelo", **facts).record
    return record, Artefact.objects.get(disclosure=record)


def test_the_records_digest_is_that_of_the_file_and_the_file_names_the_record(office, manager):
    record, artefact = made(office, manager)

    content = take(artefact=artefact, by=manager)

    assert record.artefact_sha256 == hashlib.sha256(content).hexdigest()
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Name", "Apartment"]
    assert rows[1][1] == "A 1"
    assert f"Disclosure {record.pk}." in rows[-1][0]
    assert office.people[0].full_name in rows[-1][0]


def test_a_file_lies_encrypted_and_is_gone_when_it_is_taken(office, manager):
    _record, artefact = made(office, manager)
    assert office.people[1].last_name.encode() not in artefact.content.token

    take(artefact=artefact, by=manager)

    artefact.refresh_from_db()
    assert (artefact.content, artefact.taken_by) == (None, manager.email)
    with pytest.raises(AlreadyTaken):
        take(artefact=artefact, by=manager)


def test_a_second_copy_is_a_second_record(office, manager):
    first, artefact = made(office, manager)
    content = take(artefact=artefact, by=manager)

    second, other = made(office, manager)

    assert second.pk > first.pk
    assert take(artefact=other, by=manager) != content  # it bears its own number
    assert second.artefact_sha256 != first.artefact_sha256
    assert Disclosure.objects.filter(artefact_sha256=first.artefact_sha256).get() == first


def test_nobody_takes_another_ones_file(office, manager, staff):
    _record, artefact = made(office, manager)

    with pytest.raises(PermissionDenied):
        take(artefact=artefact, by=staff("privacy_officer"))


def test_a_file_that_nobody_takes_ends_and_its_record_stays(office, manager):
    record, artefact = made(office, manager)
    Artefact.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(AlreadyTaken):
        take(artefact=artefact, by=manager)

    purge_disclosure_files()

    artefact.refresh_from_db()
    assert (artefact.content, artefact.taken_at) == (None, None)
    assert purge_files() == 0
    assert Disclosure.objects.get() == record


def test_the_schedule_empties_what_nobody_took_and_seals_and_writes_heads():
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert {f"disclosures.tasks.{name}" for name in (
        "purge_disclosure_files", "seal_disclosures", "write_head", "take_changes_for_notices"
    )} <= scheduled  # fmt: skip


def test_a_spreadsheet_holds_text_and_no_formula(office, manager):
    correct_person(person=office.people[1], changes={"last_name": "=HYPERLINK(1)"}, source="phone", by=BY)
    _record, artefact = made(office, manager, "xlsx")

    book = openpyxl.load_workbook(BytesIO(take(artefact=artefact, by=manager)))

    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value]
    assert any("=HYPERLINK(1)" in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_csv_file_opens_without_running_anything(office, manager):
    correct_person(person=office.people[1], changes={"last_name": "=HYPERLINK(1)"}, source="phone", by=BY)
    _record, artefact = made(office, manager)

    assert ";" not in take(artefact=artefact, by=manager).decode("utf-8-sig").split("'=HYPERLINK(1)")[0][-1]


def test_a_pdf_is_tagged_and_tells_the_same(office, manager):
    record, artefact = made(office, manager, "pdf")

    content = take(artefact=artefact, by=manager)

    assert faults(content) == []
    text = text_of(content)
    assert text.count(f"Disclosure {record.pk}.") == 2  # under the title, and at the foot of the page
    assert office.people[2].last_name in text


def test_when_the_record_cannot_be_written_there_is_no_file_either(office, manager):
    with pytest.raises(RuntimeError), transaction.atomic():
        made(office, manager)
        raise RuntimeError("the worker ends here")

    assert (Disclosure.objects.count(), Artefact.objects.count()) == (0, 0)


def test_a_chain_rewritten_from_some_place_on_does_not_fit_the_head_kept_outside(office, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for _number in range(3):
        tells(office)
    write_head()
    assert heads_file().stat().st_mode & 0o777 == 0o600
    assert verify().is_whole
    as_owner("UPDATE disclosures_disclosure SET note = 'changed'")
    as_owner("DELETE FROM disclosures_seal")
    seal_new()

    verdict = verify()

    assert (verdict.is_whole, verdict.fault) == (
        False,
        "the chain was rewritten: it does not fit the head kept outside",
    )


def test_records_cut_off_at_the_end_are_missed(office, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    records = [tells(office).record for _number in range(3)]
    write_head()
    for table, column in (("seal", "disclosure_id"), ("disclosedperson", "disclosure_id"), ("disclosure", "id")):
        as_owner(f"DELETE FROM disclosures_{table} WHERE {column} = %s", records[2].pk)

    assert verify().fault == "records are missing at the end, by the head kept outside"


def test_a_head_that_a_killed_worker_left_half_harms_neither_verifying_nor_the_next_one(office, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tells(office)
    heads_file().write_text("2026-01-01T00:00:00Z 1 abc")
    write_head()
    assert verify().is_whole
    as_owner("UPDATE disclosures_disclosure SET note = 'changed'")
    as_owner("DELETE FROM disclosures_seal")
    seal_new()

    assert not verify().is_whole


@pytest.mark.parametrize("hindrance", ["protected", "restricted"])
def test_a_file_does_not_leave_any_more_when_somebody_in_it_became_protected_or_restricted(
    office, manager, staff, hindrance
):
    officer = staff("privacy_officer")
    _record, artefact = made(office, manager)
    if hindrance == "protected":
        set_non_disclosure(person=office.people[1], since=date(2026, 1, 1), until=None, reported_by="dvv", by=officer)
    else:
        restrict_processing(person=office.people[1], reason="contested", by=officer)

    with pytest.raises(NoLongerAllowed):
        take(artefact=artefact, by=manager)


def test_a_spreadsheet_takes_a_control_character_for_nothing(office, manager):
    reader = OutsideRecipient.objects.create(name="Matti\x01Lukija")
    _record, artefact = made(office, manager, "xlsx", kind="anyone", recipient=reader, fields=["name"], of="owners")

    book = openpyxl.load_workbook(BytesIO(take(artefact=artefact, by=manager)))

    assert "MattiLukija" in str(list(book.active.values)[-1][0])


def test_phones_stay_phones_in_a_csv(office, manager):
    _record, artefact = made(office, manager, kind="maintenance", fields=["name", "phone"])

    text = take(artefact=artefact, by=manager).decode()

    assert f";{office.people[0].phone}" in text
