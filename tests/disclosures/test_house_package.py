"""The registers of a housing company go back to it: everything, of nobody else, and as the record says."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.acting import acting
from disclosures.extracts import Selection
from disclosures.fields import HOUSE
from disclosures.house import CALLED, OF_PEOPLE
from disclosures.models import Artefact, DisclosureRequest, RequestedPerson
from disclosures.package import REGISTERS, schema
from disclosures.services.approving import ask_approval_of_house, release, say_word
from disclosures.services.files import NoLongerAllowed, take
from disclosures.services.pruning import prune_disclosures
from disclosures.services.recording import write_record
from disclosures.services.sealing import seal_new
from disclosures.services.telling import Refused, disclose
from registers.models import AccessEntry, BoardSeat, Ownership, Residency
from registers.services.companies import end_management
from registers.services.identity_codes import store_identity_code
from registers.services.people import correct_person
from registers.services.protection import set_non_disclosure
from tests.disclosures.telling import BY
from tests.factories import (
    ApartmentFactory,
    OrganisationFactory,
    OwnershipFactory,
    PersonFactory,
    ProtectedPersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
    identity_code,
)
from tests.imports.flow import changes, reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(office):
    """Its contract has ended, nobody in it is protected, and the next manager is known."""
    with acting(BY):
        Residency.objects.filter(person=office.protected).delete()
    today = timezone.localdate()
    end_management(housing_company=office.company, on=today, by=BY)
    office.company.refresh_from_db()
    seat = BoardSeat.objects.get(housing_company=office.company)
    evidence = {"instructed_by": str(seat.pk), "instructed_on": today.isoformat(), "instruction": "minutes 4/2026"}
    return SimpleNamespace(
        office=office,
        company=office.company,
        people=office.people,
        purpose=office.purposes["controller"],
        successor=OrganisationFactory(name="Seuraava Isännöinti Oy"),
        evidence=evidence,
        today=today,
    )


def returned(house, *, by=BY, fields=(), **facts):
    plain = {
        "recipient": house.successor,
        "selection": Selection("house", company=house.company, former=True),
        "purpose": house.purpose,
        "evidence": house.evidence,
        "channel": "file",
        "file": "zip",
    }
    wanted = fields or [name for name in HOUSE if name != "identity_code"]
    return disclose(kind="successor", fields=wanted, by=by, **plain | facts)


def opened(record):
    content = Artefact.objects.get(disclosure=record).content.reveal_bytes()
    assert hashlib.sha256(content).hexdigest() == record.artefact_sha256
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def registers_in(files):
    return json.loads(files["registers.json"])["registers"]


def refused(about, act):
    with pytest.raises(Refused) as refusal:
        act()
    assert about in {found.about for found in refusal.value.refusals}


def protect(person):
    set_non_disclosure(person=person, since=date(2026, 1, 1), until=None, reported_by="DVV", by=BY)


def test_everything_that_the_registers_hold_stands_in_the_package(house):
    former = ResidencyFactory(
        person=PersonFactory(last_name="Lähtenyt"),
        apartment=Residency.objects.filter(person=house.people[0]).get().apartment,
        moved_in=date(2010, 1, 1),
        moved_out=date(2014, 6, 1),
    )
    estate = OrganisationFactory(name="Kuolinpesä Esimerkki", kind="estate")
    group = ShareGroupFactory(housing_company=house.company, name="AP 1")
    OwnershipFactory(person=None, organisation=estate, share_group=group, numerator=1, denominator=3)

    found = registers_in(opened(returned(house).record))

    assert {row["last_name"] for row in found["people"]} == {p.last_name for p in house.people} | {"Lähtenyt"}
    assert {row["id"] for row in found["residencies"]} == set(
        Residency.objects.filter(apartment__housing_company=house.company).values_list("pk", flat=True)
    )
    left = next(row for row in found["residencies"] if row["id"] == former.pk)
    assert (left["moved_in"], left["moved_out"], left["person"]) == ("2010-01-01", "2014-06-01", former.person_id)
    owned = next(row for row in found["ownerships"] if row["organisation"] == estate.pk)
    assert (owned["person"], owned["numerator"], owned["denominator"]) == (None, 1, 3)
    assert [row["name"] for row in found["organisations"]] == ["Kuolinpesä Esimerkki"]
    assert [row["role"] for row in found["board_seats"]] == ["member"]
    assert found["company"][0]["business_id"] == house.company.business_id
    assert len(found["apartments"]) == 4
    assert len(found["share_ranges"]) == 4
    assert (found["share_ranges"][0]["first"], found["share_ranges"][0]["last"]) == (1, 100)
    assert {row["identity_code"] for row in found["people"]} == {None}


def test_whoever_has_homes_in_two_companies_goes_with_this_ones_alone(house):
    elsewhere = ApartmentFactory(staircase="Z", number=99)
    ResidencyFactory(person=house.people[0], apartment=elsewhere, moved_in=date(2019, 5, 5))
    OwnershipFactory(person=house.people[0], share_group=ShareGroupFactory(name="Z 99"))
    neighbour = ResidencyFactory(apartment=elsewhere, person=PersonFactory(last_name="Naapurinen")).person

    files = opened(returned(house).record)

    found = registers_in(files)
    assert house.people[0].pk in {row["id"] for row in found["people"]}
    assert neighbour.pk not in {row["id"] for row in found["people"]}
    assert elsewhere.pk not in {row["apartment"] for row in found["residencies"]}
    assert {row["apartment"] for row in found["residencies"]} <= {row["id"] for row in found["apartments"]}
    everything = b"".join(files.values())
    for value in (b"2019-05-05", b"Naapurinen", b"Z 99"):
        assert value not in everything


def test_the_record_says_what_left_of_whom_and_nothing_else(house):
    correct_person(person=house.people[1], changes={"phone": ""}, source="phone", by=BY)
    wanted = ["name", "phone", "apartment", "moved_in", "fraction", "board_role"]

    record = returned(house, fields=wanted).record

    said = {row.person_key: set(row.fields) for row in record.about.all()}
    found = registers_in(opened(record))
    left: dict[int, set[str]] = {}
    columns = {"last_name": "name", "phone": "phone", "apartment": "apartment", "moved_in": "moved_in"}
    columns |= {"numerator": "fraction", "role": "board_role"}
    for register in ("people", "residencies", "ownerships", "board_seats"):
        for row in found[register]:
            person = row["id"] if register == "people" else row["person"]
            told = {columns.get(name, name) for name, value in row.items() if value not in (None, "")}
            left.setdefault(person, set()).update(told - {"id", "person", "first_names", "denominator"})
    assert said == left
    assert "phone" not in said[house.people[1].pk]
    assert {row["share_group"] for row in found["ownerships"]} == {None}


def test_the_csv_files_say_the_same_as_the_json(house):
    files = opened(returned(house).record)
    found = registers_in(files)

    for register, columns in REGISTERS.items():
        lines = list(csv.reader(io.StringIO(files[f"csv/{register}.csv"].decode("utf-8-sig")), delimiter=";"))
        assert tuple(lines[0]) == columns
        assert len(lines) - 1 == len(found[register])
    people = list(csv.DictReader(io.StringIO(files["csv/people.csv"].decode("utf-8-sig")), delimiter=";"))
    assert people[0]["phone"] == found["people"][0]["phone"]
    assert people[0]["non_disclosure"] == "no"


def test_our_own_import_reads_the_residents_back_and_finds_nothing_to_change(house):
    left = Residency.objects.filter(person=house.people[3]).get()
    with acting(BY):
        left.moved_out = house.today
        left.save()
    for person, name in zip(house.people, ("Koivu", "Mänty", "Pihlaja", "Haapa-aho"), strict=True):
        correct_person(person=person, changes={"last_name": name, "first_names": "Aino"}, source="phone", by=BY)
    files = opened(returned(house).record)

    run = reviewed(house.company, data=files["import/residents.csv"], kind="residents")

    assert (run.state, run.failure) == ("review", [])
    assert changes(run) == {"unchanged": 4}


def test_the_package_fits_its_schema_and_its_checksums(house):
    files = opened(returned(house).record)
    document = json.loads(files["registers.json"])

    assert json.loads(files["registers.schema.json"]) == schema()
    fits(document, schema())
    with pytest.raises(AssertionError):  # the check itself can fail
        fits(document | {"disclosure": "one"}, schema())
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {n: hashlib.sha256(c).hexdigest() for n, c in files.items() if n != "SHA256SUMS"}


def fits(value, said, where="$"):
    """As much of JSON Schema as the package's own uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    types = said.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types:
        is_flag = isinstance(value, bool)
        fitting = [
            value is None if kind == "null" else isinstance(value, kinds[kind]) and (not is_flag or kind == "boolean")
            for kind in types
        ]
        assert any(fitting), where
    assert value == said.get("const", value), where
    if isinstance(value, dict) and "properties" in said:
        assert set(said["required"]) <= set(value), where
        assert set(value) <= set(said["properties"]), where
        for name, inner in value.items():
            fits(inner, said["properties"][name], f"{where}.{name}")
    if isinstance(value, list):
        for number, inner in enumerate(value):
            fits(inner, said["items"], f"{where}[{number}]")


