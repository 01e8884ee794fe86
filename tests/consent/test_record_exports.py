"""The record as files: PDF, spreadsheet, JSON-LD, JSON; by the pages and by the command."""

import io
import json
from datetime import date

import openpyxl
import pikepdf
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from consent.queries.purposes import controllers
from consent.records.documents import FORMATS
from consent.records.dpv import linked_data
from consent.records.dpv_words import PREFIXES
from consent.records.processing import both_parts, office_records
from consent.records.tables import companies_table, data_table, held_table, purposes_table, recipients_table, told_once
from tests.consent.makers import CompanyFactory, RecipientFactory, SubProcessorFactory, establish, load_office
from tests.factories import business_id

pytestmark = pytest.mark.django_db

UNKNOWN = business_id(3_000_000)
# Terms of DPV 2.2 and its extensions eu-gdpr and pd that the record may use.
LEGAL_BASES = {f"eu-gdpr:A6-1-{letter}" for letter in "abcdef"}
TRANSFER_BASES = {"eu-gdpr:A45-3", "eu-gdpr:A46-2-c", "eu-gdpr:A46-2-b", "dpv:DataTransferLegalBasis"}
KINDS = set(
    """
    dpv:Process dpv:PersonalDataProcess dpv:Purpose dpv:LegalBasis dpv:PersonalData dpv:DataSubject dpv:DataController
    dpv:DataProcessor dpv:DataSubProcessor dpv:DataProtectionOfficer dpv:Recipient dpv:StorageCondition
    dpv:StorageDuration dpv:TechnicalOrganisationalMeasure dpv:Member dpv:Customer dpv:Visitor dpv:User
    dpv:IdentityVerification dpv:PaymentManagement dpv:CustomerClaimsManagement dpv:CommunicationManagement
    dpv:ServiceProvision dpv:DisputeManagement dpv:CustomerCare dpv:DirectMarketing dpv:EnforceSecurity
    dpv:EnforceAccessControl dpv:LegalCompliance dpv:RecordManagement
    pd:Identifying pd:Contact pd:OfficialID pd:PhysicalAddress pd:Ownership pd:Financial pd:Communication pd:Opinion
    pd:PrivacyPreference pd:Tracking pd:Authenticating pd:Behavioral
    """.split()  # noqa: SIM905
)
PROPERTIES = set(
    """
    dpv:hasDataController dpv:hasDataProcessor dpv:hasPurpose dpv:hasLegalBasis dpv:hasPersonalData dpv:hasDataSubject
    dpv:hasRecipient dpv:hasStorageCondition dpv:hasTechnicalOrganisationalMeasure dpv:hasName dpv:hasContact
    dpv:hasIdentifier dpv:hasAddress dpv:hasDataProtectionOfficer dpv:hasCountry dct:source
    """.split()  # noqa: SIM905
)


@pytest.fixture
def office():
    """The management company, a housing company of each kind, and a processor outside the EEA."""
    controller = load_office()
    CompanyFactory(name="As Oy Kaislaranta", managed_from=date(2019, 3, 1))
    establish(CompanyFactory(name="As Oy Majakka"))
    processor = RecipientFactory(controller=controller, organisation__name="Esimerkkipalvelin Oy")
    SubProcessorFactory(
        recipient=processor, name="Example Delivery Inc.", country="US", transfer="clauses", safeguards="2021/914"
    )
    return controller


def words(text):
    return "".join(text.split())  # lines end where a narrow column ends


def tables(controller):
    record, processor = both_parts(controller)
    return [purposes_table(record), companies_table(processor), data_table(record), recipients_table(record)]


