"""Protected and restricted people: told of only when two different persons have approved it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.services.leaving import leave_office
from disclosures.asking import Kind
from disclosures.extracts import Selection
from disclosures.models import Approval, DisclosedPerson, Disclosure, DisclosureRequest, OutsideRecipient
from disclosures.queries import approvals
from disclosures.queries.approvals import open_requests, requests, stands
from disclosures.queries.verifying import verify
from disclosures.services import telling
from disclosures.services.approving import ask_approval, release, say_word
from disclosures.services.sealing import seal_new
from disclosures.services.telling import Refused
from registers.models import Person
from registers.services.people import merge_persons
from registers.services.protection import lift_non_disclosure, restrict_processing, set_non_disclosure
from tests.disclosures.telling import BY, EVIDENCE, KINDS, tells
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(staff):
    return staff("privacy_officer")


@pytest.fixture
def manager(staff):
    return staff("manager")


def asks(office, officer, kind="authority", person=None, **facts):
    plain = {
        "kind": kind,
        "recipient": office.recipients[kind],
        "person": person or office.protected,
        "fields": ["name", "phone"],
        "purpose": office.purposes[kind],
        "evidence": EVIDENCE[kind],
        "ground": "1050/2018 s.28",
        "why": "the police search for a missing person",
        "by": officer,
    }
    return ask_approval(**plain | facts)


def refused(call) -> list[str]:
    with pytest.raises(Refused) as said:
        call()
    return [refusal.about for refusal in said.value.refusals]


def test_two_approvals_let_a_protected_persons_data_go_once(office, officer, manager):
    asked = asks(office, officer)
    assert refused(lambda: release(request=asked, by=officer)) == ["approval"]
    say_word(request=asked, approved=True, by=officer)
    assert refused(lambda: release(request=asked, by=officer)) == ["approval"]
    say_word(request=asked, approved=True, by=manager)

    told = release(request=asked, by=officer)

    assert told.extract.rows[0]["name"] == office.protected.full_name
    assert {*told.record.about.values_list("person_key", flat=True)} == {office.protected.pk}
    assert told.record.request == asked
    assert refused(lambda: release(request=requests().get(), by=officer)) == ["approval"]
    seal_new()
    assert verify().is_whole


def test_the_same_person_approves_once(office, officer):
    asked = asks(office, officer)
    say_word(request=asked, approved=True, by=officer)

    with pytest.raises(ValidationError, match="said your word"):
        say_word(request=asked, approved=True, by=officer)


def test_one_refusal_ends_the_request(office, officer, manager, staff):
    asked = asks(office, officer)
    say_word(request=asked, approved=True, by=officer)
    with pytest.raises(ValidationError, match="Write why you refuse"):
        say_word(request=asked, approved=False, by=manager)
    say_word(request=asked, approved=False, note="no case number", by=manager)

    with pytest.raises(ValidationError, match="not open"):
        say_word(request=asked, approved=True, by=staff("privacy_officer"))
    assert refused(lambda: release(request=asked, by=officer)) == ["approval"]
    assert open_requests() == []


def test_a_request_lapses(office, officer, monkeypatch):
    asked = asks(office, officer)
    assert stands(asked).state == "waiting"
    monkeypatch.setattr(approvals, "LAPSES_AFTER", timedelta(0))

    assert stands(requests().get()).state == "lapsed"
    with pytest.raises(ValidationError, match="not open"):
        say_word(request=asked, approved=True, by=officer)


def test_who_may_not_see_the_person_neither_asks_nor_releases(office, officer, manager, staff):
    with pytest.raises(PermissionDenied):
        asks(office, manager)
    asked = asks(office, officer)
    for who in (officer, manager):
        say_word(request=asked, approved=True, by=who)
    with pytest.raises(PermissionDenied):
        release(request=asked, by=manager)
    with pytest.raises(PermissionDenied):
        say_word(request=asked, approved=True, by=staff("customer_service"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_exception_is_foreseen_for_a_verified_authority_a_proven_right_and_oneself_alone(office, officer, kind):
    ask = lambda: asks(office, officer, kind, fields=["name"], recipient=_recipient(office, kind))  # noqa: E731

    if kind in (Kind.AUTHORITY, Kind.SUBJECT):
        assert ask().person_key == office.protected.pk
    else:
        assert refused(ask)


def _recipient(office, kind):
    return office.protected if kind == Kind.SUBJECT else office.recipients[kind]


def test_a_restricted_debtor_goes_to_collection_on_a_ground_of_the_law(office, officer, manager):
    debtor = office.people[3]
    restrict_processing(person=debtor, reason="contested", by=officer)
    debtor.refresh_from_db()
    facts = {"kind": "collection", "person": debtor, "company": office.company, "fields": ["name", "apartment"]}
    assert refused(lambda: asks(office, officer, **facts)) == ["restriction_ground"]
    evidence = EVIDENCE["collection"] | {"restriction_ground": "claims"}

    asked = asks(office, officer, evidence=evidence, **facts)
    for who in (officer, manager):
        say_word(request=asked, approved=True, by=who)
    told = release(request=asked, by=officer)

    assert told.record.evidence["restriction_ground"] == "claims"
    assert told.record.kind == "collection"


def test_nobody_asks_for_what_needs_no_approval(office, officer):
    assert refused(lambda: asks(office, officer, person=office.people[1])) == ["people"]


def test_why_and_the_ordinary_conditions_are_asked_for(office, officer):
    assert refused(lambda: asks(office, officer, why=" ")) == ["why"]
    without = {name: value for name, value in EVIDENCE["authority"].items() if name != "called_back"}
    assert refused(lambda: asks(office, officer, evidence=without)) == ["called_back"]
    with pytest.raises(ValidationError, match="identity code"):
        asks(office, officer, why="about 010190-999W")


def test_an_identity_code_is_no_name_of_whom_a_request_is_for(office, officer):
    reader = OutsideRecipient.objects.create(name="Lukija 010190-999W")

    with pytest.raises(ValidationError, match="identity code"):
        asks(office, officer, recipient=reader)


def test_conditions_are_asked_again_at_the_release(office, officer, manager, staff):
    debtor = office.people[3]
    restrict_processing(person=debtor, reason="contested", by=officer)
    debtor.refresh_from_db()
    evidence = EVIDENCE["collection"] | {"restriction_ground": "claims"}
    facts = {"person": debtor, "company": office.company, "fields": ["name"], "evidence": evidence}
    asked = asks(office, officer, "collection", **facts)
    for who in (officer, manager):
        say_word(request=asked, approved=True, by=who)
    office.recipients["collection"].receives.update(ended_on="2026-01-01")

    assert refused(lambda: release(request=asked, by=officer)) == ["recipient"]
    assert not Disclosure.objects.exists()


def test_an_approval_holds_for_its_person_fields_and_class_alone(office, officer, manager):
    asked = asks(office, officer)
    for who in (officer, manager):
        say_word(request=asked, approved=True, by=who)
    of = Selection("people", people=(office.protected.pk,))
    other = Selection("people", people=(office.people[1].pk,))
    both = Selection("people", people=(office.people[1].pk, office.protected.pk))
    for facts in (
        {"selection": other, "fields": ["name"]},
        {"selection": both, "fields": ["name"]},
        {"selection": of, "fields": ["name", "email"]},
    ):
        with pytest.raises(Refused) as said:
            tells(office, "authority", request=asked, **facts)
        assert [refusal.about for refusal in said.value.refusals] == ["approval"]
    told = {"request": asked, "selection": of, "fields": ["name"], "by": officer}
    court = OrganisationFactory(name="Käräjäoikeus", kind="public")
    for change in (
        {"recipient": court},
        {"by": manager},
        {"purpose": office.purposes["board"]},
        {"evidence": EVIDENCE["authority"] | {"case_number": "D-2"}},
    ):
        with pytest.raises(Refused):
            tells(office, "authority", **told | change)
    assert tells(office, "authority", **told).record.persons == 1


def approved(office, officer, manager, **facts):
    asked = asks(office, officer, **facts)
    for who in (officer, manager):
        say_word(request=asked, approved=True, by=who)
    return asked


def test_a_hindrance_that_came_after_the_approvals_was_not_approved(office, officer, manager):
    debtor = office.people[3]
    restrict_processing(person=debtor, reason="contested", by=officer)
    debtor.refresh_from_db()
    evidence = EVIDENCE["collection"] | {"restriction_ground": "claims"}
    facts = {"kind": "collection", "person": debtor, "company": office.company, "fields": ["name"]}
    collection = approved(office, officer, manager, evidence=evidence, **facts)
    authority = approved(office, officer, manager)
    set_non_disclosure(person=debtor, since="2026-01-01", until=None, reported_by="dvv", by=officer)
    restrict_processing(person=office.protected, reason="contested", by=officer)

    for asked in (collection, authority):
        assert refused(lambda asked=asked: release(request=asked, by=officer)) == ["approval"]
    assert not Disclosure.objects.exists()


def test_postgresql_asks_for_recipient_purpose_and_hindrance_too(office, officer, manager):
    asked = approved(office, officer, manager)
    told = tells(office)
    columns = {
        field.attname: getattr(told.record, field.attname)
        for field in Disclosure._meta.concrete_fields
        if field.attname not in ("id", "request_id")
    }
    fits = columns | {
        "kind": "authority", "organisation_key": office.recipients["authority"].pk, "recipient_person_key": None,
        "company_key": None, "purpose_id": asked.purpose_id, "user_key": officer.pk, "user_email": officer.email,
        "program": "",
    }  # fmt: skip

    def write(**changes):
        with transaction.atomic():
            record = Disclosure.objects.create(**fits | changes, request=asked)
            DisclosedPerson.objects.create(disclosure=record, person_key=office.protected.pk, fields=["name"])
            transaction.set_rollback(True)

    write()
    for changes in ({"organisation_key": 1}, {"user_key": manager.pk}, {"company_key": office.company.pk}):
        with pytest.raises(IntegrityError, match="approval of two"):
            write(**changes)
    restrict_processing(person=office.protected, reason="contested", by=officer)
    with pytest.raises(IntegrityError, match="approval of two"):
        write()


def test_an_approved_request_follows_a_merging(office, officer, manager):
    asked = asks(office, officer)
    for who in (officer, manager):
        say_word(request=asked, approved=True, by=who)
    keep = PersonFactory(last_name=office.protected.last_name, first_names=office.protected.first_names)
    merge_persons(keep=keep, remove=office.protected, by=BY)

    told = release(request=asked, by=officer)

    assert {*told.record.about.values_list("person_key", flat=True)} == {keep.pk}


def test_after_the_order_is_lifted_the_approved_request_still_goes(office, officer, manager):
    asked = asks(office, officer)
    for who in (officer, manager):
        say_word(request=asked, approved=True, by=who)
    lift_non_disclosure(person=office.protected, by=officer)

    assert release(request=asked, by=officer).record.persons == 1


def test_postgresql_refuses_a_protected_person_without_two_approvals(office, officer):
    told = tells(office)
    asked = asks(office, officer)
    say_word(request=asked, approved=True, by=officer)
    columns = {
        field.attname: getattr(told.record, field.attname)
        for field in Disclosure._meta.concrete_fields
        if field.attname not in ("id", "request_id")
    }
    for request in (None, asked):
        record = Disclosure.objects.create(**columns | {"kind": "authority"}, request=request)
        with pytest.raises(IntegrityError, match="approval of two"), transaction.atomic():
            DisclosedPerson.objects.create(disclosure=record, person_key=office.protected.pk, fields=["name"])
    DisclosedPerson.objects.create(disclosure=record, person_key=office.people[0].pk, fields=["name"])


def test_a_person_who_becomes_protected_while_a_list_is_made_is_refused_by_the_database(office, officer, monkeypatch):
    read = telling.extract_of

    def slow(*args, **kwargs):
        made = read(*args, **kwargs)
        set_non_disclosure(person=office.people[1], since="2026-01-01", until=None, reported_by="dvv", by=officer)
        return made

    monkeypatch.setattr(telling, "extract_of", slow)
    with pytest.raises(ValidationError, match="approval of two"):
        tells(office)
    assert not Disclosure.objects.exists()
    assert not Person.objects.get(pk=office.people[1].pk).is_protected


@pytest.mark.parametrize("model", [DisclosureRequest, Approval])
def test_requests_and_words_are_never_changed(office, officer, model):
    asked = asks(office, officer)
    say_word(request=asked, approved=True, by=officer)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_who_asked_withdraws_and_who_approved_takes_it_back(office, officer, manager, staff):
    asked = asks(office, officer)
    say_word(request=asked, approved=True, by=officer)
    say_word(request=asked, approved=True, by=manager)

    say_word(request=asked, approved=False, note="found already", by=officer)

    assert stands(requests().get()).state == "refused"
    assert refused(lambda: release(request=asked, by=officer)) == ["approval"]
    again = asks(office, officer)
    say_word(request=again, approved=True, by=manager)
    say_word(request=again, approved=False, note="too early", by=manager)
    assert open_requests() == []


def test_who_leaves_the_office_leaves_no_request_behind(office, officer, manager, staff):
    asked = asks(office, officer)
    approves = stands(requests().get(pk=asked.pk))
    assert approves.state == approvals.WAITING

    leave_office(user=officer, reason="new employer", by=staff("administrator"))

    assert stands(requests().get(pk=asked.pk)).state == approvals.REFUSED
