"""Correcting a mistake: a disclosure is never edited, a row follows it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.refusals import refusal_of
from consent.services.making import made_by
from disclosures.models import Artefact, Disclosure
from disclosures.queries.answering import lines, told_about
from disclosures.queries.verifying import verify
from disclosures.services.files import AlreadyTaken, take
from disclosures.services.following import REPEATED, follow_up
from disclosures.services.sealing import seal_new
from tests.disclosures.telling import BY, tells

pytestmark = pytest.mark.django_db
NOTE = "went to the board of another company; it promised to destroy it"


@pytest.fixture
def record(office):
    return tells(office).record


@pytest.mark.parametrize("what", ["recalled", "in_error"])
def test_a_row_follows_and_the_record_stays_as_it_was(record, what):
    before = Disclosure.objects.filter(pk=record.pk).values().get()

    made = follow_up(record=record, what=what, note=f" {NOTE} ", by=BY)

    assert Disclosure.objects.filter(pk=record.pk).values().get() == before
    assert (made.what, made.follows_id, made.note, made.persons) == (what, record.pk, NOTE, 0)
    assert {name: getattr(made, name) for name in REPEATED} == {name: getattr(record, name) for name in REPEATED}
    assert not made.about.exists()
    assert made.at >= record.at


def test_the_chain_verifies_with_follow_ups_in_it(record, office):
    seal_new()
    follow_up(record=record, what="recalled", note=NOTE, by=BY)
    tells(office)
    follow_up(record=record, what="in_error", note=NOTE, by=BY)

    assert seal_new() == 3
    verdict = verify()
    assert (verdict.is_whole, verdict.sealed, verdict.unsealed) == (True, 4, 0)


def test_a_disclosure_is_corrected_once_in_each_way(record):
    follow_up(record=record, what="in_error", note=NOTE, by=BY)

    with pytest.raises(ValidationError, match="corrected in this way already"):
        follow_up(record=record, what="in_error", note=NOTE, by=BY)
    follow_up(record=record, what="recalled", note=NOTE, by=BY)

    assert list(record.followed_by.order_by("pk").values_list("what", flat=True)) == ["in_error", "recalled"]


def test_a_correction_is_not_corrected(record):
    made = follow_up(record=record, what="in_error", note=NOTE, by=BY)

    with pytest.raises(ValidationError, match="not corrected again"):
        follow_up(record=made, what="recalled", note=NOTE, by=BY)


def second_row(record, follows, what="in_error"):
    says = {name: getattr(record, name) for name in REPEATED}
    Disclosure.objects.create(what=what, follows=follows, persons=0, note=NOTE, **says, **made_by(BY))


def test_postgresql_refuses_a_second_one_and_one_that_follows_a_correction(record):
    made = follow_up(record=record, what="in_error", note=NOTE, by=BY)

    with pytest.raises(IntegrityError, match="one_follow_up_of_a_kind") as twice, transaction.atomic():
        second_row(record, record)
    assert "corrected in this way already" in str(refusal_of(twice.value))
    with pytest.raises(IntegrityError, match="follows a disclosure"), transaction.atomic():
        second_row(record, made, "recalled")


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"what": "disclosed"}, "Say what is corrected"),
        ({"what": "deleted"}, "Say what is corrected"),
        ({"note": "  "}, "at most 300 characters"),
        ({"note": "x" * 301}, "at most 300 characters"),
        ({"note": "sent 010190-999W too"}, "identity code"),
    ],
)
def test_what_is_missing_or_too_much_is_refused(record, facts, says):
    with pytest.raises(ValidationError, match=says):
        follow_up(**({"record": record, "what": "in_error", "note": NOTE, "by": BY} | facts))

    assert not record.followed_by.exists()


def test_one_corrects_ones_own_and_who_reads_the_log_corrects_others(office, staff):
    service, manager = staff("customer_service"), staff("manager")
    own, another = tells(office, by=service).record, tells(office, by=manager).record

    follow_up(record=own, what="in_error", note=NOTE, by=service)
    with pytest.raises(PermissionDenied):
        follow_up(record=another, what="in_error", note=NOTE, by=service)
    with pytest.raises(PermissionDenied):
        follow_up(record=own, what="recalled", note=NOTE, by=staff("accountant"))
    follow_up(record=own, what="recalled", note=NOTE, by=manager)

    assert [row.user_key for row in own.followed_by.order_by("pk")] == [service.pk, manager.pk]
    assert not another.followed_by.exists()


def test_a_file_that_nobody_took_out_does_not_leave_any_more(office, staff):
    manager = staff("manager")
    record = tells(office, by=manager, channel="file", file="csv", title="Residents").record
    artefact = Artefact.objects.get(disclosure=record)

    follow_up(record=record, what="in_error", note=NOTE, by=manager)

    assert Artefact.objects.get(disclosure=record).content is None
    with pytest.raises(AlreadyTaken):
        take(artefact=artefact, by=manager)


def test_what_was_taken_out_stays_known(office, staff):
    manager = staff("manager")
    record = tells(office, by=manager, channel="file", file="csv", title="Residents").record
    take(artefact=Artefact.objects.get(disclosure=record), by=manager)

    follow_up(record=record, what="recalled", note=NOTE, by=manager)

    assert Artefact.objects.get(disclosure=record).taken_by == manager.email


def test_the_log_and_the_person_learn_of_it(record, office):
    made = follow_up(record=record, what="in_error", note=NOTE, by=BY)

    assert [line.followed for line in lines([made, record])] == [[], [made]]
    assert [line.followed for line in told_about(office.people[0])] == [[made]]
