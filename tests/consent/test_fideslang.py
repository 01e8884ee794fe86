"""The record as a Fideslang manifest, read back with Fideslang's own library: whatever controllers there are."""

import json

import pytest
import yaml
from django.db import connection
from django.utils import timezone
from fideslang import DEFAULT_TAXONOMY
from fideslang.manifests import ingest_manifests, write_manifest
from fideslang.models import LegalBasisForProcessingEnum, LegalBasisForTransfersEnum, Taxonomy
from fideslang.parse import load_manifests_into_taxonomy
from fideslang.relationships import get_referenced_missing_keys

from accounts.classification import Category
from consent.queries.purposes import controllers
from consent.records.documents import FORMATS
from consent.records.fides import manifest_of
from consent.records.fides_words import CATEGORIES, FIELDS, LEGAL_BASES, SUBJECTS, TRANSFERS, USES
from consent.records.processing import controller_records, office_records
from consent.services.controllers import prepare
from consent.services.notices import open_notice
from consent.shipped import shipped_purposes
from consent.words import Article, RegisterKind, SubjectClass, Transfer
from registers.demo.office import load
from registers.inventory import inventory
from registers.models import Controller
from tests.consent.makers import BY, CompanyFactory, RecipientFactory, SubProcessorFactory, establish, load_office

pytestmark = pytest.mark.django_db


def small_office():
    load_office()


def large_office():
    office = load_office()
    for register in (RegisterKind.CAMERA, RegisterKind.ACCESS_CONTROL):
        open_notice(controller=establish(CompanyFactory()), register=register, by=BY)
    processor = RecipientFactory(controller=office)
    SubProcessorFactory(recipient=processor, country="US", transfer="clauses", safeguards="2021/914")


