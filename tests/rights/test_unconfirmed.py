"""Requests whose address nobody confirms: reminded once after two days, erased after two weeks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fluxio.celery import app
from rights.models import Attachment, ProposedChange, RequestStep, SubjectRequest
from rights.services.confirming import purge_unconfirmed, remind_unconfirmed
from rights.tasks import purge_old_requests, remind_of_confirming
from tests.mail.letters import letters
from tests.rights.asking import FACTS, ask, give_code, picture, upload, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    ask(visitor(), "rectification", correct_last_name="Nieminen", attachments=upload(picture(), "a.jpg"))
    return SubjectRequest.objects.get()


def after(**days):
    return timezone.now() + timedelta(**days)


def test_nobody_is_reminded_before_two_days(waiting, by):
    assert remind_unconfirmed(at=after(days=1, hours=23), by=by) == 0
    assert len(letters()) == 1


def test_it_is_reminded_once_with_its_reference_and_the_way_to_confirm(waiting, by):
    assert remind_unconfirmed(at=after(days=2), by=by) == 1
    assert remind_unconfirmed(at=after(days=9), by=by) == 0

    reminder = letters()[-1]
    assert len(letters()) == 2
    assert reminder.to == FACTS["email"]
    assert waiting.reference in reminder.text
    assert "/request/status/" in reminder.text
    assert "rectification" not in reminder.text + reminder.subject
    assert waiting.steps.filter(did="reminded").count() == 1


def test_an_address_is_reminded_once_however_many_requests_name_it(waiting, by):
    for right in ("access", "erasure"):
        ask(visitor(), right)
    before = len(letters())

    assert remind_unconfirmed(at=after(days=3), by=by) == 1

    assert len(letters()) == before + 1
    assert not SubjectRequest.objects.filter(reminded_at=None).exists()
    ask(visitor(), "other")
    assert remind_unconfirmed(at=after(days=4), by=by) == 0
    assert not SubjectRequest.objects.filter(reminded_at=None).exists()


def test_confirmed_ones_are_neither_reminded_nor_erased(by):
    client = visitor()
    ask(client)
    give_code(client)

    assert remind_unconfirmed(at=after(days=20), by=by) == 0
    assert purge_unconfirmed(at=after(days=20), by=by) == 0
    assert SubjectRequest.objects.exists()


def test_after_two_weeks_everything_that_came_goes(waiting, by):
    assert purge_unconfirmed(at=after(days=13), by=by) == 0
    assert Attachment.objects.exists()
    assert ProposedChange.objects.exists()

    assert purge_unconfirmed(at=after(days=14), by=by) == 1

    for model in (SubjectRequest, RequestStep, Attachment, ProposedChange):
        assert not model.objects.exists()


def test_the_schedule_does_both(waiting):
    SubjectRequest.objects.update(received_at=timezone.now() - timedelta(days=3))
    remind_of_confirming()
    assert len(letters()) == 2
    SubjectRequest.objects.update(received_at=timezone.now() - timedelta(days=15))
    purge_old_requests()
    assert not SubjectRequest.objects.exists()

    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"rights.tasks.remind_of_confirming", "rights.tasks.purge_old_requests"} <= scheduled
