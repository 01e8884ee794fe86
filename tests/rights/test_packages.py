"""A package holds everything that the inventory knows of the person, and nothing of anybody else."""

import io
import json
from datetime import date

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext
from jsonschema import Draft202012Validator, FormatChecker

from consent.contacts import email_key
from consent.models import ConsentEvent, Purpose, PurposeVersion
from consent.services.consents import record_consent
from consent.services.making import made_by
from disclosures.extracts import Selection
from disclosures.models import Disclosure
from disclosures.services.telling import disclose
from registers.fields import Sealed
from registers.inventory import about_person
from registers.models import AccessEntry
from registers.services.people import correct_person
from retention.services.holds import place_hold
from rights.letters import barred
from rights.models import Attachment, Package, RequestMessage
from rights.package.collect import collect, columns_of
from rights.package.portable import OF_THE_PERSON, covered_categories
from rights.package.ways import WHY_NOT
from rights.services.packages import run_build
from tests.consent.pdf_structure import faults, text_of
from tests.factories import ApartmentFactory, ResidencyFactory
from tests.retention.rows import MAKERS
from tests.rights.whole_person import TABLES, built, data, inside, read_all, resident

pytestmark = pytest.mark.django_db


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
    sent = "".join(content.decode() for name, content in inside(package).items() if name.startswith("files/"))
    checked = 0
    for label, entry in TABLES.items():
        told, left = columns_of(entry)
        assert {field.name for field in entry.fields} <= set(told) | set(left)
        with translation.override(package.language):
            assert {str(WHY_NOT[why]) for why in left.values()} <= said, label
        rows = found["tables"].get(label, {"rows": []})["rows"]
        text = json.dumps(rows, ensure_ascii=False) + (sent if label == "rights.attachment" else "")
        for row in entry.model._base_manager.filter(about_person(entry, aino.pk)):
            if label == "accounts.auditentry":
                continue  # field by field: the next test
            for field in entry.fields:
                value = getattr(row, field.field.attname)
                if field.name in told and value not in (None, "", [], {}) and not field.field.is_relation:
                    parts = value if isinstance(value, list) else [value]
                    parts = list(value.values()) if isinstance(value, dict) else parts
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
    schema = json.loads(files["data-package-1.schema.json"])
    Draft202012Validator.check_schema(schema)

    Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(files["data.json"]))

    answer = client.get(schema["$id"])
    assert answer.status_code == 200
    assert answer.json() == schema
    assert client.get("/privacy/schema/other/").status_code == 404


HEADINGS = (
    "Why we use your data (GDPR Art. 15(1)(a))",
    "Which data, and how long they are kept (Art. 15(1)(b) and (d))",
    "Whom we have told, and who handles data for us (Art. 15(1)(c))",
    "Your rights (Art. 15(1)(e))",
    "Complaint to the supervisory authority (Art. 15(1)(f))",
    "Where the data came from (Art. 15(1)(g))",
    "Decisions by machines (Art. 15(1)(h))",
    "Countries outside the EU and the EEA (Art. 15(2))",
    "Your data",
)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_document_is_tagged_and_tells_what_art_15_asks_for(aino, prepare, officer, language):
    package = built(prepare(aino, language=language, exception="Asian 12 selvitys on kesken."), officer)
    content = package.pdf.reveal_bytes()

    assert faults(content) == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang)[:2] == language
    text = "".join(text_of(content).split())
    with translation.override(language):
        for heading in HEADINGS:
            assert "".join(gettext(heading).split()) in text, heading
        assert "".join(barred().split()) in text
        assert data(package)["exception"] == f"Asian 12 selvitys on kesken.\n\n{barred()}"
    for value in ("Lehtomaa", "AinoInkeri", "1.1.2015", "Asian12selvitysonkesken.", "tietosuoja.fi", "050580-****"):
        assert value in text, value


def test_an_identity_code_is_whole_for_a_reason_alone_and_the_reason_is_logged(aino, prepare, officer):
    code = aino.identity_code.code.reveal()

    masked = built(prepare(aino), officer)
    whole = built(prepare(aino, why_code="she asks for it herself"), officer)

    assert data(masked)["tables"]["registers.identitycode"]["rows"][0]["code"] == f"{code[:7]}****"
    assert code not in json.dumps(data(masked))
    assert data(whole)["tables"]["registers.identitycode"]["rows"][0]["code"] == code
    assert "she asks for it herself" in AccessEntry.objects.filter(kind="unmasked", user_key=officer.pk).get().reason


