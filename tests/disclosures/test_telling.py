"""The one door out: what the policy allows leaves, with a record that says just that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consent.models import Purpose
from consent.services.controllers import establish_controller
from disclosures.extracts import Selection
from disclosures.fields import FIELDS
from disclosures.models import DisclosedPerson, Disclosure
from disclosures.policies import POLICIES
from disclosures.queries.answering import told_about
from disclosures.services.telling import Refused, disclose
from registers.inventory import rows_about
from registers.models import AccessEntry, BoardSeat, Person
from registers.services.identity_codes import store_identity_code
from registers.services.people import merge_persons
from registers.services.protection import restrict_processing
from tests.disclosures.telling import BY, EVIDENCE, KINDS, tells
from tests.factories import (
    ApartmentFactory,
    BuildingFactory,
    HousingCompanyFactory,
    PersonFactory,
    ResidencyFactory,
    identity_code,
)

pytestmark = pytest.mark.django_db


def refused(office, kind="board", **facts) -> list[str]:
    with pytest.raises(Refused) as said:
        tells(office, kind, **facts)
    assert not Disclosure.objects.exists()
    return [refusal.about for refusal in said.value.refusals]


def test_a_resident_list_for_the_board_leaves_with_its_record(office, staff):
    manager = staff("manager")

    told = tells(office, by=manager)

    assert [row["apartment"] for row in told.extract.rows] == ["A 1", "A 3", "B 2", "B 4"]
    record = Disclosure.objects.get()
    assert (record.maker, record.kind, record.recipient_person_key) == (manager.email, "board", office.people[0].pk)
    assert (record.company_key, record.fields, record.persons) == (office.company.pk, ["name", "apartment"], 4)
    assert record.evidence == {"reason": "annual meeting"}
    assert record.ground == "GDPR Art. 6(1)(f); 1599/2009 7:2"
    assert {*record.about.values_list("person_key", flat=True)} == {person.pk for person in office.people}


def test_the_record_holds_no_value_of_anybody(office):
    tells(office)

    stored = str(list(Disclosure.objects.values())) + str(list(DisclosedPerson.objects.values()))
    for person in office.people:
        for value in (person.last_name, person.email, person.phone):
            assert value not in stored


@pytest.mark.parametrize("kind", KINDS)
def test_each_class_gets_what_its_policy_lists(office, kind, staff):
    fields = sorted(POLICIES[kind].may_get - {"identity_code"} - {"phone", "email", "language"})
    wanted = [name for name in fields if FIELDS[name].category in _categories(office, kind)]

    told = tells(office, kind, fields=wanted)

    assert told.extract.rows
    assert set(told.record.fields) == set(wanted)


def _categories(office, kind):
    if kind in ("authority", "subject", "controller"):
        return {field.category for field in FIELDS.values()}
    return office.purposes[kind].versions.get().categories


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_beyond_the_list_is_refused_by_name(office, kind):
    beyond = sorted(set(FIELDS) - POLICIES[kind].may_get)
    if beyond:
        assert beyond[0] in refused(office, kind, fields=["name", beyond[0]])


@pytest.mark.parametrize(
    ("kind", "taken", "about"),
    [
        ("board", "reason", "reason"),
        ("maintenance", "order", "order"),
        ("maintenance", "order_until", "order_until"),
        ("collection", "due_on", "due_on"),
        ("collection", "reminded_on", "reminded_on"),
        ("collection", "undisputed", "undisputed"),
        ("collection", "assignment", "assignment"),
        ("entitled", "proof", "proof"),
        ("authority", "section", "section"),
        ("authority", "case_number", "case_number"),
        ("authority", "in_writing", "in_writing"),
        ("authority", "called_back", "called_back"),
        ("subject", "identified_by", "identified_by"),
    ],
)
def test_a_condition_whose_evidence_is_missing_refuses(office, kind, taken, about):
    evidence = {name: value for name, value in EVIDENCE[kind].items() if name != taken}

    assert refused(office, kind, evidence=evidence, fields=["name"]) == [about]


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_claimed_stands_in_the_record(office, kind):
    assert tells(office, kind, fields=["name"]).record.evidence == EVIDENCE[kind]


def test_the_seat_must_run_today(office):
    BoardSeat.objects.update(term_until=timezone.localdate())

    assert refused(office) == ["recipient"]


def test_a_debt_that_was_reminded_of_too_late_is_not_handed_over(office):
    late = EVIDENCE["collection"] | {"reminded_on": (timezone.localdate() - timedelta(days=3)).isoformat()}

    assert refused(office, "collection", evidence=late, fields=["name"]) == ["reminded_on"]


def test_without_an_agreement_in_force_a_firm_gets_nothing(office):
    office.recipients["maintenance"].receives.update(ended_on=date(2026, 1, 1))

    assert refused(office, "maintenance") == ["recipient"]


def test_a_purpose_that_names_no_such_recipients_refuses(office):
    assert refused(office, purpose=office.purposes["collection"]) == ["purpose"]


def test_another_housing_companys_purpose_refuses(office):
    elsewhere = establish_controller(housing_company=HousingCompanyFactory(), by=BY)
    purpose = Purpose.objects.get(controller=elsewhere, code="charges")

    assert refused(office, purpose=purpose) == ["purpose"]


def test_data_that_the_purpose_does_not_use_are_refused(office):
    assert refused(office, "anyone", purpose=office.purposes["maintenance"], fields=["name"], of="owners") == [
        "purpose"
    ]


def test_somebody_elses_data_are_not_for_the_person_concerned(office):
    everybody = Selection("people", people=tuple(person.pk for person in office.people))

    assert refused(office, "subject", selection=everybody) == ["people"]


def test_protected_and_restricted_people_are_left_out_and_counted(office, staff):
    restrict_processing(person=office.people[3], reason="contested", by=staff("privacy_officer"))

    told = tells(office)

    assert (told.record.left_out_protected, told.record.left_out_restricted, told.record.persons) == (1, 1, 3)
    told_of = {*told.record.about.values_list("person_key", flat=True)}
    assert told_of.isdisjoint({office.protected.pk, office.people[3].pk})


def test_a_protected_person_alone_is_refused(office):
    alone = Selection("people", people=(office.protected.pk,))

    assert refused(office, "authority", selection=alone, fields=["name"]) == ["approval"]
    assert refused(office, "collection", selection=_in(office, alone), fields=["name"]) == ["people"]


def _in(office, selection):
    ResidencyFactory(person=office.protected, apartment=office.people[0].residencies.get().apartment)
    return replace(selection, company=office.company)


def test_a_staircase_is_told_of_alone(office):
    told = tells(office, selection=Selection("residents", company=office.company, staircase="B"))

    assert [row["apartment"] for row in told.extract.rows] == ["B 2", "B 4"]


def test_a_building_of_another_company_is_refused(office):
    elsewhere = Selection("residents", company=office.company, building=BuildingFactory())

    assert refused(office, selection=elsewhere) == ["building"]


def test_an_identity_code_leaves_with_a_reason_a_right_and_a_look(office, staff):
    debtor = Selection("people", company=office.company, people=(office.people[3].pk,))
    code = identity_code(date(1980, 1, 4))
    store_identity_code(person=office.people[3], code=code, ground="collection", source="phone", by=BY)
    facts = {"selection": debtor, "fields": ["name", "identity_code"]}
    without = {name: value for name, value in EVIDENCE["collection"].items() if name != "why_identity_code"}
    assert refused(office, "collection", evidence=without, **facts) == ["why_identity_code"]
    with pytest.raises(PermissionDenied):
        tells(office, "collection", by=staff("customer_service"), **facts)
    with pytest.raises(ValidationError, match="person who answers"):
        tells(office, "collection", **facts)

    told = tells(office, "collection", by=staff("manager"), **facts)

    assert told.extract.rows[0]["identity_code"] == code
    look = AccessEntry.objects.get(kind="unmasked")
    assert (look.person_key, look.reason) == (office.people[3].pk, EVIDENCE["collection"]["why_identity_code"])
    assert code not in str(list(Disclosure.objects.values()))


def test_who_has_no_right_tells_nothing(office, staff):
    with pytest.raises(PermissionDenied):
        tells(office, by=staff("accountant"))


def test_an_identity_code_in_the_evidence_is_refused(office):
    with pytest.raises(ValidationError, match="identity code"):
        tells(office, evidence={"reason": "about 010190-999W"})


def test_a_list_of_many_takes_the_same_queries(office, django_assert_num_queries):
    with django_assert_num_queries(11) as first:
        tells(office)
    for number in range(20):
        ResidencyFactory(apartment=ApartmentFactory(building=office.building, number=50 + number))
    with django_assert_num_queries(len(first)):
        tells(office)


@given(
    kind=st.sampled_from(KINDS),
    fields=st.sets(st.sampled_from(sorted(FIELDS)), min_size=1),
    taken=st.sets(st.sampled_from(["reason", "order", "proof", "section", "called_back", "undisputed"])),
    of=st.sampled_from(["residents", "owners", "people"]),
    flags=st.sampled_from(["none", "protected", "restricted"]),
)
def test_whatever_is_asked_what_leaves_is_allowed_and_is_what_the_record_says(office, kind, fields, taken, of, flags):
    moment = timezone.now() if flags == "restricted" else None
    Person.objects.filter(pk=office.people[1].pk).update(
        non_disclosure_from=date(2025, 1, 1) if flags == "protected" else None,
        restricted_at=moment,
        restricted_by=None if moment is None else _somebody(),
        restriction_reason="x" if moment else "",
    )
    evidence = {name: value for name, value in EVIDENCE[kind].items() if name not in taken}
    people = tuple(person.pk for person in office.people)
    selection = Selection(of, company=office.company, people=people if of == "people" else ())
    before = Disclosure.objects.count()
    try:
        told = tells(
            office, kind, fields=fields - {"identity_code"} or {"name"}, evidence=evidence, selection=selection
        )
    except Refused:
        told = None
    if told is None:
        assert Disclosure.objects.count() == before
        return

    names = {name for row in told.extract.rows for name in row if name != "person"}
    assert names <= POLICIES[kind].may_get & (fields | {"name"})
    said = {row.person_key: set(row.fields) for row in told.record.about.all()}
    left = {}
    for row in told.extract.rows:
        left.setdefault(row["person"], set()).update(name for name in row if name != "person")
    assert said == left
    if flags != "none":
        assert office.people[1].pk not in said
    assert office.protected.pk not in said


def _somebody():
    from accounts.acting import acting
    from accounts.models import User

    with acting(BY):
        return User.objects.filter(email="p@office.example").first() or User.objects.create_user(
            "p@office.example", name="P"
        )


def test_an_unknown_field_or_class_is_a_mistake_of_the_program(office):
    with pytest.raises(ValueError, match="No such field"):
        tells(office, fields=["shoe_size"])
    with pytest.raises(ValueError, match="neighbour"):
        disclose(
            kind="neighbour", recipient=None, selection=Selection("residents"), fields=["name"],
            purpose=office.purposes["board"], evidence={}, channel="paper", by=BY,
        )  # fmt: skip


def test_after_a_merging_the_log_still_leads_to_both_as_told_about_and_as_recipient(office):
    gone = office.people[0]
    tells(office)
    keep = PersonFactory(last_name=gone.last_name, first_names=gone.first_names)

    merge_persons(keep=keep, remove=gone, by=BY)

    assert [line.recipient_person for line in told_about(keep)] == [keep.pk]
    assert {"disclosures.disclosure", "disclosures.disclosedperson"} <= set(rows_about(keep.pk))


@pytest.mark.parametrize("kind", ["board", "collection", "entitled"])
def test_people_of_another_house_are_refused_even_by_name(office, kind):
    stranger = ResidencyFactory().person
    both = Selection("people", company=office.company, people=(office.people[1].pk, stranger.pk))
    mine = Selection("people", company=office.company, people=(office.people[1].pk,))

    assert refused(office, kind, selection=both, fields=["name"]) == ["people"]
    assert tells(office, kind, selection=mine, fields=["name"]).record.persons == 1