def test_the_read_me_says_to_whom_and_under_which_number(house):
    record = returned(house).record

    files = opened(record)

    for language in ("fi", "sv", "en"):
        text = files[f"README.{language}.txt"].decode()
        assert "Seuraava Isännöinti Oy" in text
        assert str(record.pk) in text
    assert not any(person.last_name in name for name in files for person in house.people)


def test_identity_codes_go_with_their_justification_and_are_logged(house, staff):
    person = house.people[2]
    code = identity_code(date(1980, 1, 3))
    store_identity_code(person=person, code=code, ground="rental", source="phone", by=BY)
    manager = staff("manager")
    refused("why_identity_code", lambda: returned(house, fields=["name", "identity_code"], by=manager))

    evidence = house.evidence | {"why_identity_code": "the register holds them on the ground of renting"}
    record = returned(house, fields=["name", "identity_code"], evidence=evidence, by=manager).record

    found = {row["id"]: row["identity_code"] for row in registers_in(opened(record))["people"]}
    assert found.pop(person.pk) == code
    assert set(found.values()) == {None}
    assert AccessEntry.objects.filter(kind="unmasked", person_key=person.pk).count() == 1


def test_without_an_end_of_the_contract_nothing_goes(house):
    house.company.managed_until = house.today + timedelta(days=61)
    with acting(BY):
        house.company.save()
    refused("company", lambda: returned(house))

    house.company.managed_until = house.today + timedelta(days=60)
    with acting(BY):
        house.company.save()
    assert returned(house).record.pk


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instructed_by", ""),
        ("instructed_by", "0"),
        ("instructed_on", "2999-01-01"),
        ("instructed_on", ""),
        ("instruction", " "),
    ],
)
def test_the_instruction_of_the_housing_company_is_recorded(house, name, value):
    refused(name, lambda: returned(house, evidence=house.evidence | {name: value}))


