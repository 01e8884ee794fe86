"""A request comes in: its clock, what is kept and how, what is refused."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from rights.models import RequestStep, SubjectRequest
from rights.services.receiving import Details, receive
from rights.words import Did, Right
from tests.factories import identity_code

pytestmark = pytest.mark.django_db
DETAILS = Details(name="Aino Virtanen", email="aino@example.com", message="Mitä tietoja teillä on?")


def received(by, **facts):
    plain = {"right": "access", "channel": "form", "language": "fi", "details": DETAILS, "by": by}
    return receive(**plain | facts)


def test_the_clock_starts_on_the_day_of_receipt_whenever_it_is_written_down(by):
    moment = timezone.make_aware(datetime(2026, 10, 30, 23, 30))

    request = received(by, channel="letter", received_at=moment)

    assert (request.received_on, request.due_on, request.extended_due_on) == (
        date(2026, 10, 30),
        date(2026, 11, 30),
        date(2027, 2, 1),
    )


def test_what_the_person_wrote_is_encrypted_and_read_by_the_model_alone(by):
    request = received(by)

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM rights_subjectrequest r WHERE id = %s", [request.pk])
        stored = cursor.fetchone()[0]
    assert all(text not in stored for text in ("Aino", "aino@example.com", "Mitä"))
    assert SubjectRequest.objects.get(pk=request.pk).message.reveal() == "Mitä tietoja teillä on?"


def test_an_unconfirmed_request_is_not_open_but_its_clock_runs(by):
    request = received(by, confirmed=False)

    assert (request.state, request.is_open) == ("unconfirmed", False)
    assert request.received_on == timezone.localdate()


def test_an_electronic_answer_needs_an_address(by):
    with pytest.raises(ValidationError) as refused:
        received(by, details=Details(name="Aino Virtanen"))

    assert set(refused.value.message_dict) == {"email"}


@pytest.mark.parametrize("field", ["message", "home", "about_name", "name"])
def test_an_identity_code_is_refused_wherever_it_is_typed(by, field):
    code = identity_code(date(1980, 5, 17))
    with pytest.raises(ValidationError, match="identity code"):
        received(by, details=Details(**{"name": "Aino", "email": "aino@example.com", field: f"olen {code}"}))

    assert not SubjectRequest.objects.exists()


@pytest.mark.parametrize("moment", [timedelta(days=1), timedelta(days=-400)])
def test_a_day_of_receipt_in_the_future_or_long_ago_is_refused(by, moment):
    with pytest.raises(ValidationError, match="past year"):
        received(by, received_at=timezone.now() + moment)


def test_only_who_may_record_requests_records_them(staff):
    received(staff("customer_service"), channel="phone")
    with pytest.raises(PermissionDenied):
        received(staff("accountant"), channel="phone")

    assert SubjectRequest.objects.count() == 1


def test_from_the_own_pages_the_person_is_known_and_identified(by, resident):
    request = received(by, channel="pages", person=resident)

    assert (request.state, request.person_key, request.means) == ("working", resident.pk, "account")
    assert list(request.steps.values_list("did", flat=True)) == [Did.RECEIVED, Did.IDENTIFIED]


def test_references_are_short_unlike_each_other_and_without_letters_that_look_alike(by):
    references = {received(by).reference for _ in range(20)}

    assert len(references) == 20
    assert all(len(one) == 9 and not set("01OI") & set(one) for one in references)


def test_the_log_of_a_case_is_never_changed_and_a_case_not_deleted(by):
    request = received(by)
    for attempt in (
        lambda: RequestStep.objects.filter(request=request).update(did="note"),
        lambda: RequestStep.objects.filter(request=request).delete(),
        lambda: SubjectRequest.objects.filter(pk=request.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()

    assert RequestStep.objects.filter(request=request, did="received").count() == 1


def test_an_unconfirmed_request_can_go(by):
    request = received(by, confirmed=False)

    SubjectRequest.objects.filter(pk=request.pk).delete()

    assert not RequestStep.objects.exists()


@pytest.mark.parametrize("right", Right.values)
def test_every_right_can_be_asked_for(by, right):
    assert received(by, right=right).right_name
