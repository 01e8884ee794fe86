"""The record as a Fideslang manifest: organisations' words for what our tables and purposes are."""

from typing import Any

from django.utils.text import capfirst

from consent.notices.facts import Facts, bases_of
from consent.notices.sections import labels
from consent.records.fides_words import (
    CATEGORIES,
    LEGAL_BASES,
    OWN_CATEGORIES,
    OWN_SUBJECTS,
    OWN_USES,
    SUBJECTS,
    TRANSFERS,
    category_of,
    use_of,
)
from consent.records.tables import name_of
from consent.texts import in_language
from consent.words import Article, RecipientClass, SubjectClass
from registers.inventory import InventoryModel, inventory

Manifest = dict[str, list[dict[str, Any]]]


def manifest_of(records: list[Facts]) -> Manifest:
    """One system for each controller and one dataset for each room, in the active language. The first is the office."""
    owner = f"organization-{records[0]['controller']['business_id']}"
    made: Manifest = {
        "organization": [_organization(records[0], owner)],
        "data_category": [_own(key, says) for key, says in OWN_CATEGORIES.items()],
        "data_use": [_own(key, says) for key, says in OWN_USES.items()],
        "data_subject": [{"fides_key": key, "name": _subject_name(key)} for key in OWN_SUBJECTS],
        "dataset": datasets(),
        "system": [_system(record) for record in records],
    }
    for resources in made.values():
        for resource in resources:
            resource["organization_fides_key"] = owner
    return made


def _own(key: str, says: str) -> dict[str, Any]:
    parent, _dot, last = key.rpartition(".")
    return {"fides_key": key, "parent_key": parent, "name": capfirst(last.replace("_", " ")), "description": says}


def _subject_name(key: str) -> str:
    ours = next(subject for subject, theirs in SUBJECTS.items() if theirs == key)
    return capfirst(str(SubjectClass(ours).label))


def _organization(record: Facts, key: str) -> dict[str, Any]:
    who, dpo = record["controller"], record["dpo"]
    contact = {"name": who["contact_name"], "address": _address(who)}
    made = {
        "fides_key": key,
        "name": who["name"],
        "controller": contact | {"email": who["contact_email"], "phone": who["contact_phone"]},
    }
    officer = {"name": dpo["name"], "email": dpo["email"], "phone": dpo["phone"]}
    return made | ({"data_protection_officer": officer} if dpo["name"] else {})


def _address(who: Facts) -> str:
    return ", ".join(filter(None, (who["street_address"], f"{who['postal_code']} {who['post_office']}".strip())))


def _system(record: Facts) -> dict[str, Any]:
    who, dpo = record["controller"], record["dpo"]
    made = {
        "fides_key": f"system-{who['business_id']}",
        "name": who["name"],
        "system_type": "Application",
        "responsibility": ["Controller"],
        "legal_name": who["name"],
        "legal_address": _address(who),
        "does_international_transfers": bool(record["transfers"]),
        "legal_basis_for_transfers": sorted({TRANSFERS.get(p["transfer"], "Other") for p in record["transfers"]}),
        "data_security_practices": in_language(record["security"]),
        "dataset_references": datasets_of({c for p in record["purposes"] for c in p["categories"]}),
        "privacy_declarations": [_declaration(*pair) for pair in bases_of(_once_per_article(record))],
    }
    if dpo["name"]:
        made["dpo"] = ", ".join(filter(None, (dpo["name"], dpo["email"], dpo["phone"])))
    if record["joint_controllers"]:
        made["joint_controller_info"] = in_language(record["joint_controllers"])
    return made


def _once_per_article(record: Facts) -> Facts:
    """A declaration has one legal basis: a purpose that rests twice on one article gets one declaration for it."""
    purposes = []
    for purpose in record["purposes"]:
        by_article: dict[str, Facts] = {}
        for basis in purpose["bases"]:
            concerned = basis["subjects"] or purpose["subjects"]
            former = by_article.get(basis["article"], {"subjects": []})["subjects"]
            by_article[basis["article"]] = {
                "article": basis["article"],
                "subjects": [*dict.fromkeys(former + concerned)],
            }
        purposes.append(purpose | {"bases": list(by_article.values())})
    return {"purposes": purposes}


def _declaration(purpose: Facts, basis: Facts) -> dict[str, Any]:
    legal = LEGAL_BASES[basis["article"]]
    receivers = labels(RecipientClass, purpose["recipients"]) + [row["name"] for row in purpose["named"]]
    shared = {c for row in purpose["named"] for c in row["categories"] if c in purpose["categories"]}
    made = {
        "name": f"{name_of(purpose)} ({legal})",
        "data_use": use_of(purpose["code"], is_marketing=purpose["is_marketing"]),
        "data_categories": _keys(purpose["categories"]),
        "data_subjects": [SUBJECTS[subject] for subject in basis["subjects"]],
        "dataset_references": datasets_of(set(purpose["categories"])),
        "legal_basis_for_processing": legal,
        "flexible_legal_basis_for_processing": False,
        "retention_period": in_language(purpose["kept_until"]),
        "data_shared_with_third_parties": bool(receivers),
        "shared_categories": _keys([c for c in purpose["categories"] if c in shared]),
    }
    if receivers:
        made["third_parties"] = ", ".join(receivers)
    if basis["article"] == Article.INTEREST:  # the database keeps no such basis without its balancing test
        made["impact_assessment_location"] = f"Fluxio, purpose {purpose['code']}, version {purpose['number']}"
    return made


def _keys(categories: list[str]) -> list[str]:
    return [key for category in categories for key in CATEGORIES[category]]


def _room(entry: InventoryModel) -> str:
    return f"fluxio_{entry.model._meta.app_label}"


def datasets_of(categories: set[str]) -> list[str]:
    """The rooms that hold data of these categories."""
    return sorted({_room(entry) for entry in inventory() if any(f.category in categories for f in entry.fields)})


def datasets() -> list[dict[str, Any]]:
    rooms: dict[str, list[InventoryModel]] = {}
    for entry in inventory():
        if entry.fields:
            rooms.setdefault(_room(entry), []).append(entry)
    return [
        {"fides_key": room, "name": room, "collections": [_collection(entry) for entry in entries]}
        for room, entries in rooms.items()
    ]


def _collection(entry: InventoryModel) -> dict[str, Any]:
    fields = [
        {
            "name": field.field.column,
            "description": capfirst(str(field.field.verbose_name)),
            "data_categories": category_of(field.category, field.name),
        }
        for field in entry.fields
        if not field.field.many_to_many  # the others are tables of their own, and in the inventory
    ]
    return {
        "name": entry.model._meta.db_table,
        "description": capfirst(str(entry.model._meta.verbose_name_plural)),
        "fields": fields,
    }
