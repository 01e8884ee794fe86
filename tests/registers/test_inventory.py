"""The inventory covers everything, or the build is red."""

import pytest
from django.db import models
from django.db.models import Q

from accounts.classification import Category, DeleteRow, RegisterPerson, WithRow
from registers import inventory
from registers.library_models import LIBRARY_MODELS
from registers.models import IdentityCode, Person
from registers.services.identity_codes import store_identity_code
from registers.services.people import merge_persons
from tests.factories import (
    BoardSeatFactory,
    OrganisationFactory,
    OwnershipFactory,
    PersonFactory,
    ResidencyFactory,
    identity_code,
)


def test_every_field_of_every_model_is_classified():
    assert list(inventory.faults()) == []


def test_every_category_of_the_registers_has_fields():
    by_category = inventory.fields_by_category()

    for category in (
        Category.IDENTITY,
        Category.CONTACT,
        Category.IDENTITY_CODE,
        Category.RESIDENCE,
        Category.OWNERSHIP,
    ):
        assert by_category[category] != []


def test_a_field_that_is_not_classified_is_named(monkeypatch):
    monkeypatch.setattr(Person.PersonalData, "personal", {Category.IDENTITY: {"first_names": WithRow()}})

    faults = [fault for fault in inventory.faults() if fault.startswith("registers.Person.")]

    assert any(fault.startswith("registers.Person.phone is not classified") for fault in faults)


def test_a_model_without_a_classification_is_named(monkeypatch):
    monkeypatch.delitem(LIBRARY_MODELS, "sessions.Session")

    assert "sessions.Session does not say what personal data it holds: add an inner class PersonalData." in list(
        inventory.faults()
    )


def test_a_path_that_leads_nowhere_is_named(monkeypatch):
    monkeypatch.setattr(Person.PersonalData, "subject", RegisterPerson("nobody"))

    assert "registers.Person.PersonalData.subject: nobody leads nowhere." in list(inventory.faults())


def test_a_foreign_key_to_a_person_is_a_path_to_the_person():
    """Otherwise erasing would leave the row, or fail on it."""
    for model in inventory.all_models():
        entry = inventory.entry_of(model)
        keys = {
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model is Person
        }
        assert keys <= set(entry.person_lookups), model


@pytest.mark.django_db
def test_all_rows_about_a_person_are_found_in_one_query(by, django_assert_num_queries):
    residency = ResidencyFactory()
    person = residency.person
    OwnershipFactory(person=person)
    BoardSeatFactory(person=person)
    OrganisationFactory(kind="estate", deceased=person)
    ResidencyFactory()
    from datetime import date

    code = identity_code(date(1980, 1, 1))
    store_identity_code(person=person, code=code, ground="rental", source="phone", by=by)

    with django_assert_num_queries(1):
        rows = inventory.rows_about(person.pk)

    assert {label: len(found) for label, found in rows.items()} == {
        "registers.person": 1,
        "registers.residency": 1,
        "registers.ownership": 1,
        "registers.boardseat": 1,
        "registers.organisation": 1,
        "registers.identitycode": 1,
        "accounts.auditentry": 7,
        "disclosures.changeseen": 1,  # until the next look for whoever was told of it
    }
    assert code not in str(rows)
    assert rows["registers.identitycode"][0]["code"] == "••••••-••••"


@pytest.mark.django_db
def test_the_rows_of_a_merged_record_are_about_the_person(by, staff):
    from registers.models import AccessEntry

    keep, remove = PersonFactory(last_name="Aalto"), PersonFactory(last_name="Aalto")
    AccessEntry.objects.create(kind="searched", user_key=1, user_email="a@office.example", person_key=remove.pk)

    merge_persons(keep=keep, remove=remove, by=by)

    assert len(inventory.rows_about(keep.pk)["registers.accessentry"]) == 1


def test_identity_codes_end_with_their_row():
    entry = inventory.entry_of(IdentityCode)

    assert isinstance(entry.ends, DeleteRow)
    assert isinstance(inventory.about_person(entry, 1), Q)
