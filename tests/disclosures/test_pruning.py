"""Old records leave the log behind a signed checkpoint; the chain stays verifiable, and nobody forges one."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from disclosures.chain import sign_checkpoint
from disclosures.models import Checkpoint, DisclosedPerson, Disclosure, Seal
from disclosures.queries.verifying import heads_file, verify
from disclosures.services.pruning import prune_disclosures
from disclosures.services.sealing import seal_new
from disclosures.tasks import write_head
from tests.disclosures.telling import BY, tells
from tests.disclosures.test_chain import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def heads(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def prune(*records):
    return prune_disclosures(disclosures=[row.pk for row in records], reason="three years", by=BY)


def some(office, many=5):
    made = [tells(office).record for _ in range(many)]
    seal_new()
    return made


def test_pruned_records_are_gone_and_the_chain_is_whole(office, heads):
    records = some(office)
    write_head()

    assert prune(*records[:3]) == 3

    assert {*Disclosure.objects.values_list("pk", flat=True)} == {row.pk for row in records[3:]}
    assert DisclosedPerson.objects.count() == 8
    verdict = verify()
    assert (verdict.is_whole, verdict.sealed, verdict.pruned) == (True, 5, 3)
    point = Checkpoint.objects.get()
    assert (point.first, point.last, point.reason, point.program) == (1, 3, "three years", "tests")


def test_the_chain_goes_on_after_everything_was_pruned(office, heads):
    records = some(office, 2)
    prune(*records)
    assert verify().is_whole

    tells(office)
    seal_new()

    assert (verify().sealed, verify().pruned, verify().is_whole) == (3, 2, True)
    assert Seal.objects.get().number == 3


@given(gone=st.sets(st.integers(0, 5)), again=st.sets(st.integers(0, 5)))
def test_whatever_is_pruned_and_pruned_again_the_chain_is_whole(office, gone, again):
    with transaction.atomic():
        records = some(office, 6)
        before = verify().sealed
        prune(*[records[n] for n in sorted(gone)])
        prune(*[records[n] for n in sorted(again - gone)])

        verdict = verify()
        assert verdict.is_whole
        assert (verdict.sealed, Disclosure.objects.count()) == (before, 6 - len(gone | again))
        transaction.set_rollback(True)


def test_a_correction_goes_with_what_it_corrects(office):
    first = tells(office).record
    columns = {f.attname: getattr(first, f.attname) for f in Disclosure._meta.concrete_fields if f.attname != "id"}
    Disclosure.objects.create(**columns | {"what": "recalled", "follows_id": first.pk, "persons": 0})
    other = tells(office).record
    seal_new()

    assert prune(first) == 2

    assert Disclosure.objects.get() == other
    assert verify().is_whole


def test_unsealed_and_unknown_records_are_not_pruned(office):
    record = tells(office).record

    with pytest.raises(ValidationError, match="not sealed"):
        prune(record)
    seal_new()
    with pytest.raises(ValidationError, match="do not exist"):
        prune_disclosures(disclosures=[record.pk, 999_999], reason="x", by=BY)
    assert Disclosure.objects.count() == 1


def test_postgresql_gives_no_row_away_without_a_checkpoint(office):
    record = some(office, 1)[0]
    for statement in (
        "DELETE FROM disclosures_disclosedperson WHERE disclosure_id = %s",
        "DELETE FROM disclosures_disclosure WHERE id = %s",
        "DELETE FROM disclosures_seal WHERE disclosure_id = %s",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [record.pk])


def test_a_forged_checkpoint_is_found(office, heads):
    """Somebody who writes rows of the database, but does not have the key."""
    some(office)
    seals = list(Seal.objects.order_by("number"))
    Checkpoint.objects.create(
        first=2,
        last=3,
        before=bytes(seals[0].digest),
        after=bytes(seals[2].digest),
        reason="retention",
        signature=b"\0" * 32,
        program="forger",
    )
    with connection.cursor() as cursor:
        keys = [seals[1].disclosure_id, seals[2].disclosure_id]
        for table, column in (
            ("disclosures_artefact", "disclosure_id"),
            ("disclosures_disclosedperson", "disclosure_id"),
            ("disclosures_disclosure", "id"),
            ("disclosures_seal", "disclosure_id"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [keys])

    assert "bears no signature" in verify().fault


def test_a_checkpoint_that_was_changed_or_moved_is_found(office, heads):
    records = some(office)
    prune(records[1], records[2])
    assert verify().is_whole
    for change in ("last = 4", "reason = 'other'", "after = before"):
        with transaction.atomic():
            as_owner(f"UPDATE disclosures_checkpoint SET {change}")
            assert not verify().is_whole
            transaction.set_rollback(True)
    with transaction.atomic():
        as_owner("DELETE FROM disclosures_checkpoint")
        assert "seal 2 is missing" in verify().fault
        transaction.set_rollback(True)
    assert verify().is_whole


def test_a_checkpoint_over_records_that_still_stand_is_found(office, heads):
    some(office, 2)
    seal = Seal.objects.get(number=2)
    before = bytes(Seal.objects.get(number=1).digest)
    Checkpoint.objects.create(
        first=2, last=2, before=before, after=bytes(seal.digest), reason="x", program="tests",
        signature=sign_checkpoint(2, 2, before, bytes(seal.digest), "x"),
    )  # fmt: skip

    assert "where no record was pruned" in verify().fault


def test_heads_of_before_are_compared_where_they_can_be(office, heads):
    records = some(office, 3)
    write_head()
    tells(office)
    seal_new()
    prune(*records)
    assert verify().is_whole

    text = heads_file().read_text()
    number, digest = text.split()[1:3]
    assert number == "3"
    heads_file().write_text(text.replace(digest, "0" * 64))

    assert "head kept outside" in verify().fault
