"""Sentences about how long data is kept: for the person's page, and for the access report later."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from consent.models import Purpose
from registers.models import Person
from retention.events import EVENTS
from retention.explain import FROM, length, period_words, sentence, standing
from retention.periods import Period
from retention.queries.explained import explained, purpose_names
from retention.services.holds import place_hold
from tests.factories import HousingCompanyFactory, ResidencyFactory
from tests.retention.people import LAST_YEAR, LONG_AGO, ON, resident

pytestmark = pytest.mark.django_db


def told(person, *, on=ON, **options):
    """category → its sentence"""
    homes = options.pop("homes", True)
    kept, words = explained(person.pk, homes=homes)
    return {one.category: sentence(one, words, on, **options) for one in kept}


@pytest.mark.parametrize(
    ("period", "event", "says"),
    [
        (Period(years=3), "moved_out", "3 years from moving out"),
        (Period(years=1, months=6, days=1), "debt_due", "1 year, 6 months, 1 day from the due date of the debt"),
        (
            Period(years=6, from_year_end=True),
            "year_ended",
            "6 years from the end of the calendar year in which the financial year ended",
        ),
        (
            Period(from_year_end=True),
            "moved_out",
            "at the end of the calendar year in which the person moved out",
        ),
        (Period(), "moved_out", "at once from moving out"),
        (Period(days=2), "of_a_later_register", "2 days, counted from: of_a_later_register"),
    ],
)
def test_a_period_is_said_in_words(period, event, says):
    assert period_words(period, event) == says


def test_every_event_has_its_words():
    assert set(FROM) == set(EVENTS)


def test_a_default_of_ours_is_never_dressed_up_as_law():
    assert standing("GDPR 5(1)(e)", "D") == "GDPR Art. 5(1)(e), our default"
    assert standing("", "D") == "our default"
    assert standing("Laki 1329/2018 11 §", "L") == "Act 1329/2018 s. 11, statute"


def test_an_end_says_its_day_and_why(management, house):
    person = resident(house.home, moved_out=date(2026, 10, 5), email="aino@example.com")

    assert told(person)["contact"] == (
        "Contact details: kept until 5.4.2027. Why: Informing residents and shareholders: 6 months from moving out"
        " (5.10.2026); GDPR Art. 5(1)(e), our default."
    )


def test_what_goes_on_names_the_company_but_not_for_who_may_not_see_homes(management, house):
    person = resident(house.home, email="aino@example.com")

    assert "kept while the person lives in As Oy Kaislaranta." in told(person)["contact"]
    hidden = told(person, homes=False)["contact"]
    assert "kept while the person lives in the housing company." in hidden
    assert "Kaislaranta" not in " ".join(told(person, homes=False).values())


def test_what_has_ended_goes_in_the_next_night_unless_it_is_held(management, house, staff):
    person = resident(house.home, moved_out=LONG_AGO, email="aino@example.com")
    assert "ends in the next night" in told(person)["contact"]

    place_hold(
        person=Person.objects.get(pk=person.pk),
        reason="claim for water damage",
        review_on=date.today() + timedelta(days=60),
        by=staff("manager"),
    )

    assert "no longer needed, but a hold keeps it" in told(person)["contact"]
    assert "claim for water damage" in told(person, reasons=True)["contact"]
    assert "claim for water damage" not in told(person)["contact"]
    assert "a hold that was placed by hand" in told(person)["contact"]


def test_an_end_by_the_management_contract_says_so(management, house):
    person = resident(house.home, email="aino@example.com")
    type(house.company).objects.filter(pk=house.company.pk).update(managed_until=date(2026, 11, 1))

    assert "until 30.1.2027, as the management contract with As Oy Kaislaranta ends" in told(person)["contact"]


def test_identity_says_on_what_it_waits(management, house):
    person = resident(house.home, moved_out=LAST_YEAR)

    assert "3 years from moving out" in told(person)["identity"]


def test_only_what_is_held_is_told(management, house):
    person = resident(house.home, moved_out=LAST_YEAR)

    assert set(told(person)) == {"identity", "residence"}


def test_sentences_speak_the_readers_language(management, house):
    person = resident(house.home, moved_out=date(2026, 10, 5), email="aino@example.com")

    purpose = Purpose.objects.get(controller=management, code="informing")

    with translation.override("fi"):
        text = told(person)["contact"]
        name = purpose_names([purpose.pk])[purpose.pk]

    assert text.startswith("Yhteystiedot: ")
    assert name in text.lower() or name in text


def test_length_of_nothing_is_at_once():
    assert length(Period()) == "at once"


def test_any_number_of_homes_takes_the_same_queries(management, house):
    person = resident(house.home, moved_out=LAST_YEAR)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            explained(person.pk)
        counts.append(len(queries))
        for _number in range(5):
            ResidencyFactory(
                person=person, apartment__building__housing_company=HousingCompanyFactory(), moved_out=LAST_YEAR
            )

    assert counts[0] == counts[1]
    assert counts[0] <= 16