def test_it_goes_to_somebody_by_name(house):
    refused("recipient", lambda: returned(house, recipient=None))


def test_customer_service_does_not_return_registers(house, staff):
    with pytest.raises(PermissionDenied):
        returned(house, by=staff("customer_service"))
    assert returned(house, by=staff("manager")).record.pk


def test_nobody_else_gets_a_whole_register(house):
    board = {"recipient": house.office.recipients["board"], "evidence": {"reason": "meeting"}, "by": BY}
    refused(
        "people",
        lambda: disclose(
            kind="board",
            selection=Selection("house", company=house.company),
            fields=["name"],
            purpose=house.office.purposes["board"],
            channel="file",
            file="zip",
            **board,
        ),
    )


@pytest.fixture
def hindered(house, staff):
    """One is protected, one restricted; a privacy officer asks, and two persons may approve."""
    house.protected = ProtectedPersonFactory(last_name="Salainen")
    home = Residency.objects.filter(person=house.people[0]).get().apartment
    ResidencyFactory(person=house.protected, apartment=home)
    house.officer, house.manager, house.second = staff("privacy_officer"), staff("manager"), staff("manager")
    return house


def asks(house, **facts):
    plain = {
        "recipient": house.successor,
        "company": house.company,
        "fields": [name for name in HOUSE if name != "identity_code"],
        "purpose": house.purpose,
        "evidence": house.evidence,
        "why": "the register goes back whole",
        "by": house.officer,
    }
    return ask_approval_of_house(**plain | facts)


def approved(house, request):
    say_word(request=request, approved=True, by=house.manager)
    say_word(request=request, approved=True, by=house.second)
    return DisclosureRequest.objects.get(pk=request.pk)


