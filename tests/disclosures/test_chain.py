"""The log is sealed in a chain: every tampering shows."""

import json
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from bench.disclosures import insert
from disclosures.chain import COLUMNS, GENESIS, LATER, line_of, seal
from disclosures.guarantees import TABLES
from disclosures.models import DisclosedPerson, Disclosure, Seal
from disclosures.queries.verifying import heads_file, known_heads, verify
from disclosures.services.sealing import _persons_of, seal_new
from disclosures.tasks import write_head
from tests.disclosures.telling import tells

MANY = 32


def as_owner(statement: str, *values) -> None:
    """As somebody who owns the database and switches its guards off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.fixture
def sealed(office):
    records = [tells(office).record for _ in range(5)]
    assert seal_new() == 5
    assert verify().is_whole
    return records


@pytest.mark.django_db
def test_an_empty_log_is_whole():
    assert (verify().sealed, verify().head) == (0, GENESIS.hex())


@pytest.mark.django_db
def test_new_records_wait_for_their_seal_and_are_named(office):
    tells(office)
    assert (verify().sealed, verify().unsealed) == (0, 1)

    seal_new()

    assert (verify().sealed, verify().unsealed) == (1, 0)
    assert seal_new() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_postgresql_refuses_every_change(sealed, table, statement):
    key = "number" if table.endswith("seal") else "id"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement.format(table, key, key))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE disclosures_disclosure SET ground = 'another' WHERE id = %s",
        "UPDATE disclosures_disclosure SET at = at + interval '1 second' WHERE id = %s",
        "UPDATE disclosures_disclosure SET evidence = '{{}}' WHERE id = %s",
        "UPDATE disclosures_disclosedperson SET fields = '{{name}}' WHERE disclosure_id = %s",
        "DELETE FROM disclosures_disclosedperson WHERE id = (SELECT min(id) FROM disclosures_disclosedperson"
        " WHERE disclosure_id = %s)",
        "INSERT INTO disclosures_disclosedperson (disclosure_id, person_key, fields) VALUES (%s, 999999, '{{name}}')",
        "DELETE FROM disclosures_disclosure WHERE id = %s",
        "DELETE FROM disclosures_seal WHERE disclosure_id = %s",
    ],
)
def test_what_an_owner_of_the_database_changes_is_found_and_named(sealed, tampering):
    as_owner(tampering.replace("{{", "{").replace("}}", "}"), sealed[2].pk)

    verdict = verify()

    assert not verdict.is_whole
    assert verdict.sealed == 2
    assert verdict.broken == (sealed[3].pk if "seal" in tampering.split("WHERE")[0] else sealed[2].pk)


@pytest.mark.django_db
def test_a_record_that_is_missing_at_the_end_is_named_by_its_seal(sealed):
    as_owner("DELETE FROM disclosures_disclosure WHERE id = %s", sealed[4].pk)

    assert (verify().sealed, verify().broken, verify().fault) == (4, sealed[4].pk, "the record is missing")


@pytest.mark.django_db
def test_a_record_that_is_cut_out_with_the_numbers_closed_again_is_found(sealed):
    cut_out(sealed[2])

    assert (verify().sealed, verify().broken) == (2, sealed[3].pk)


def cut_out(record) -> None:
    """The record, its persons and its seal, and every seal after it one place lower."""
    place = Seal.objects.get(disclosure=record).number
    for table, column in (("seal", "disclosure_id"), ("disclosedperson", "disclosure_id"), ("disclosure", "id")):
        as_owner(f"DELETE FROM disclosures_{table} WHERE {column} = %s", record.pk)
    for number in range(place, Seal.objects.latest("number").number):
        as_owner("UPDATE disclosures_seal SET number = %s WHERE number = %s", number, number + 1)


def put_in(office, place: int):
    """A forged record at this place of the chain, and every seal from there on made anew."""
    forged = tells(office).record
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(disclosure_id ORDER BY number) FROM disclosures_seal")
        order = cursor.fetchone()[0]
    order.insert(place - 1, forged.pk)
    as_owner("DELETE FROM disclosures_seal WHERE number >= %s", place)
    before = bytes(Seal.objects.get(number=place - 1).digest) if place > 1 else GENESIS
    for number, key in enumerate(order[place - 1 :], place):
        row = Disclosure.objects.values(*COLUMNS, *LATER).get(pk=key)
        before = seal(before, line_of(row), _persons_of([key])[key])
        Seal.objects.create(number=number, disclosure_id=key, digest=before)
    return forged


@pytest.mark.django_db
def test_a_record_put_in_between_with_all_later_seals_made_anew_does_not_fit_the_head(
    sealed, office, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    write_head()

    put_in(office, 3)

    assert verify().fault == "the chain was rewritten: it does not fit the head kept outside"
    heads_file().unlink()
    assert verify().is_whole  # only what is kept outside shows it


@pytest.mark.django_db
def test_a_record_put_in_later_and_dated_before_a_head_is_found(sealed, office, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    write_head()
    honest, forged = tells(office).record, tells(office).record
    as_owner("UPDATE disclosures_disclosure SET at = at - interval '3 days' WHERE id = %s", forged.pk)
    seal_new()

    assert verify().broken == forged.pk != honest.pk
    assert verify().fault == "it is dated before a head kept outside that does not hold it"


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["2999-01-01T00:00:00Z", "2026-13-45T00:00:00Z", "yesterday"])
def test_a_head_whose_time_cannot_be_relied_on_still_holds_its_digest(sealed, office, settings, tmp_path, moment):
    settings.DATA_DIR = tmp_path
    write_head()
    heads_file().write_text(f"{moment} {heads_file().read_text().split(maxsplit=1)[1]}")
    tells(office)
    seal_new()
    assert verify().is_whole
    as_owner("UPDATE disclosures_disclosure SET note = 'x' WHERE id = %s", sealed[4].pk)
    as_owner("DELETE FROM disclosures_seal WHERE number >= 5")
    seal_new()

    assert "head kept outside" in verify().fault


@pytest.mark.django_db
def test_a_log_that_was_emptied_is_missed_by_the_head(sealed, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    write_head()
    as_owner(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    assert not Disclosure.objects.exists()

    assert verify().fault == "records are missing at the end, by the head kept outside"
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_disclosures", stdout=said)
    assert (ended.value.code, said.getvalue()) == (
        1, "The log is broken: records are missing at the end, by the head kept outside.\n"
    )  # fmt: skip


@pytest.mark.django_db
def test_two_records_that_change_places_are_found(sealed):
    first, second = (Seal.objects.get(disclosure=record) for record in sealed[1:3])
    as_owner("UPDATE disclosures_seal SET number = -number WHERE number IN (%s, %s)", first.number, second.number)
    as_owner("UPDATE disclosures_seal SET number = %s WHERE number = %s", second.number, -first.number)
    as_owner("UPDATE disclosures_seal SET number = %s WHERE number = %s", first.number, -second.number)

    assert verify().broken == sealed[2].pk


@pytest.mark.django_db
def test_a_person_cannot_be_added_to_a_record_of_before(sealed):
    as_owner("UPDATE disclosures_disclosure SET at = at - interval '1 day' WHERE id = %s", sealed[0].pk)

    with pytest.raises(IntegrityError, match="comes with the record"), transaction.atomic():
        DisclosedPerson.objects.create(disclosure=sealed[0], person_key=12345, fields=["name"])


@pytest.mark.django_db
def test_the_command_answers_in_words_and_in_json(sealed):
    said = StringIO()
    call_command("verify_disclosures", stdout=said)
    assert "5 disclosures are as they were sealed" in said.getvalue()

    as_owner("UPDATE disclosures_disclosure SET note = 'x' WHERE id = %s", sealed[3].pk)
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_disclosures", json=True, stdout=said)
    assert ended.value.code == 1
    answer = json.loads(said.getvalue())
    assert (answer["whole"], answer["broken"], answer["sealed"]) == (False, sealed[3].pk, 3)


@pytest.mark.django_db
def test_erasing_people_leaves_the_chain_whole(sealed, office):
    as_owner("DELETE FROM registers_person WHERE id = %s", office.people[3].pk)

    assert verify().is_whole


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_sealers_at_once_leave_one_unbroken_chain(office):
    barrier, faults = Barrier(MANY), []

    def work() -> None:
        barrier.wait()
        try:
            tells(office)
            seal_new()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    seal_new()
    verdict = verify()
    assert (verdict.is_whole, verdict.sealed, verdict.unsealed) == (True, MANY, 0)
    assert Disclosure.objects.count() == MANY


@pytest.mark.django_db
def test_a_new_head_does_not_cover_a_rewritten_chain(sealed, settings, tmp_path, caplog):
    """Rewritten from some place on, with no new disclosure before the next daily head."""
    settings.DATA_DIR = tmp_path
    write_head()
    as_owner("UPDATE disclosures_disclosure SET ground = 'other' WHERE id = %s", sealed[2].pk)
    as_owner("DELETE FROM disclosures_seal WHERE number > 2")
    seal_new()
    assert "head kept outside" in verify().fault

    write_head()

    assert "head kept outside" in verify().fault
    assert len(known_heads()) == 1
    assert "run verify_disclosures" in caplog.text


@pytest.mark.django_db
def test_two_heads_for_one_place_are_a_break(sealed, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    write_head()
    line = heads_file().read_text().strip()
    heads_file().write_text(f"{line}\n{line.rsplit(' ', 1)[0]} {'0' * 64}\n{line}\n")

    assert "heads kept outside differ" in verify().fault


@pytest.mark.django_db
def test_the_log_takes_what_its_measurement_writes(office):
    insert("disclosures_disclosure", "disclosures_disclosedperson", [person.pk for person in office.people])

    assert seal_new() == 1
    assert verify().is_whole
