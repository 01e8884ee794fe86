"""A closed request goes three years after it was closed, with everything in its case; nothing goes before."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.acting import Program
from consent.models import Purpose
from registers.models import FormerKey, Person
from registers.services.protection import restrict_processing
from retention.models import RecordsEnd
from retention.queries.records import due_records
from retention.queries.rules import scheme
from retention.records import RECORDS
from retention.services.planning import plan_sweep
from retention.services.sweeping import run_sweep, start_sweep
from rights.keeping import CHILDREN, CODE, OF_REQUEST
from rights.models import (
    Attachment,
    OneTimeLink,
    Package,
    ProposedChange,
    RequestMessage,
    RequestStep,
    ReviewItem,
    SubjectRequest,
    Suspension,
)
from rights.services.links import make_link
from tests.factories import PersonFactory, SubjectRequestFactory

BY = Program("tests")
CLOSED = timezone.make_aware(datetime(2023, 5, 10, 15, 0))
DAY = date(2026, 5, 10)


def closed(**facts) -> SubjectRequest:
    received = CLOSED - timedelta(days=20)
    facts = {"state": "closed", "outcome": "withdrawn", "closed_at": CLOSED, "received": received} | facts
    return SubjectRequestFactory(**facts)


@pytest.mark.django_db
def test_it_is_due_on_its_day_and_not_the_day_before(management):
    request = closed()
    SubjectRequestFactory(received=CLOSED)  # open for as long as nobody closes it

    assert due_records(RECORDS[CODE], scheme(), DAY - timedelta(days=1)) == []
    assert due_records(RECORDS[CODE], scheme(), DAY) == [request.pk]


@pytest.mark.django_db
def test_what_was_obtained_in_it_keeps_it_while_it_holds(management, staff):
    person = PersonFactory()
    restricted, upheld = closed(person_key=person.pk), closed(person_key=person.pk)
    RequestStep.objects.create(request=upheld, did="upheld", program="tests")
    restrict_processing(person=person, reason=f"{restricted.reference}: contested", by=staff("privacy_officer"))

    assert due_records(RECORDS[CODE], scheme(), DAY) == []

    lift_all = {"restricted_at": None, "restricted_by": None, "restriction_reason": ""}
    Person.objects.filter(pk=person.pk).update(**lift_all)
    assert due_records(RECORDS[CODE], scheme(), DAY) == [restricted.pk]

    SubjectRequest.objects.filter(pk=upheld.pk).update(person_key=person.pk + 1000)  # nobody of the registers
    assert sorted(due_records(RECORDS[CODE], scheme(), DAY)) == sorted([restricted.pk, upheld.pk])


def weighed(request, did, purpose):
    return RequestStep.objects.create(request=request, did=did, purpose=purpose, program="tests")


@pytest.fixture
def purpose(management):
    return Purpose.objects.get(controller=management, code="informing")


@pytest.mark.django_db
@pytest.mark.parametrize("again", ["in the same case", "in another case", "in a case of before the merge"])
def test_an_objection_that_was_outweighed_since_keeps_no_case(purpose, again):
    person = PersonFactory()
    FormerKey.objects.create(key=person.pk + 1000, person=person)
    request = closed(person_key=person.pk)
    weighed(request, "upheld", purpose)
    assert due_records(RECORDS[CODE], scheme(), DAY) == []

    if again == "in another case":
        request = closed(person_key=person.pk, closed_at=timezone.now())
    if again == "in a case of before the merge":
        request = closed(person_key=person.pk + 1000, closed_at=timezone.now())
    weighed(request, "outweighed", purpose)

    assert len(due_records(RECORDS[CODE], scheme(), DAY)) == 1


@pytest.mark.django_db
def test_an_objection_to_another_use_or_of_somebody_else_outweighs_nothing(management, purpose):
    person = PersonFactory()
    weighed(closed(person_key=person.pk), "upheld", purpose)

    weighed(closed(person_key=person.pk), "outweighed", Purpose.objects.get(controller=management, code="marketing"))
    weighed(closed(person_key=PersonFactory().pk), "outweighed", purpose)
    unmatched = closed(person_key=person.pk)
    weighed(unmatched, "outweighed", purpose)
    RequestStep.objects.create(request=unmatched, did="unmatched", program="tests")

    upheld = RequestStep.objects.get(did="upheld").request_id
    assert upheld not in due_records(RECORDS[CODE], scheme(), DAY)


@pytest.mark.django_db
def test_what_was_upheld_for_somebody_else_keeps_no_case(purpose):
    request = closed(person_key=PersonFactory().pk)
    weighed(request, "upheld", purpose)
    assert due_records(RECORDS[CODE], scheme(), DAY) == []

    RequestStep.objects.create(request=request, did="unmatched", program="tests")

    assert due_records(RECORDS[CODE], scheme(), DAY) == [request.pk]


@pytest.mark.django_db
def test_no_closed_case_reads_all_people(management):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + RECORDS[CODE].sql.format(keys=""), {"latest": DAY})
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "registers_person p" in plan
    assert re.search(r"(Hash|Index) Cond: \(.*COALESCE\(", plan)  # found by its key, however many there are


@pytest.mark.django_db
def test_after_a_merge_it_is_kept_under_the_former_key(management, staff):
    person = PersonFactory()
    FormerKey.objects.create(key=person.pk + 1000, person=person)
    request = closed(person_key=person.pk + 1000)
    assert due_records(RECORDS[CODE], scheme(), DAY) == [request.pk]

    restrict_processing(person=person, reason=f"{request.reference}: contested", by=staff("privacy_officer"))

    assert due_records(RECORDS[CODE], scheme(), DAY) == []


@pytest.mark.django_db(transaction=True)
def test_the_sweep_takes_the_whole_case_and_no_other(management):
    request, other = closed(), closed(closed_at=CLOSED + timedelta(days=40))
    SubjectRequest.objects.filter(pk=other.pk).update(duplicate_of=request)
    for one in (request, other):
        RequestStep.objects.create(request=one, did="note", program="tests")
        message = RequestMessage.objects.create(
            request=one, direction="out", subject="a", text="b", language="fi", sent_by="paper", program="tests"
        )
        make_link(one, OneTimeLink.What.MESSAGE, message)
        Attachment.objects.create(
            request=one, message=message, media_type="image/png", size=1, sha256="0" * 64, content=b"x"
        )
        ProposedChange.objects.create(request=one, field="phone", wanted="1")
        Suspension.objects.create(request=one, since=DAY, because="x")
        package = Package.objects.create(request=one, kind="access", language="fi", program="tests")
        ReviewItem.objects.create(package=package, model="retention.hold", row=1, field="reason", text="x")

    sweep = start_sweep(sweep=plan_sweep(on=DAY, by=BY), by=BY)
    assert sweep.records == {CODE: 1}
    run_sweep(sweep.pk)

    assert list(SubjectRequest.objects.values_list("pk", "duplicate_of")) == [(other.pk, None)]
    for model in (RequestStep, RequestMessage, OneTimeLink, Attachment, ProposedChange, Suspension, Package):
        assert list(model.objects.values_list("request", flat=True)) == [other.pk]
    assert list(ReviewItem.objects.values_list("package__request", flat=True)) == [other.pk]
    assert RecordsEnd.objects.get().number == 1


@pytest.mark.django_db
def test_every_table_of_a_case_is_named():
    """One that is forgotten would stop the end of its request."""
    of_cases = {
        model._meta.db_table
        for model in SubjectRequest._meta.apps.get_models()
        if model._meta.app_label == "rights" and any(f.name == "request" for f in model._meta.fields)
    }
    assert {table for _label, table, of_them in CHILDREN if of_them == OF_REQUEST} == of_cases