def test_changes_are_told_field_by_field_with_the_names_of_homes(aino, house, prepare, officer):
    correct_person(person=aino, changes={"email": "uusi@example.com"}, source="phone", by=officer)
    rows = data(built(prepare(aino), officer))["tables"]["accounts.auditentry"]["rows"]

    changes = [change for row in rows for change in row["changes"] or []]
    assert {"field": "email", "label": "Sähköposti", "before": "lehtomaa@example.com", "after": "uusi@example.com"} in [
        change | {"label": "Sähköposti"} for change in changes
    ]
    assert any(change["field"] == "apartment" and "A 12" in change["after"] for change in changes)
    assert not {"person", "restricted_by", "sort_key"} & {change["field"] for change in changes}


def test_what_was_said_before_anybody_knew_whose_it_was_and_under_a_merged_key_is_in_it(aino, prepare, officer):
    version = PurposeVersion.objects.filter(purpose__code="marketing").earliest("pk")
    ConsentEvent.objects.create(
        kind="given", purpose=version.purpose, version=version, channel="email", contact_key=email_key(aino.email),
        language="fi", text="Ennen asiakkuutta.", means="web", program="tests",
    )  # fmt: skip
    former = aino.former_keys.get().key
    AccessEntry.objects.create(
        kind="opened", user_key=1, user_email="writer@office.example", person_key=former, page="person_looks"
    )

    tables = data(built(prepare(aino), officer))["tables"]

    assert "Ennen asiakkuutta." in [row["text"] for row in tables["consent.consentevent"]["rows"]]
    assert "person_looks" in [row["page"] for row in tables["registers.accessentry"]["rows"]]


@pytest.mark.parametrize(
    ("facts", "given"),
    [
        ({"whom": "self", "means": "desk", "identified_at": timezone.now()}, True),
        ({"whom": "proxy", "means": "desk", "identified_at": timezone.now()}, False),
        ({"whom": "self", "means": "", "identified_at": None}, False),
    ],
)
def test_a_file_comes_along_where_the_person_sent_it_themselves(facts, given, aino, case, prepare, officer):
    old = case(matched=False, person_key=aino.pk, email="toinen.osoite@example.com", **facts)
    file = Attachment.objects.create(
        request=old, media_type="application/pdf", size=8, sha256="1" * 64, content=b"%PDF-own"
    )

    package = built(prepare(aino), officer)

    files = inside(package)
    assert (files.get(f"files/{file.pk}.pdf") == b"%PDF-own") is given
    assert ("toinen.osoite@example.com" in json.dumps(data(package)["tables"])) is given
    assert (f"files/{file.pk}.pdf" in files["SHA256SUMS"].decode()) is given


def of_their_own(case, person, **facts):
    known = {"matched": False, "person_key": person.pk, "state": "working", "means": "desk"}
    return case(
        **known | {"identified_at": timezone.now(), "message": "Isälle ei saa kertoa", "channel": "form"} | facts
    )


def test_what_the_person_wrote_themselves_waits_for_nobody(aino, case):
    request = of_their_own(case, aino)
    RequestMessage.objects.create(request=request, direction="in", text="Oma viesti", language="fi", program="web")

    found = collect(aino, {})

    assert not {"Isälle ei saa kertoa", "Oma viesti"} & {text.text for text in found.unread.values()}
    given = json.dumps([list(row) for table in found.tables for row in cells(table)], ensure_ascii=False)
    assert "Isälle ei saa kertoa" in given
    assert "Oma viesti" in given


def test_whoever_acts_for_the_person_gets_it_after_somebody_has_read_it_and_no_files(aino, case):
    request = of_their_own(case, aino)
    Attachment.objects.create(request=request, media_type="image/png", size=3, sha256="0" * 64, content=b"abc")
    assert collect(aino, {}).files != {}

    found = collect(aino, {}, to_themselves=False)

    assert "Isälle ei saa kertoa" in [text.text for text in found.unread.values()]
    assert found.files == {}


def test_what_the_office_wrote_down_of_a_call_is_read_first(aino, case, officer):
    of_their_own(case, aino, channel="phone", message="Valitti naapuristaan")
    request = of_their_own(case, aino, channel="form")
    RequestMessage.objects.create(
        request=request, direction="in", text="Soitti ja kertoi", language="fi", **made_by(officer)
    )

    unread = {text.text for text in collect(aino, {}).unread.values()}

    assert {"Valitti naapuristaan", "Soitti ja kertoi"} <= unread