@pytest.mark.parametrize(("language", "title"), [("fi", ""), ("sv", ""), ("en", "Record of processing activities")])
def test_the_pdf_file_is_tagged_and_says_its_language_and_title(office, language, title):
    with pikepdf.open(io.BytesIO(FORMATS["pdf"].make(office, language))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert str(pdf.Root.Lang) == language
        assert str(pdf.docinfo["/Title"]).startswith(title)
        assert str(pdf.docinfo["/Title"]).endswith(": Fluxio Isännöinti Oy")
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        tags = kinds_of(pdf.Root.StructTreeRoot)
        width, height = (float(pdf.pages[0].MediaBox[n]) for n in (2, 3))
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= tags
    assert width > height


def kinds_of(element):
    found = set()
    if isinstance(element, pikepdf.Array):
        for part in element:
            found |= kinds_of(part)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            found.add(str(element.S))
        if "/K" in element:
            found |= kinds_of(element.K)
    return found


def test_the_pdf_file_contains_every_item(office):
    pages = pypdf.PdfReader(io.BytesIO(FORMATS["pdf"].make(office, "en"))).pages
    text = words("".join(page.extract_text() for page in pages))
    record, processor = both_parts(office)
    shown = [purposes_table(record), companies_table(processor), held_table(record), recipients_table(record)]

    lines = [line for part in (record, processor) for _name, cell in told_once(part) for line in cell]
    lines += [name for table in shown for name in table.head]
    lines += [line for table in shown for row in table.rows for cell in row for line in cell]
    assert len(lines) > 300
    # A page may end inside a cell, between two lines of print: the first words of each line of ours are together.
    assert [line for line in lines if words(line)[:12] not in text] == []
    assert words("Example Delivery Inc. (US): standard") in text
    assert "1.3.2019" in text


def sheets(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: sheet for sheet in book.worksheets}


def test_the_spreadsheet_contains_every_purpose_company_category_and_recipient(office):
    found = sheets(FORMATS["xlsx"].make(office, "en"))

    assert list(found) == ["30(1)", "30(2)", "Data", "Recipients"]
    for table in tables(office):
        sheet = found[table.name]
        assert [cell.value for cell in sheet[1]][: len(table.head)] == table.head
        assert [cell.font.bold for cell in sheet[1]] == [True] * sheet.max_column
        assert sheet.freeze_panes == "A2"
        shown = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert shown == ["\n".join(line for line in row[0] if line) for row in table.rows]
    assert {row[0].split("\n")[0] for row in found["30(2)"].iter_rows(min_row=2, values_only=True)} == {
        "As Oy Kaislaranta",
        "As Oy Majakka",
    }
    assert "Example Delivery Inc." in [row[1] for row in found["Recipients"].iter_rows(values_only=True)]


def test_each_row_of_the_spreadsheet_tells_its_controller_and_security(office):
    sheet = sheets(FORMATS["xlsx"].make(office, "en"))["30(1)"]
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]

    assert {row["Controller"].split("\n")[0] for row in rows} == {"Fluxio Isännöinti Oy"}
    assert {row["Security measures"][:30] for row in rows} == {"The data are processed in a se"}
    assert {row["Data protection officer"][:33] for row in rows} == {"No data protection officer is nam"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_the_spreadsheet_is_a_formula(office, start):
    CompanyFactory(name=f'{start}HYPERLINK("http://example.com")')
    RecipientFactory(controller=office, organisation__name=f"{start}1+1", service={"fi": "=1", "sv": "=1", "en": "=1"})

    found = sheets(FORMATS["xlsx"].make(office, "en"))

    cells = [cell for sheet in found.values() for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    risky = [cell for cell in cells if cell.value.startswith(start)]
    assert any("HYPERLINK" in cell.value for cell in risky)
    assert {cell.quotePrefix for cell in risky} == {True}


def graph_of(controller):
    return json.loads(FORMATS["dpv"].make(controller, "fi"))


def test_the_linked_data_name_each_node_once_and_lead_nowhere_else(office):
    data = graph_of(office)
    names = [node["@id"] for node in data["@graph"]]

    assert sorted(names) == sorted(set(names))
    assert {data["@context"][prefix] for prefix in ("dpv", "eu-gdpr", "pd")} == {
        "https://w3id.org/dpv#",
        "https://w3id.org/dpv/legal/eu/gdpr#",
        "https://w3id.org/dpv/pd#",
    }
    references = [ref["@id"] for node in data["@graph"] for value in node.values() for ref in refs(value)]
    outside = {ref for ref in references if ref not in names}
    assert len(references) > 100
    assert outside == {"loc:FI", "loc:US", "eu-gdpr:A46-2-c"}


def refs(value):
    return [part for part in value if isinstance(part, dict) and "@id" in part] if isinstance(value, list) else []


def test_the_linked_data_use_terms_that_exist(office):
    graph = graph_of(office)["@graph"]
    kinds = {kind for node in graph for kind in node["@type"]}
    properties = {name for node in graph for name in node if ":" in name}
    bases = {kind for node in graph if "dpv:LegalBasis" in node["@type"] for kind in node["@type"]} - {"dpv:LegalBasis"}
    transfers = {r["@id"] for n in graph if "dpv:hasCountry" in n for r in n.get("dpv:hasLegalBasis", [])}

    assert bases == {"eu-gdpr:A6-1-a", "eu-gdpr:A6-1-b", "eu-gdpr:A6-1-c", "eu-gdpr:A6-1-f"}
    assert bases <= LEGAL_BASES
    assert transfers <= TRANSFER_BASES
    assert kinds - bases - KINDS == set()
    assert properties - PROPERTIES == set()
    assert {term.partition(":")[0] for term in kinds | properties} <= set(PREFIXES)


def test_each_purpose_of_each_controller_is_a_process_with_all_its_parts(office):
    graph = graph_of(office)["@graph"]
    own = [n for n in graph if n["@id"].endswith(":process")]

    assert len(own) == sum(len(record["purposes"]) for record in office_records(office)) == 19
    for node in own:
        assert set(node["label"]) == {"fi", "sv", "en"}
        for part in ("DataController", "Purpose", "LegalBasis", "PersonalData", "DataSubject", "StorageCondition"):
            assert node[f"dpv:has{part}"] != [], (node["@id"], part)
    others = [n for n in graph if n["@id"].endswith(":on-behalf")]
    assert len(others) == 2
    assert {n["dpv:hasDataProcessor"][0]["@id"] for n in others} == {"urn:fluxio:2829837-1:party"}


def test_labels_are_in_the_three_languages(office):
    nodes = {node["@id"]: node for node in graph_of(office)["@graph"]}

    assert set(nodes["urn:fluxio:data:contact"]["label"]) == {"fi", "sv", "en"}
    assert nodes["urn:fluxio:data:contact"]["label"]["en"] == "Contact details"
    assert nodes["urn:fluxio:2829837-1:accounting:purpose"]["label"]["fi"] == "Kirjanpito"


def test_linked_data_of_a_housing_company_hold_no_other_one(office):
    CompanyFactory(name="As Oy Naapuri")
    controller = controllers().get(name="As Oy Majakka")

    text = json.dumps(graph_of(controller), ensure_ascii=False)

    assert "As Oy Naapuri" in json.dumps(graph_of(office), ensure_ascii=False)
    assert "As Oy Majakka" in text
    assert "As Oy Naapuri" not in text


def test_linked_data_of_an_office_without_details_are_empty():
    record = {"processor": {}, "companies": [], "dpo": {"name": ""}, "security": {}}

    assert linked_data([], record)["@graph"] == []


FILES = {
    "record_pdf": ("application/pdf", "pdf"),
    "record_xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "record_fides": ("application/json", "fides.json"),
    "record_dpv": ("application/ld+json", "dpv.jsonld"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_downloads_named_by_the_business_id_alone(name, office, client_of):
    kind, ending = FILES[name]

    response = client_of("customer_service").get(reverse(f"admin:{name}", args=[office.pk]))

    assert response.status_code == 200
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'attachment; filename="record-2829837-1.{ending}"'
    assert len(response.content) > 1000


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("key", [0, 999_999, 10**30])
def test_there_is_no_file_of_a_controller_that_does_not_exist(name, key, office, client_of):
    assert client_of("manager").get(reverse(f"admin:{name}", args=[key])).status_code == 404


def test_the_pdf_file_speaks_the_users_language(office, client_of):
    client = client_of("manager")
    client.cookies["django_language"] = "sv"

    with pikepdf.open(io.BytesIO(client.get(reverse("admin:record_pdf", args=[office.pk])).content)) as pdf:
        assert str(pdf.Root.Lang) == "sv"


def write(path, **options):
    call_command("record_of_processing", output=path, stdout=io.StringIO(), **options)


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_writes_each_format(name, office, tmp_path):
    path = tmp_path / "record"

    write(path, format=name)

    start = path.read_bytes()[:4]
    assert start == {"pdf": b"%PDF", "xlsx": b"PK\x03\x04"}.get(name, b"{\n  ")


def test_the_json_file_holds_both_records_and_what_is_missing(office, tmp_path):
    CompanyFactory(name="As Oy Osoitteeton", street_address="")
    write(tmp_path / "record.json", format="json", language="en")

    data = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))

    assert data["controller"]["controller"]["business_id"] == "2829837-1"
    assert len(data["processor"]["companies"]) == 3
    assert [(fault["article"], fault["about"]) for fault in data["missing"]] == [("30(2)(a)", "As Oy Osoitteeton")]


def test_the_command_writes_the_record_of_one_controller(office, tmp_path):
    controller = controllers().get(name="As Oy Majakka")
    write(tmp_path / "record.json", format="json", controller=controller.business_id)

    data = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))

    assert data["controller"]["controller"]["name"] == "As Oy Majakka"
    assert [company["contact"]["name"] for company in data["processor"]["companies"]] == ["As Oy Majakka"]


def test_the_command_never_overwrites_a_file(office, tmp_path):
    path = tmp_path / "record.pdf"
    path.write_bytes(b"mine")

    with pytest.raises(CommandError, match=r"record\.pdf exists already"):
        write(path, format="pdf")

    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"controller": "123"}, "123 is no business ID."),
        ({"controller": UNKNOWN}, f"No controller has the business ID {UNKNOWN}."),
        ({"format": "xml"}, "invalid choice: 'xml'"),
    ],
)
def test_the_command_says_what_is_wrong(options, says, office, tmp_path):
    with pytest.raises(CommandError) as refusal:
        write(tmp_path / "record", **({"format": "json"} | options))

    assert says in str(refusal.value)
    assert not (tmp_path / "record").exists()


def test_the_command_says_where_it_cannot_write(office, tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        write(tmp_path / "nowhere" / "record.json", format="json")


def test_the_command_says_that_there_is_no_management_company_yet(tmp_path):
    with pytest.raises(CommandError, match="no management company"):
        write(tmp_path / "record.json", format="json")


def test_making_a_file_leaves_the_language_as_it_was(office):
    with translation.override("sv"):
        for kind in FORMATS.values():
            kind.make(office, "fi")
        assert translation.get_language() == "sv"
