"""The person's page says how long the data is kept, to whom it may say it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registers.models import BoardSeat, Ownership, Person, Residency
from retention.services.holds import place_hold
from tests.pages.browsing import text_of

pytestmark = pytest.mark.django_db
TITLE = "How long the data is kept"


def page_of(client, person):
    return text_of(client.get(reverse("admin:person", args=[person.pk])))


def panel_of(client, person):
    return page_of(client, person).split(TITLE)[1].split("</section>")[0]


def test_it_tells_until_when_and_why(office, manager):
    assert office.management
    text = panel_of(manager, office.person)

    assert "while the person lives in As Oy Kaislaranta" in text
    assert "Informing residents and shareholders: 6 months from moving out; GDPR Art. 5(1)(e), our default" in text
    assert "style=" not in text
    assert "<rect" in text


def test_a_residents_past_end_is_said_to_come_in_the_next_night(office, manager):
    assert office.management
    long_ago = timezone.localdate() - timedelta(days=365 * 11)
    begun = date(2010, 1, 1)
    Residency.objects.filter(pk=office.residency.pk).update(moved_in=begun, moved_out=long_ago)
    Ownership.objects.filter(pk=office.ownership.pk).update(owned_from=begun, owned_until=long_ago)
    BoardSeat.objects.filter(pk=office.seat.pk).update(term_from=begun, term_until=long_ago)

    assert "ends in the next night" in panel_of(manager, office.person)


def test_a_hold_is_shown_with_its_reason(office, manager, staff):
    assert office.management
    place_hold(
        person=Person.objects.get(pk=office.person.pk),
        reason="claim for water damage",
        review_on=timezone.localdate() + timedelta(days=60),
        by=staff("manager"),
    )

    assert "claim for water damage" in panel_of(manager, office.person)


def test_of_a_protected_person_it_tells_nothing_to_who_may_not_see_them(office, manager, client_of):
    assert office.management
    officer = client_of("privacy_officer")
    officer.cookies["django_language"] = "en"

    assert "Kaislaranta" in panel_of(officer, office.protected)
    hidden = panel_of(manager, office.protected)
    assert "Not shown to you" in hidden
    assert "Kaislaranta" not in hidden
    assert "moving out" not in hidden
