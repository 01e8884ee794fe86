"""A day is a day in Finland: what was said half past midnight was not said the day before."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from portal.queries.own import consents_of, own_data
from registers.models import IdentityCode
from registers.services.identity_codes import store_identity_code
from rights.package.facts import about
from tests.factories import identity_code
from tests.portal.conftest import BY, TODAY
from tests.retention.rows import consent

pytestmark = pytest.mark.django_db
HALF_PAST_MIDNIGHT = datetime(2026, 6, 1, 21, 30, tzinfo=UTC)
DAY = date(2026, 6, 2)


@pytest.fixture
def resident(own):
    return own.people[0]


@pytest.fixture
def consented(resident):
    consent(resident, None)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE consent_consentevent SET at = %s", [HALF_PAST_MIDNIGHT])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_consent_on_own_pages_was_given_on_its_day_here(resident, consented):
    assert [one.given_on for one in consents_of(resident, "en", TODAY()) if one.given_on] == [DAY]


def test_a_consent_in_the_copy_stands_since_its_day_here(resident, consented):
    since = [one["since"] for one in about(resident, TODAY()).purposes if "6(1)(a)" in one["bases"][0]]

    assert since == [DAY.isoformat()]


def test_an_identity_code_was_recorded_on_its_day_here(resident):
    code = identity_code(date(1980, 5, 17), 901)
    store_identity_code(person=resident, code=code, ground="rights", source="in_person", by=BY)
    IdentityCode.objects.update(collected_at=HALF_PAST_MIDNIGHT)

    data = [datum for section in own_data(resident, TODAY()) for datum in section.data]

    assert [datum.on for datum in data if datum.label == "personal identity code"] == [DAY]
