"""What was said stays said: PostgreSQL refuses every change, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from consent.guarantees import APPEND_ONLY_TABLES
from consent.models import Objection
from consent.services.notices import publish
from consent.services.objections import object_to_marketing
from tests.consent.saying import BY, consents

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(notice, marketing, resident, management):
    consents(resident, marketing)
    object_to_marketing(person=resident, controller=management, means="phone", by=BY)
    publish(notice=notice, by=BY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a transaction


def run(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_no_row_is_updated_deleted_or_truncated(rows, table, statement):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        before = cursor.fetchone()[0]
    assert before > 0

    with pytest.raises(IntegrityError, match="append-only"):
        run(statement.format(table))

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] == before


def test_the_time_of_a_row_is_the_databases_whatever_its_writer_says(management):
    made = Objection.objects.create(controller=management, program="tests", at=timezone.now() + timedelta(days=400))

    made.refresh_from_db()

    assert made.at <= timezone.now()
