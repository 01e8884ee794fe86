"""A package holds everything that the inventory knows of the person, and nothing of anybody else."""

import io
import json
import zipfile
from datetime import date, datetime

import pytest
from django.db import connection
from django.utils import translation
from jsonschema import Draft202012Validator, FormatChecker

from registers.fields import Sealed
from registers.inventory import about_person
from rights.models import Package
from rights.package.collect import columns_of
from rights.package.ways import WHY_NOT
from rights.services.packages import decide_text, prepare_package, run_build
from tests.factories import SubjectRequestFactory
from tests.rights.whole_person import TABLES, built, resident, write_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def aino(house):
    person = resident(house, "Aino Inkeri", "Lehtomaa", phone="+358405550199")
    write_everything(person, house)
    return person


@pytest.fixture
def neighbour(house):
    """Lives in the same home, and has as much written of them."""
    person = resident(house, "Veikko Olavi", "Salmivaara", phone="+358405550288")
    write_everything(person, house)
    return person


@pytest.fixture
def prepare(officer, case):
    def make(person, right="access", **facts):
        request = case(right, matched=False, person_key=person.pk, name=person.full_name, email=person.email,
                       state="working", means="desk", identified_at=datetime.now().astimezone())  # fmt: skip
        return prepare_package(request=request, by=officer, **facts)

    return make


def inside(package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package.content.reveal_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def data(package):
    return json.loads(inside(package)["data.json"])


def written(value) -> str:
    """As JSON has it."""
    if isinstance(value, Sealed):
        return value.reveal()
    if isinstance(value, date):
        return value.isoformat()[:10]
    return str(value)


def test_every_table_that_leads_to_a_person_has_a_row_here(aino):
    empty = [
        label
        for label, entry in TABLES.items()
        if not entry.model._base_manager.filter(about_person(entry, aino.pk)).exists()
    ]
    assert empty == []


def test_it_holds_every_inventoried_value_or_says_why_not(aino, neighbour, prepare, officer):
    package = built(prepare(aino, why_code="asked for it"), officer)
    found = data(package)
    said = {entry["why"] for entry in found["left_out"]}
    checked = 0
    for label, entry in TABLES.items():
        told, left = columns_of(entry)
        assert {field.name for field in entry.fields} <= set(told) | set(left)
        assert {str(WHY_NOT[why]) for why in left.values()} <= said, label
        rows = found["tables"].get(label, {"rows": []})["rows"]
        text = json.dumps(rows, ensure_ascii=False)
        for row in entry.model._base_manager.filter(about_person(entry, aino.pk)):
            if label == "accounts.auditentry":
                continue  # field by field: the next test
            for field in entry.fields:
                value = getattr(row, field.field.attname)
                if field.name in told and value not in (None, "", [], {}) and not field.field.is_relation:
                    parts = value if isinstance(value, list) else [value]
                    parts = [v for v in value.values()] if isinstance(value, dict) else parts
                    for part in parts:
                        if isinstance(part, bool) or "street_address" in written(part):
                            continue
                        if label == "mail.outgoingmessage" and row.kind != "purpose":
                            continue  # codes and links that were sent
                        assert written(part) in text, (label, field.name)
                        checked += 1
    assert checked > 80


def test_it_holds_nothing_of_anybody_else(aino, neighbour, prepare, officer):
    package = built(prepare(aino), officer)
    whole = b"\n".join(inside(package).values()).decode("utf-8", "ignore")
    assert "Lehtomaa" in whole
    for value in ("Salmivaara", "Veikko", "salmivaara@example.com", neighbour.phone, officer.email, officer.name,
                  "writer@office.example", "Kirjoittaja"):  # fmt: skip
        assert value not in whole, value


def test_the_json_fits_its_published_schema(aino, prepare, officer, client):
    package = built(prepare(aino), officer)
    files = inside(package)
    schema = json.loads(files["data-package-1.json"])
    Draft202012Validator.check_schema(schema)

    Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(files["data.json"]))

    answer = client.get(schema["$id"])
    assert answer.status_code == 200
    assert answer.json() == schema
    assert client.get("/privacy/schema/other.json").status_code == 404
