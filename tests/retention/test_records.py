"""Records that end by clocks of their own: each kind ends when its period is over, not a day before, and no other way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.acting import acting
from consent.models import ConsentEvent, Objection, PurposeVersion
from disclosures.extracts import Selection
from disclosures.models import (
    Approval,
    Breach,
    BreachDisclosure,
    Disclosure,
    DisclosureRequest,
    RecipientNotice,
)
from disclosures.queries.verifying import verify
from disclosures.services.breaches import close_breach
from disclosures.services.sealing import seal_new
from registers.models import AccessEntry, FormerKey
from registers.services.access_log import make_access_months
from retention.models import ErasureRecord, RecordsEnd, RetentionRule, Sweep
from retention.periods import Period
from retention.queries.records import due_records
from retention.queries.rules import scheme
from retention.records import RECORDS
from retention.services.holds import place_hold
from retention.services.looks import end_looks
from retention.services.planning import cancel_sweep, plan_sweep
from retention.services.rules import RuleSays, write_rule
from retention.services.sweeping import rehearse, run_sweep, start_sweep
from tests.disclosures.telling import tells
from tests.disclosures.test_breaches import ready
from tests.factories import PersonFactory
from tests.retention.people import BY, former, resident, sweep

pytestmark = pytest.mark.django_db
THREE_YEARS, FIVE_YEARS = Period(years=3), Period(years=5)


def today():
    return timezone.localdate()


def given(person, **details):
    version = PurposeVersion.objects.filter(purpose__code="marketing").earliest("pk")
    values = {
        "kind": "given", "purpose": version.purpose, "version": version, "channel": "email", "person_key": person.pk,
        "language": "fi", "text": "Saa lähettää.", "means": "phone", "evidence": "puhelu", "program": "tests",
    }  # fmt: skip
    return ConsentEvent.objects.create(**values | details)


def withdrawn(consent):
    return ConsentEvent.objects.create(
        kind="withdrawn", purpose=consent.purpose, version=consent.version, channel=consent.channel, language="fi",
        person_key=consent.person_key, text=consent.text, means="phone", ends=consent, program="tests",
    )  # fmt: skip


@pytest.fixture
def told(office):
    """told(person, …) is a disclosure about them."""

    def tell(*people):
        selection = Selection("people", company=None, people=tuple(person.pk for person in people))
        return tells(office, "controller", selection=selection, fields=("name",)).record

    return tell


def due(kind, on):
    return due_records(RECORDS[kind], scheme(), on)


def ends_on(kind, day, keys):
    """The keys are due on the day, and not a day before; after a sweep of that day they are gone."""
    assert due(kind, day - timedelta(days=1)) == []
    assert due(kind, day) == sorted(keys)
    done = sweep(on=day)
    assert done.state == "done"
    assert done.records == {kind: len(keys)}
    assert due(kind, day) == []
    return done


def test_a_withdrawn_consent_ends_three_years_later_with_its_withdrawal(house):
    person = resident(house.home)
    consent = given(person)
    withdrawal = withdrawn(consent)
    standing = given(person, channel="sms")

    ends_on("consents", THREE_YEARS.end_of(today()), [consent.pk, withdrawal.pk])

    assert list(ConsentEvent.objects.all()) == [standing]


def test_a_consent_that_was_followed_by_a_newer_one_or_expired_ends_too(house):
    person = resident(house.home)
    older, newer = given(person), given(person)
    expired = given(person, channel="sms", expires_on=today())

    ends_on("consents", THREE_YEARS.end_of(today()), [older.pk, expired.pk])

    assert list(ConsentEvent.objects.all()) == [newer]


def test_a_consent_of_somebody_erased_ends_three_years_after_the_erasure(house):
    person = former(house.home)
    consent = given(person)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE consent_consentevent SET at = '2021-01-01'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert sweep(on=today()).persons == 1
    assert ConsentEvent.objects.get().evidence == ""

    ends_on("consents", THREE_YEARS.end_of(today()), [consent.pk])

    assert not ConsentEvent.objects.exists()


def test_the_consent_of_a_visitor_is_followed_by_the_same_contact_alone(house):
    older = given(PersonFactory(), person_key=None, contact_key=b"one")
    given(PersonFactory(), person_key=None, contact_key=b"two")
    newer = given(PersonFactory(), person_key=None, contact_key=b"one")

    assert due("consents", THREE_YEARS.end_of(today())) == [older.pk]
    assert newer.pk not in due("consents", date(2099, 1, 1))


def test_a_disclosure_ends_three_years_after_the_last_of_its_people(house, told):
    gone, left = former(house.home), resident(house.other)
    first, second = told(gone), told(gone, left)
    seal_new()
    assert sweep(on=today()).persons == 1

    ends_on("disclosures", THREE_YEARS.end_of(today()), [first.pk])

    assert list(Disclosure.objects.all()) == [second]
    assert verify().is_whole


def test_a_disclosure_under_a_key_from_before_a_merge_ends_too(house, told):
    gone, twin = former(house.home), PersonFactory()
    record = told(twin)
    seal_new()
    key = twin.pk
    with acting(BY):
        twin.delete()
        FormerKey.objects.create(key=key, person=gone)
    assert due("disclosures", date(2099, 1, 1)) == []
    assert sweep(on=today()).persons == 1

    assert ErasureRecord.objects.filter(person_key=key, what="former").exists()
    ends_on("disclosures", THREE_YEARS.end_of(today()), [record.pk])


def test_a_disclosure_of_a_breach_or_without_a_seal_stays(house, office, told):
    gone = former(house.home)
    kept, unsealed = told(gone), None
    seal_new()
    unsealed = told(gone)
    with acting(BY):
        BreachDisclosure.objects.create(breach=ready(office), disclosure=kept)
    assert sweep(on=today()).persons == 1

    assert due("disclosures", date(2099, 1, 1)) == []
    assert {kept.pk, unsealed.pk} == set(Disclosure.objects.values_list("pk", flat=True))


def test_a_request_that_was_never_released_ends_three_years_after_its_person(house, office):
    gone = former(house.home)
    request = asked_for(gone, office)
    Approval.objects.create(request=request, approved=False, note="ei", user_key=7, user_email="a@office.example")
    assert sweep(on=today()).persons == 1

    ends_on("requests", THREE_YEARS.end_of(today()), [request.pk])

    assert not Approval.objects.exists()


def asked_for(person, office):
    return DisclosureRequest.objects.create(
        person_key=person.pk, kind="authority", fields=["name"], purpose=office.purposes["authority"], ground="laki",
        why="syy", hindrances=["protected"], file="pdf", user_key=8, user_email="b@office.example",
    )  # fmt: skip


def test_a_notice_that_is_done_ends_and_one_that_waits_stays(house, told):
    gone, left = former(house.home), resident(house.other)
    record = told(gone, left)
    seal_new()
    values = {"person_key": gone.pk, "change": "rectified", "fields": ["name"], "disclosure": record}
    done = RecipientNotice.objects.create(**values, state="told", done_at=timezone.now(), done_by="a@office.example")
    waiting = RecipientNotice.objects.create(**values)
    assert sweep(on=today()).persons == 1

    ends_on("notices", THREE_YEARS.end_of(today()), [done.pk])

    assert RecipientNotice.objects.filter(pk=waiting.pk).exists()


def test_a_breach_ends_five_years_after_it_was_closed_with_its_links(house, office, staff):
    breach = close_breach(breach=ready(office, disclosure=tells(office).record), by=staff("privacy_officer"))
    still_open = ready(office)

    ends_on("breaches", FIVE_YEARS.end_of(today()), [breach.pk])

    assert list(Breach.objects.all()) == [still_open]
    assert not BreachDisclosure.objects.exists()


def test_a_company_with_rules_of_its_own_decides_about_its_records(house, office, staff):
    breach = close_breach(breach=ready(office), by=staff("privacy_officer"))
    rule = RetentionRule.objects.get(purpose__controller=breach.controller, event="breach_closed")
    says = RuleSays(category=rule.category, event=rule.event, action="delete", years=6, citation="GDPR 33(5)")
    write_rule(purpose=rule.purpose, says=says, reason="pidempään", by=BY)

    assert due("breaches", FIVE_YEARS.end_of(today())) == []
    assert due("breaches", Period(years=6).end_of(today())) == [breach.pk]


@pytest.mark.parametrize("which", ["category", "company"])
def test_a_hold_keeps_records(house, office, staff, which):
    breach = close_breach(breach=ready(office, housing_company=house.company), by=staff("privacy_officer"))
    day = FIVE_YEARS.end_of(today())
    assert due("breaches", day) == [breach.pk]

    on_what = {"category": {"category": "case"}, "company": {"housing_company": house.company}}[which]
    place_hold(**on_what, case="R 1/26", reason="riita", review_on=date(2040, 1, 1), by=staff("privacy_officer"))

    assert due("breaches", day) == []


def test_a_hold_on_a_person_keeps_the_proof_of_their_consent(house, staff):
    person, other = resident(house.home), resident(house.other)
    for whose in (person, other):
        withdrawn(given(whose))
    day = THREE_YEARS.end_of(today())
    assert len(due("consents", day)) == 4

    place_hold(person=person, reason="riita", review_on=date(2040, 1, 1), by=staff("privacy_officer"))

    assert set(ConsentEvent.objects.filter(pk__in=due("consents", day)).values_list("person_key")) == {(other.pk,)}


def test_many_records_at_once_are_stopped_by_the_brake(house):
    person = resident(house.home)
    for _number in range(25):
        given(person)

    plan = plan_sweep(on=THREE_YEARS.end_of(today()), by=BY)

    assert plan.records == {"consents": 24}
    assert plan.brake == [["records", 96.0, "consents"]]
    assert start_sweep(sweep=plan, by=BY).state == "waiting"
    cancel_sweep(sweep=plan, by=BY)


def test_what_is_due_is_asked_once_more_when_its_turn_comes(house, staff):
    person = resident(house.home)
    withdrawn(given(person))
    plan = start_sweep(sweep=plan_sweep(on=THREE_YEARS.end_of(today()), by=BY), by=BY)

    place_hold(person=person, reason="riita", review_on=date(2040, 1, 1), by=staff("privacy_officer"))
    run_sweep(plan.pk)

    assert ConsentEvent.objects.count() == 2
    assert not RecordsEnd.objects.exists()
    assert [(b.erased, b.spared) for b in plan.batches.all()] == [(0, 2)]


def test_a_plan_is_counted_without_ending_anything(house):
    withdrawn(given(resident(house.home)))
    plan = plan_sweep(on=THREE_YEARS.end_of(today()), by=BY)

    assert rehearse(plan).rows == {"consent.consentevent": 2}
    assert ConsentEvent.objects.count() == 2
    cancel_sweep(sweep=plan, by=BY)


def test_it_is_written_what_ended_by_which_rule(house):
    withdrawn(given(resident(house.home)))
    day = THREE_YEARS.end_of(today())

    done = sweep(on=day)

    row = RecordsEnd.objects.get()
    rule = RetentionRule.objects.get(pk=row.rules[0])
    assert (row.what, row.number, row.before) == ("consents", 2, today() + timedelta(days=1))
    assert (rule.purpose.code, rule.event) == ("accountability", "consent_withdrawn")
    assert (row.sweep_key, done.counts) == (done.pk, {"consent.consentevent": 2})


def refused(statement, *values):
    with pytest.raises(IntegrityError) as found, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(found.value)


def test_postgresql_gives_no_log_away_but_by_a_record_of_this_transaction_and_from_before_its_day(house):
    consent = given(resident(house.home))
    delete = "DELETE FROM consent_consentevent WHERE id = %s"
    assert "append-only" in refused(delete, consent.pk)

    with connection.cursor() as cursor:  # of another transaction, as everything that was ever written is later on
        cursor.execute("INSERT INTO retention_recordsend (what, before, number, rules, program, user_email)"
                       " VALUES ('consents', '2099-01-01', 1, '{}', 'tests', '')")  # fmt: skip
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE retention_recordsend SET transaction = 3")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert "append-only" in refused(delete, consent.pk)

    for what, before in (("consents", today()), ("breaches", date(2099, 1, 1))):
        RecordsEnd.objects.create(what=what, before=before, number=1, rules=[], program="tests")
        assert "append-only" in refused(delete, consent.pk)

    RecordsEnd.objects.create(what="consents", before=today() + timedelta(days=1), number=1, rules=[], program="tests")
    assert "append-only" in refused("UPDATE consent_consentevent SET channel = 'sms' WHERE id = %s", consent.pk)
    with connection.cursor() as cursor:
        cursor.execute(delete, [consent.pk])
    assert not ConsentEvent.objects.exists()


def test_a_text_of_a_log_is_emptied_when_its_person_has_gone_and_nothing_else_is_ever_changed(house):
    person = former(house.home)
    note = Objection.objects.create(
        controller=PurposeVersion.objects.earliest("pk").purpose.controller, person_key=person.pk, means="phone",
        note="soitti", program="tests",
    )  # fmt: skip
    assert "append-only" in refused("UPDATE consent_objection SET note = '' WHERE id = %s", note.pk)

    assert sweep(on=today()).persons == 1

    note.refresh_from_db()
    assert note.note == ""
    assert "append-only" in refused("UPDATE consent_objection SET note = 'x' WHERE id = %s", note.pk)
    assert "append-only" in refused("UPDATE consent_objection SET note = '', means = 'email' WHERE id = %s", note.pk)
    assert "append-only" in refused("DELETE FROM consent_objection WHERE id = %s", note.pk)


def looked(at):
    return AccessEntry.objects.create(
        at=at, kind="opened", page="person", user_key=1, user_email="a@office.example", person_key=1
    )


def test_looks_end_by_whole_months_when_the_rule_asks_for_none_of_their_days(house):
    looked(datetime(2024, 9, 30, 12, tzinfo=UTC))
    make_access_months(by=BY, on=date(2024, 9, 1))
    assert end_looks(on=date(2026, 9, 29), by=BY) == 0

    assert end_looks(on=date(2026, 9, 30), by=BY) == 1

    assert not AccessEntry.objects.exists()
    row = RecordsEnd.objects.get()
    assert (row.what, row.before, row.number) == ("looks", date(2024, 10, 1), 1)


def test_looks_are_kept_for_as_long_as_the_rule_says_and_while_a_hold_stands(house, staff):
    looked(datetime(2024, 9, 30, 12, tzinfo=UTC))
    make_access_months(by=BY, on=date(2024, 9, 1))
    rule = RetentionRule.objects.get(event="looked")
    says = RuleSays(category="usage", event="looked", action="delete", years=5, citation="GDPR 5(1)(e)")
    write_rule(purpose=rule.purpose, says=says, reason="pidempään", by=BY)
    assert end_looks(on=date(2029, 9, 29), by=BY) == 0
    place_hold(
        category="usage", case="R 1/26", reason="tutkinta", review_on=date(2040, 1, 1), by=staff("privacy_officer")
    )

    assert end_looks(on=date(2030, 1, 1), by=BY) == 0
    assert AccessEntry.objects.count() == 1


def test_every_kind_of_records_is_spoken_of_by_a_shipped_rule(house):
    said = {(rule.event, rule.category) for rule in RetentionRule.objects.filter(purpose__code="accountability")}

    assert {(kind.event, kind.category) for kind in RECORDS.values()} <= said


def test_a_sweep_of_records_alone_has_a_certificate(house):
    from retention.certificate_texts import ended, rules_of
    from retention.certificates import facts_of

    withdrawn(given(resident(house.home)))
    done = sweep(on=THREE_YEARS.end_of(today()))

    facts = facts_of(Sweep.objects.get(pk=done.pk))

    assert ended(facts) == ["Proofs of consent: 2"]
    assert [line.period for line in rules_of(facts["rules"])] == ["3 years"]
