"""Lists of a company, a building or a staircase, in each format; and who gets a list of contacts."""

import csv
import hashlib
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.utils import timezone

from disclosures.extracts import Selection
from disclosures.forms.lists import LISTS
from disclosures.models import Artefact
from disclosures.queries.answering import lines
from disclosures.services.files import take
from disclosures.services.telling import Refused
from registers.services.protection import restrict_processing
from tests.consent.pdf_structure import faults, text_of
from tests.disclosures.telling import BY, tells
from tests.factories import (
    ApartmentFactory,
    BuildingFactory,
    OwnershipFactory,
    PersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
)

pytestmark = pytest.mark.django_db
CONTACTS = ("name", "apartment", "email", "phone")


@pytest.fixture
def houses(office):
    """A second building, with a staircase A of its own."""
    home = ApartmentFactory(
        building=BuildingFactory(housing_company=office.company, street_address="Rantatie 7"), staircase="A", number=9
    )
    office.neighbour = PersonFactory(phone="+358401239999", email="n@example.com")
    ResidencyFactory(person=office.neighbour, apartment=home)
    group = ShareGroupFactory(housing_company=office.company, apartment=home)
    OwnershipFactory(person=office.neighbour, share_group=group)
    return office


def places(office):
    """Where → who lives and owns there."""
    first, second, third, fourth = office.people
    return {
        "company": ({}, {first, second, third, fourth, office.neighbour}),
        "building": ({"building": office.building}, {first, second, third, fourth}),
        "staircase": ({"building": office.building, "staircase": "A"}, {first, third}),
        "staircases of that name": ({"staircase": "A"}, {first, third, office.neighbour}),
    }


@pytest.mark.parametrize("where", ["company", "building", "staircase", "staircases of that name"])
@pytest.mark.parametrize("kind", LISTS)
def test_each_list_tells_of_its_place_alone(houses, kind, where):
    narrowed, who = places(houses)[where]

    told = tells(houses, kind, selection=Selection(LISTS[kind], company=houses.company, **narrowed), fields=["name"])

    assert set(told.extract.told()) == {person.pk for person in who}
    assert set(told.record.about.values_list("person_key", flat=True)) == {person.pk for person in who}


def texts(content: bytes, file: str) -> str:
    if file == "pdf":
        assert faults(content) == []  # tagged
        return text_of(content)
    if file == "xlsx":
        rows = openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
        return "\n".join(" ".join(str(text) for text in row if text) for row in rows)
    return "\n".join(" ".join(row) for row in csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("file", ["pdf", "xlsx", "csv"])
@pytest.mark.parametrize("kind", LISTS)
def test_each_list_says_in_each_format_to_whom_when_and_under_which_number_it_left(houses, staff, kind, file):
    manager = staff("manager")
    record = tells(houses, kind, fields=["name"], by=manager, channel="file", file=file, title="Luettelo").record
    artefact = Artefact.objects.get(disclosure=record)

    content = take(artefact=artefact, by=manager)

    said = " ".join(texts(content, file).split())
    receiver = lines([record])[0].recipient if kind != "residents" else str(record.get_kind_display())
    if kind in ("board", "anyone", "entitled"):
        receiver = houses.recipients[kind].full_name
    moment = timezone.localtime(record.at)
    footer = f"To: {receiver}. {moment:%-d.%-m.%Y %H:%M}. Disclosure {record.pk}."
    assert footer in said or footer.replace(f"{moment:%H:%M}", f"{timezone.localtime():%H:%M}") in said
    assert houses.people[1].last_name in said
    assert record.artefact_sha256 == hashlib.sha256(content).hexdigest()


def test_a_processor_of_messages_gets_the_contacts_of_a_staircase(houses, staff):
    restrict_processing(person=houses.people[2], reason="contested", by=staff("privacy_officer"))
    selection = Selection("residents", company=houses.company, building=houses.building, staircase="A")

    told = tells(houses, "messages", selection=selection, fields=[*CONTACTS, "address", "language"])

    first = houses.people[0]
    assert [{name: row[name] for name in CONTACTS} for row in told.extract.rows] == [
        {"name": first.full_name, "apartment": "A 1", "email": first.email, "phone": first.phone}
    ]
    assert told.extract.rows[0]["address"].startswith("Rantatie 5 A 1")
    assert told.record.left_out_restricted == 1
    assert told.record.evidence == {"reason": "the water is cut off on Monday"}


@pytest.mark.parametrize("kind", sorted(set(LISTS) - {"messages"}))
def test_nobody_else_gets_the_email_addresses_of_a_house(office, kind):
    with pytest.raises(Refused) as said:
        tells(office, kind, fields=["name", "email"])
    assert "email" in [refusal.about for refusal in said.value.refusals]


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"evidence": {}}, "reason"),
        ({"recipient": "maintenance"}, "recipient"),
        ({"purpose": "board"}, "purpose"),
        ({"fields": ["name", "date_of_birth"]}, "date_of_birth"),
    ],
)
def test_contacts_go_to_a_processor_with_an_agreement_for_a_purpose_that_names_it(office, changes, about):
    if "recipient" in changes:
        changes = changes | {"recipient": office.recipients[changes["recipient"]]}
    if "purpose" in changes:
        changes = changes | {"purpose": office.purposes[changes["purpose"]]}
    with pytest.raises(Refused) as said:
        tells(office, "messages", **{"fields": CONTACTS} | changes, by=BY)
    assert [refusal.about for refusal in said.value.refusals] == [about]