def cells(table):
    return [[cell.text for cell in row.values()] for row in table.rows.values()]


def test_a_ground_that_somebody_typed_stays_in_the_log(aino, house, prepare, officer):
    disclose(
        kind="subject", recipient=aino, selection=Selection("people", people=(aino.pk,)), fields=["phone"],
        purpose=Purpose.objects.get(controller__housing_company=None, code="accountability"),
        evidence={"identified_by": "known"}, channel="paper", ground="naapuri Salmivaara valitti", by=officer,
    )  # fmt: skip
    assert Disclosure.objects.filter(ground="naapuri Salmivaara valitti").exists()

    whys = [entry["why"] for entry in data(built(prepare(aino), officer))["recipients"]]

    assert len(whys) == 2
    assert sum("GDPR Art. 15" in why for why in whys) == 1
    assert not any("Salmivaara" in why for why in whys)


def test_it_says_who_was_told_until_when_it_is_kept_and_on_which_basis(aino, prepare, officer):
    found = data(built(prepare(aino), officer))

    assert [entry["to"] for entry in found["recipients"]] == [str(aino)]
    assert {"identity", "contact", "residence"} <= {entry["code"] for entry in found["categories"]}
    assert all(entry["kept"] for entry in found["categories"])
    assert any("6 artiklan 1 kohdan " in basis for purpose in found["purposes"] for basis in purpose["bases"])
    assert {source["field"] for source in found["sources"]} >= {"last_name", "email", "phone"}


def test_the_number_of_queries_does_not_grow_with_rows(aino, house, prepare, officer):
    def queries(package):
        run_build(package.pk)
        read_all(Package.objects.get(pk=package.pk), officer)
        with CaptureQueriesContext(connection) as found:
            run_build(package.pk)
        assert Package.objects.get(pk=package.pk).state == "ready"
        return len(found)

    first = prepare(aino)
    queries(first)
    few = queries(prepare(aino))
    for label in ("registers.residency", "retention.hold", "registers.ownership", "registers.importrow"):
        for number in range(10):
            if label == "registers.residency":
                home = ApartmentFactory(building=house.building, number=100 + number)
                ResidencyFactory(person=aino, apartment=home, moved_in=date(2001, 1, 1), moved_out=date(2002, 1, 1))
            else:
                MAKERS[label](aino, house)
    for _look in range(100):
        AccessEntry.objects.create(
            kind="opened", user_key=1, user_email="writer@office.example", person_key=aino.pk, page="person"
        )

    assert queries(prepare(aino)) == few


def test_portability_holds_what_they_gave_on_consent_or_agreement_alone(aino, house, prepare, officer):
    """The shipped purposes keep residents' data on other bases: nothing of those."""
    others = data(built(prepare(aino, "portability"), officer))
    covered = covered_categories(aino, timezone.localdate())
    assert others["kind"] == "portability"
    for label, table in others["tables"].items():
        for column in table["columns"]:
            assert column["category"] in covered or column["field"] in ("source", "obtained_on"), (label, column)
        for row in table["rows"]:
            if label != "registers.person" and "source" in row:
                assert row["source"] in OF_THE_PERSON


def test_portability_by_a_consent_gives_what_the_person_gave_and_nothing_from_elsewhere(house, prepare, officer):
    aino = resident(house, "Aino", "Kivelä")
    place_hold(person=aino, reason="riita", review_on=date(2030, 1, 1), by=officer)
    marketing = PurposeVersion.objects.filter(purpose__code="marketing").earliest("pk")
    assert "contact" in marketing.categories
    record_consent(
        person=aino,
        purpose=marketing.purpose,
        channels=["email"],
        means="phone",
        evidence="soitti",
        language="fi",
        by=officer,
    )
    correct_person(person=aino, changes={"phone": "+358405550177"}, source="official", by=officer)

    package = prepare(aino, "portability")
    run_build(package.pk)  # no text waits: none of them is kept on consent or agreement
    found = data(Package.objects.get(pk=package.pk))

    [row] = found["tables"]["registers.person"]["rows"]
    assert (row["email"], row["phone"]) == ("kivela@example.com", None)
    assert "retention.hold" not in found["tables"]
