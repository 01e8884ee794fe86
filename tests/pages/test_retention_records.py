"""Records that end by clocks of their own, on the pages of an erasure and of a rule."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import Program
from retention.models import RetentionRule
from retention.periods import Period
from retention.services.counting import count_plan
from retention.services.planning import plan_sweep
from tests.pages.browsing import post, text_of
from tests.retention.test_records import given, withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


def test_a_plan_says_how_many_records_end_by_their_own_period(office, officer):
    assert office.management
    withdrawn(given(office.person))
    plan = plan_sweep(on=Period(years=3).end_of(timezone.localdate()), by=Program("tests"))
    count_plan(plan.pk)

    page = text_of(officer.get(reverse("admin:sweep", args=[plan.pk])))
    people = officer.get(reverse("admin:sweep_people", args=[plan.pk]))

    assert "<dt>Proofs of consent</dt><dd>2</dd>" in page
    assert people.status_code == 200


def test_a_change_of_their_rule_says_how_many_would_end_at_once(office, officer):
    assert office.management
    withdrawn(given(office.person))
    rule = RetentionRule.objects.get(purpose__controller=office.management, event="consent_withdrawn")
    facts = {
        "years": "", "months": "", "days": 0, "action": "delete", "citation": rule.citation, "mark": "D",
        "reason": "the board decided so", "seen": rule.number,
    }  # fmt: skip

    page = text_of(post(officer, "retention_rule_change", rule.pk, **facts))

    assert "Proofs of consent: 2 would end in the next night; without the change 0." in page
    assert "there is no register of such events" not in page