def test_with_somebody_protected_nothing_goes_without_two_approvals(hindered):
    refused("approval", lambda: returned(hindered))
    request = asks(hindered)
    say_word(request=request, approved=True, by=hindered.manager)
    refused("approval", lambda: release(request=request, by=hindered.officer))

    say_word(request=request, approved=True, by=hindered.second)
    record = release(request=request, by=hindered.officer).record

    people = {row["id"]: row for row in registers_in(opened(record))["people"]}
    assert people[hindered.protected.pk]["non_disclosure"] is True
    assert people[hindered.people[0].pk]["non_disclosure"] is False
    assert record.left_out_protected == 0
    assert "non_disclosure" in record.about.get(person_key=hindered.protected.pk).fields
    assert take(artefact=record.artefact, by=hindered.officer)


def test_whoever_became_protected_after_the_approval_was_not_approved(hindered):
    request = approved(hindered, asks(hindered))
    protect(hindered.people[3])

    refused("approval", lambda: release(request=request, by=hindered.officer))

    again = approved(hindered, asks(hindered))
    assert release(request=again, by=hindered.officer).record.pk


def test_a_package_with_somebody_who_became_protected_is_not_handed_out(hindered):
    record = release(request=approved(hindered, asks(hindered)), by=hindered.officer).record
    protect(hindered.people[3])

    with pytest.raises(NoLongerAllowed):
        take(artefact=record.artefact, by=hindered.officer)


def test_a_manager_who_may_not_see_protected_people_asks_for_nobody(hindered):
    refused("people", lambda: asks(hindered, by=hindered.manager))


def test_without_anybody_hindered_no_approval_is_asked_for(house, staff):
    house.officer = staff("privacy_officer")
    refused("people", lambda: asks(house))


def test_postgresql_refuses_a_protected_person_whom_nobody_approved(hindered):
    request = approved(hindered, asks(hindered))
    later = ProtectedPersonFactory(last_name="Myöhempi")

    record = release(request=request, by=hindered.officer, title="").record
    record.pk, record.request = None, None

    with pytest.raises(Error, match="needs the approval of two"):
        write_record(record, {hindered.protected.pk: ("name",), later.pk: ("name",)})


def test_nobody_is_added_to_a_request_later(hindered):
    request = asks(hindered)
    DisclosureRequest.objects.filter(pk=request.pk).get()
    with pytest.raises(Error, match="append-only"):
        RequestedPerson.objects.filter(request=request).update(hindrances=[])


def test_a_pruned_package_takes_its_request_and_the_people_of_it_along(hindered):
    record = release(request=approved(hindered, asks(hindered)), by=hindered.officer).record
    seal_new()
    assert RequestedPerson.objects.count() == 1

    prune_disclosures(disclosures=[record.pk], reason="its time is over", by=BY)

    assert RequestedPerson.objects.count() == 0
    assert not DisclosureRequest.objects.filter(pk=record.request_id).exists()


def test_a_large_house_takes_a_fixed_number_of_queries(house):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            returned(house)
        return len(captured)

    few = asked()
    home = Residency.objects.filter(person=house.people[0]).get().apartment
    for number in range(30):
        ResidencyFactory(apartment=home, person=PersonFactory(last_name=f"Uusi{number}"))
    assert asked() == few


@given(
    fields=st.sets(st.sampled_from(sorted(set(HOUSE) - {"identity_code"})), min_size=1),
    gone=st.sets(st.integers(0, 3)),
    numerator=st.integers(1, 3),
)
def test_whatever_is_chosen_what_leaves_is_what_the_record_says(house, fields, gone, numerator):
    Residency.objects.filter(person__in=[house.people[number].pk for number in gone]).update(moved_out=house.today)
    Ownership.objects.filter(person=house.people[1]).update(numerator=numerator, denominator=3)

    try:
        told = returned(house, fields=fields)
    except Refused:  # nothing of it stands in the registers
        assert fields <= {
            "restriction",
            "non_disclosure",
            "address",
            "country",
            "owned_from",
            "owned_until",
            "moved_out",
        }
        return

    left: dict[int, set[str]] = {}
    for row in told.extract.rows:
        left.setdefault(row["person"], set()).update(set(row) - {"person", "register", "keys"})
    assert {row.person_key: set(row.fields) for row in told.record.about.all()} == left
    assert set().union(*left.values()) <= fields
    found = registers_in(opened(told.record))
    told_columns = {column for _m, _p, columns in OF_PEOPLE.values() for f in fields for column in columns.get(f, ())}
    named = {CALLED.get(column, column) for column in told_columns} | ({"shares"} & fields)
    for register in OF_PEOPLE:
        for row in found[register]:
            filled = {column for column, value in row.items() if value not in (None, "", {})}
            assert filled - {"id", "person", "organisation"} <= named