def demo_office():
    load(people=40, companies=2, seed=1, today=timezone.localdate(), say=lambda text: None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # loading has them checked at once
    for controller in controllers().filter(purposes=None):
        prepare(controller=controller, by=BY)


MADE: dict = {}


@pytest.fixture(params=[small_office, large_office, demo_office])
def manifest(request):
    """Of each office once: the tests look at what was made of it."""
    if request.param not in MADE:
        request.getfixturevalue("db")
        request.param()
        MADE[request.param] = FORMATS["fides"].make(controllers()[0], "fi")
    return json.loads(MADE[request.param])


def with_default_taxonomy(taxonomy):
    own = {name: list(getattr(taxonomy, name)) for name in type(taxonomy).model_fields}
    for name in ("data_category", "data_use", "data_subject", "organization"):
        own[name] += getattr(DEFAULT_TAXONOMY, name)
    return Taxonomy(**own)


def keys(resources):
    return [resource.fides_key for resource in resources]


def test_the_manifest_is_valid(manifest):
    taxonomy = Taxonomy.model_validate(manifest)

    assert set(manifest) <= set(Taxonomy.model_fields)
    assert len(taxonomy.system) == Controller.objects.count()
    assert len(taxonomy.organization) == 1
    rooms = {entry.model._meta.app_label for entry in inventory() if entry.fields}
    assert sorted(keys(taxonomy.dataset)) == sorted(f"fluxio_{room}" for room in rooms)


def test_nothing_in_the_manifest_is_unknown_to_the_library(manifest):
    """Its models pass over what they do not know; we say nothing that would be passed over."""
    kept = Taxonomy.model_validate(manifest).model_dump(mode="json", exclude_unset=True)

    assert names(manifest) - names(kept) == set()


def names(part):
    if isinstance(part, dict):
        return set(part) | {name for value in part.values() for name in names(value)}
    return {name for value in part for name in names(value)} if isinstance(part, list) else set()


def test_the_librarys_own_loader_reads_the_manifest(manifest, tmp_path):
    for kind, resources in manifest.items():
        write_manifest(str(tmp_path / f"{kind}.yml"), resources, kind)

    read = ingest_manifests(str(tmp_path))

    assert yaml.safe_load((tmp_path / "system.yml").read_text(encoding="utf-8"))["system"] == manifest["system"]
    assert load_manifests_into_taxonomy(read) == Taxonomy.model_validate(manifest)


def test_every_key_is_in_the_default_taxonomy_or_defined(manifest):
    taxonomy = with_default_taxonomy(Taxonomy.model_validate(manifest))

    assert get_referenced_missing_keys(taxonomy) == set()
    # The library looks past optional lists; we do not.
    categories, uses = set(keys(taxonomy.data_category)), set(keys(taxonomy.data_use))
    subjects, datasets = set(keys(taxonomy.data_subject)), set(keys(taxonomy.dataset))
    declarations = [d for system in taxonomy.system for d in system.privacy_declarations]
    fields = [f for dataset in taxonomy.dataset for collection in dataset.collections for f in collection.fields]
    assert declarations != []
    for declaration in declarations:
        assert set(declaration.data_categories) | set(declaration.shared_categories) <= categories
        assert set(declaration.data_subjects) <= subjects
        assert declaration.data_use in uses
        assert set(declaration.dataset_references) <= datasets
    assert {key for field in fields for key in field.data_categories} <= categories
    assert {ref for system in taxonomy.system for ref in system.dataset_references} <= datasets


def test_parents_of_our_own_keys_are_there(manifest):
    taxonomy = with_default_taxonomy(Taxonomy.model_validate(manifest))

    for resources in (taxonomy.data_category, taxonomy.data_use):
        known = keys(resources)
        assert sorted(known) == sorted(set(known))
        assert {r.parent_key for r in resources if r.parent_key} - set(known) == set()


def test_no_key_of_the_default_taxonomy_is_deprecated(manifest):
    taxonomy = Taxonomy.model_validate(manifest)
    ended = {r.fides_key for r in DEFAULT_TAXONOMY.data_category + DEFAULT_TAXONOMY.data_use if r.version_deprecated}
    used = {d.data_use for s in taxonomy.system for d in s.privacy_declarations}
    used |= {c for s in taxonomy.system for d in s.privacy_declarations for c in d.data_categories}

    assert ended != set()
    assert used & ended == set()


def test_each_system_declares_each_purpose_with_each_of_its_legal_bases(manifest):
    systems = {system["legal_name"]: system for system in manifest["system"]}
    for record in controller_records(controllers()):
        declared = systems[record["controller"]["name"]]["privacy_declarations"]
        expected = {(p["code"], b["article"]) for p in record["purposes"] for b in p["bases"]}

        assert len(declared) == len({d["name"] for d in declared}) == len(expected)
        assert {d["legal_basis_for_processing"] for d in declared} <= {e.value for e in LegalBasisForProcessingEnum}
        assert all(d["retention_period"] for d in declared)


def test_a_declaration_tells_its_purpose():
    office = load_office()
    RecipientFactory(
        controller=office,
        recipient_class="collection",
        categories=["identity"],
        organisation__name="Perintä Keksitty Oy",
    )
    declared = manifest_of(office_records(office))["system"][0]["privacy_declarations"]

    by_interest = next(d for d in declared if d["name"] == "Collection of receivables (Legitimate interests)")

    assert by_interest["data_use"] == "finance.debt_collection"
    assert by_interest["data_subjects"] == ["debtor"]
    assert "user.government_id.national_identification_number" in by_interest["data_categories"]
    assert (
        by_interest["third_parties"] == "collection agencies, courts and the enforcement authority, Perintä Keksitty Oy"
    )
    assert by_interest["shared_categories"] == CATEGORIES["identity"]
    assert by_interest["impact_assessment_location"] == "Fluxio, purpose collection, version 1"
    assert [d["name"] for d in declared if "impact_assessment_location" in d] == [
        d["name"] for d in declared if d["legal_basis_for_processing"] == "Legitimate interests"
    ]


def test_datasets_are_the_real_tables_and_fields(manifest):
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for dataset in manifest["dataset"]:
            for collection in dataset["collections"]:
                assert collection["name"] in tables
                columns = {c.name for c in connection.introspection.get_table_description(cursor, collection["name"])}
                assert {field["name"] for field in collection["fields"]} - columns == set()


def test_datasets_hold_every_personal_column_of_the_inventory(manifest):
    told = {(c["name"], f["name"]) for d in manifest["dataset"] for c in d["collections"] for f in c["fields"]}
    held = {(e.model._meta.db_table, f.field.column) for e in inventory() for f in e.fields if not f.field.many_to_many}

    assert len(held) > 100
    assert told == held


def test_every_word_of_ours_has_one_of_theirs():
    codes = {
        p["code"] for kind in ("management", "housing_company") for r in RegisterKind for p in shipped_purposes(kind, r)
    }

    assert set(CATEGORIES) == set(Category.values)
    assert set(SUBJECTS) == set(SubjectClass.values)
    assert set(USES) == codes
    assert set(LEGAL_BASES) == set(Article.values)
    assert set(LEGAL_BASES.values()) == {e.value for e in LegalBasisForProcessingEnum}
    assert set(TRANSFERS) == set(Transfer.values) - {"none"}
    assert set(TRANSFERS.values()) <= {e.value for e in LegalBasisForTransfersEnum}
    assert {category for category, _field in FIELDS} <= set(Category.values)
    held = {(f.category.value, f.name) for e in inventory() for f in e.fields}
    assert set(FIELDS) - held == set()


def test_transfers_are_told():
    office = load_office()
    assert manifest_of(office_records(office))["system"][0]["does_international_transfers"] is False

    RecipientFactory(controller=office, country="US", transfer="adequacy", safeguards="2023/1795")
    system = manifest_of(office_records(office))["system"][0]

    assert system["does_international_transfers"] is True
    assert system["legal_basis_for_transfers"] == ["Adequacy Decision"]
