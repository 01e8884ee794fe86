"""Until when a person's data is kept, and why."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.acting import Program, acting
from consent.models import Purpose
from registers.models import Ownership, Residency
from retention.models import RetentionRule
from retention.queries.keep_until import keep_until, until_sql
from retention.queries.needs import verdicts_sql
from retention.queries.rules import BITS, faults, scheme
from retention.services.rules import RuleSays, end_rule, write_rule
from tests.consent.makers import change, establish
from tests.factories import (
    BoardSeatFactory,
    HousingCompanyFactory,
    OwnershipFactory,
    PersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
)
from tests.retention.people import BY, resident
from tests.retention.reference import FOREVER, ends


def kept(person):
    return {held.category: held for held in keep_until(person.pk)}


def until(person):
    return {category: held.until for category, held in kept(person).items()}


def test_the_shipped_rules_cover_every_category_of_every_purpose(management):
    assert faults() == []


def test_a_category_without_a_rule_is_a_fault_by_name(management):
    rule = RetentionRule.objects.get(purpose__code="identification", category="residence")

    end_rule(rule=rule, reason="test", by=BY)

    assert [fault.text for fault in faults()] == ["Identifying customers: no retention rule for residence."]


def test_a_resident_is_kept_while_living_there(house):
    assert set(until(resident(house.home)).values()) == {None}


def test_after_moving_out_each_category_ends_by_its_own_rule(house):
    person = resident(house.home, moved_out=date(2024, 8, 31))

    assert until(person) == {
        "identity": date(2027, 8, 31),
        "contact": date(2025, 2, 28),
        "identity_code": date(2024, 9, 30),
        "residence": date(2027, 8, 31),
        "communication": date(2025, 2, 28),
    }
    decisive = kept(person)["residence"].decisive
    assert (decisive.rule.event, decisive.rule.code, decisive.since) == (
        "moved_out",
        "identification",
        date(2024, 8, 31),
    )


def test_moving_back_in_a_second_home_a_seat_and_shares_move_the_end(house):
    person = resident(house.home, moved_out=date(2020, 1, 1))
    assert until(person)["identity"] == date(2023, 1, 1)

    back = ResidencyFactory(person=person, apartment=house.other, moved_in=date(2021, 1, 1), moved_out=date(2022, 1, 1))
    assert until(person)["identity"] == date(2025, 1, 1)
    change(back, moved_out=None)
    assert until(person)["identity"] is None
    change(back, moved_out=date(2022, 1, 1))
    BoardSeatFactory(
        person=person, housing_company=house.company, term_from=date(2022, 1, 1), term_until=date(2023, 1, 1)
    )
    assert until(person)["identity"] == date(2026, 1, 1)
    OwnershipFactory(
        person=person,
        share_group=ShareGroupFactory(housing_company=house.company),
        owned_until=date(2023, 5, 1),
    )
    assert until(person)["ownership"] == date(2033, 5, 1)


def test_the_name_is_kept_as_long_as_what_hangs_on_it(house):
    person = PersonFactory()
    OwnershipFactory(
        person=person, share_group=ShareGroupFactory(housing_company=house.company), owned_until=date(2020, 1, 1)
    )

    identity = kept(person)["identity"]

    assert (identity.until, identity.with_category) == (date(2030, 1, 1), "ownership")


def test_somebody_without_home_shares_or_seat_is_kept_for_six_months(management):
    person = PersonFactory()
    recorded = timezone.localdate(person.created_at)

    assert kept(person)["identity"].decisive.rule.event == "recorded"
    assert recorded + timedelta(days=179) <= until(person)["identity"] <= recorded + timedelta(days=186)


def test_nothing_is_held_for_a_company_ninety_days_after_its_contract(house):
    person = resident(house.home)
    change(house.company, managed_until=date(2026, 6, 30))

    held = kept(person)["residence"]

    assert (held.until, held.decisive.by_contract) == (date(2026, 9, 28), True)


def test_another_companys_contract_that_ended_does_not_end_what_this_one_needs(house):
    person = resident(house.home)
    gone = HousingCompanyFactory(managed_until=date(2026, 1, 1))
    BoardSeatFactory(person=person, housing_company=gone, term_from=date(2020, 1, 1))

    assert until(person)["identity"] is None
    assert until(person)["ownership"] == date(2026, 4, 1)


def test_a_housing_companys_own_purpose_takes_the_place_of_the_managers(house):
    person = resident(house.home, moved_out=date(2024, 1, 1))
    own = Purpose.objects.get(controller=establish(house.company), code="identification")

    write_rule(
        purpose=own,
        says=RuleSays("residence", "moved_out", "delete", years=1, mark="D"),
        reason="test",
        by=BY,
    )

    assert {need.rule.years if hasattr(need.rule, "years") else need.rule.period.years
            for need in kept(person)["residence"].needs if need.rule.code == "identification"} == {1}  # fmt: skip


def test_a_rule_that_keeps_has_no_end(house):
    person = resident(house.home, moved_out=date(2016, 1, 1))
    purpose = Purpose.objects.get(code="informing")

    write_rule(purpose=purpose, says=RuleSays("contact", "moved_out", "keep"), reason="test", by=BY)

    assert until(person)["contact"] is None


def test_a_changed_rule_is_a_new_version_and_the_old_one_stays_readable(house):
    purpose = Purpose.objects.get(code="informing")

    rule = write_rule(
        purpose=purpose, says=RuleSays("contact", "moved_out", "erase", months=3), reason="shorter", by=BY, seen=1
    )

    assert (rule.number, rule.months) == (2, 3)
    assert RetentionRule.objects.get(purpose=purpose, category="contact", event="moved_out", number=1).months == 6
    assert until(resident(house.home, moved_out=date(2024, 1, 1)))["contact"] == date(2024, 4, 1)


def test_the_number_of_queries_does_not_grow_with_the_history(house):
    person = resident(house.home, moved_out=date(2016, 1, 1))
    with CaptureQueriesContext(connection) as few:
        keep_until(person.pk)
    for year in range(2016, 2024):
        ResidencyFactory(person=person, apartment=house.other, moved_in=date(year, 2, 1), moved_out=date(year, 12, 1))
    with CaptureQueriesContext(connection) as many:
        keep_until(person.pk)

    assert len(many) == len(few)


SPANS = st.lists(
    st.tuples(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.one_of(st.none(), st.integers(1, 3000))), max_size=3
)
PERIODS = st.fixed_dictionaries(
    {
        "years": st.integers(0, 12),
        "months": st.integers(0, 14),
        "days": st.integers(0, 40),
        "from_year_end": st.booleans(),
        "action": st.sampled_from(["delete", "delete", "delete", "keep"]),
    }
)
RULED = [("identification", "identity", "moved_out"), ("identification", "residence", "moved_out"),
         ("informing", "residence", "moved_out"), ("informing", "ownership", "shares_sold"),
         ("informing", "contact", "term_ended"), ("identification", "identity", "term_ended")]  # fmt: skip


@pytest.mark.django_db(transaction=False)
@settings(max_examples=40)
@given(
    homes=SPANS,
    owned=SPANS,
    seats=SPANS,
    periods=st.lists(PERIODS, min_size=len(RULED), max_size=len(RULED)),
    contract=st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2028, 1, 1))),
    on=st.dates(date(2005, 1, 1), date(2040, 1, 1)),
)
def test_the_engine_agrees_with_a_slow_plain_reference(house, homes, owned, seats, periods, contract, on):
    with transaction.atomic():
        _compare(house, homes, owned, seats, periods, contract, on)
        transaction.set_rollback(True)


def _compare(house, homes, owned, seats, periods, contract, on):
    change(house.company, managed_from=None, managed_until=contract)
    for (code, category, event), period in zip(RULED, periods, strict=True):
        purpose = Purpose.objects.get(code=code, controller__housing_company=None)
        last = RetentionRule.objects.filter(purpose=purpose, category=category, event=event).order_by("-number").first()
        RetentionRule.objects.create(
            purpose=purpose, category=category, event=event, number=last.number + 1 if last else 1, reason="test",
            program="tests", **period,
        )  # fmt: skip
    person = PersonFactory()
    history = []
    with acting(Program("tests")):
        for start, days in homes[:1]:
            end = start + timedelta(days=days) if days else None
            Residency.objects.create(person=person, apartment=house.home, moved_in=start, moved_out=end)
            history.append(("moved_out", house.company.pk, end))
        for start, days in homes[1:2]:
            end = start + timedelta(days=days) if days else None
            Residency.objects.create(person=person, apartment=house.other, moved_in=start, moved_out=end)
            history.append(("moved_out", house.company.pk, end))
        for start, days in owned:
            end = start + timedelta(days=days) if days else None
            group = ShareGroupFactory(housing_company=house.company)
            Ownership.objects.create(person=person, share_group=group, owned_from=start, owned_until=end)
            history.append(("shares_sold", house.company.pk, end))
        for start, days in seats[:1]:
            end = start + timedelta(days=days) if days else None
            BoardSeatFactory(person=person, housing_company=house.company, term_from=start, term_until=end)
            history.append(("term_ended", house.company.pk, end))
    if not history:
        history.append(("recorded", None, timezone.localdate(person.created_at)))
    rules = [vars(rule) for rule in newest()]
    expected = ends(history, rules, {house.company.pk: contract})

    assert as_set(person) == expected
    latest = max(expected.values())
    assert kept(person)["identity"].until == (None if latest == FOREVER else latest)
    assert needed(person, on) == {category for (category, _c), day in expected.items() if day > on}


def newest():
    rows = RetentionRule.objects.order_by("purpose_id", "category", "event", "-number")
    return [
        r for r in rows.distinct("purpose_id", "category", "event").select_related("purpose__controller") if r.event
    ]


def as_set(person):
    sql, params = until_sql(scheme(), people=[person.pk])
    with connection.cursor() as cursor:
        cursor.execute(
            sql.replace("max(", "nullif(max(", 1).replace(") AS until", "), 'infinity') AS until", 1), params
        )
        return {(category, company): day or FOREVER for _p, company, category, day in cursor.fetchall()}


def needed(person, on):
    sql, params = verdicts_sql(scheme(), on, people=[person.pk])
    with connection.cursor() as cursor:
        cursor.execute(sql + " SELECT needed FROM person_verdict", params)
        mask = cursor.fetchone()[0]
    return {category for category, bit in BITS.items() if mask & bit}
