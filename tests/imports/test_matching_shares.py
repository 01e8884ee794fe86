"""Whose shares a row of a share register is about, and what it would change."""

from datetime import date
from fractions import Fraction

import pytest
from django.utils import timezone

from accounts.acting import acting
from accounts.models import AuditEntry
from registers.models import Organisation, Ownership, Person, ShareGroup, ShareRange
from tests.factories import (
    ApartmentFactory,
    BuildingFactory,
    HousingCompanyFactory,
    OrganisationFactory,
    OwnershipFactory,
    PersonFactory,
    ProtectedPersonFactory,
    ShareGroupFactory,
    ShareRangeFactory,
)

from .flow import BY, SHARES, applied, changes, codes_of, imported, only, reviewed

pytestmark = pytest.mark.django_db
AINO = ["A 1", "1-100", "Aalto, Aino", "3.3.1970", "1/1", "1.5.2010"]


@pytest.fixture
def company():
    return HousingCompanyFactory()


@pytest.fixture
def group(company):
    group = ShareGroupFactory(housing_company=company, name="A 1")
    ShareRangeFactory(share_group=group, first=1, last=100)
    return group


def aino(group, factory=PersonFactory, **fields):
    person = factory(last_name="Aalto", first_names="Aino", date_of_birth=date(1970, 3, 3))
    return OwnershipFactory(**({"share_group": group, "person": person, "owned_from": date(2010, 5, 1)} | fields))


def holdings():
    rows = Ownership.objects.order_by("owned_from", "pk").select_related("person", "organisation")
    return [(str(o.owner), o.fraction, o.owned_from, o.owned_until) for o in rows]


def test_groups_numbers_owners_and_organisations_are_made(company):
    apartment = ApartmentFactory(building=BuildingFactory(housing_company=company), staircase="A", number=1)
    header = [*SHARES, "Y-tunnus"]
    run = imported(
        company,
        header,
        ["A 1", "1-100, 151-160", "Aalto, Aino", "3.3.1970", "1/2", "1.5.2010", ""],
        ["A 1", "1-100, 151-160", "Virtanen Matti kuolinpesä", "", "1/2", "", ""],
        ["AP 7", "101-110", "Esimerkki Oy", "", "1/1", "", "2829837-1"],
        ["LH 1", "111-115", "Esimerkki Oy", "", "", "", ""],
        ["LH 2", "116-120", "Naapurin ry", "", "", "", ""],
    )

    assert (run.state, run.counts["applied"], run.counts["new_share_groups"]) == ("done", 5, 4)
    flat = ShareGroup.objects.get(name="A 1")
    assert flat.apartment == apartment
    assert [str(r) for r in flat.ranges.all()] == ["1–100", "151–160"]
    assert sorted(Organisation.objects.values_list("name", "kind", "business_id")) == [
        ("Esimerkki Oy", "company", "2829837-1"),
        ("Naapurin ry", "association", None),
        ("Virtanen Matti kuolinpesä", "estate", None),
    ]
    assert sum(Fraction(o.numerator, o.denominator) for o in flat.ownerships.all()) == 1


def test_the_same_file_again_changes_nothing(company):
    rows = [
        SHARES,
        AINO,
        ["A 2", "101-200", "Koivu, Kaisa", "", "1/2", ""],
        ["A 2", "", "Esimerkki Oy", "", "1/2", ""],
        ["A 3", "201-210", "Koivu, Kaisa", "", "", ""],
        ["A 3", "221-230", "Koivu, Kaisa", "", "", ""],
        ["A 4", "301-310", "Virtanen Matti kuolinpesä", "", "", ""],
    ]
    imported(company, *rows)

    again = reviewed(company, *rows)
    assert changes(again) == {"unchanged": 5}
    assert (again.counts["rows"], again.counts["unchanged"]) == (6, 6)


def test_an_owner_on_a_row_for_each_range_is_one_owner(company):
    run = imported(company, SHARES, ["A 1", "1-10", *AINO[2:]], ["A 1", "21-30", *AINO[2:]])

    assert (run.counts["new"], Ownership.objects.count(), ShareRange.objects.count()) == (2, 1, 2)


def test_an_owner_of_two_groups_is_made_once_when_the_date_of_birth_says_so(company):
    imported(company, SHARES, AINO, ["AP 1", "501-505", *AINO[2:]])

    assert (Person.objects.count(), Ownership.objects.count()) == (1, 2)


def test_a_known_owner_is_found(group):
    ownership = aino(group)

    run = reviewed(group.housing_company, SHARES, AINO)

    assert (only(run).change, only(run).target_key) == ("unchanged", ownership.pk)


def test_an_owner_who_is_not_listed_any_more_is_shown_with_the_day_the_new_one_began(group):
    old = aino(group)
    new = ["A 1", "1-100", "Koivu, Kaisa", "4.4.1980", "1/1", "1.9.2026"]

    run = reviewed(group.housing_company, SHARES, new)
    assert only(run, change="moved_out").differences == {"owned_until": [None, "2026-09-01"]}

    applied(run, everybody=True)
    old.refresh_from_db()
    assert old.owned_until == date(2026, 9, 1)
    assert holdings()[1] == ("Koivu Kaisa", "1/1", date(2026, 9, 1), None)


def test_a_new_owner_without_the_ending_of_the_old_one_is_skipped_and_told(group):
    aino(group)

    run = imported(group.housing_company, SHARES, ["A 1", "1-100", "Koivu, Kaisa", "4.4.1980", "1/1", "1.9.2026"])

    assert (run.counts["applied"], run.counts["skipped"]) == (0, 1)
    assert codes_of(only(run, skipped=True)) == ["fractions_exceed_register"]
    assert len(holdings()) == 1


def test_a_new_owner_from_an_unknown_day_begins_when_the_old_one_ends(group):
    aino(group)
    run = reviewed(group.housing_company, SHARES, ["A 1", "1-100", "Koivu, Kaisa", "4.4.1980", "1/1", ""])

    applied(run, everybody=True, ended_on=date(2026, 11, 1))

    assert holdings() == [
        ("Aalto Aino", "1/1", date(2010, 5, 1), date(2026, 11, 1)),
        ("Koivu Kaisa", "1/1", date(2026, 11, 1), None),
    ]


def test_another_fraction_from_a_later_day_ends_the_one_before(group):
    aino(group)
    rows = [SHARES, [*AINO[:4], "1/2", "1.9.2026"], ["A 1", "1-100", "Koivu, Kaisa", "4.4.1980", "1/2", "1.9.2026"]]

    run = reviewed(group.housing_company, *rows)
    assert only(run, change="changed").differences["fraction"] == ["1/1", "1/2"]
    applied(run)

    assert holdings() == [
        ("Aalto Aino", "1/1", date(2010, 5, 1), date(2026, 9, 1)),
        ("Aalto Aino", "1/2", date(2026, 9, 1), None),
        ("Koivu Kaisa", "1/2", date(2026, 9, 1), None),
    ]
    assert changes(reviewed(group.housing_company, *rows)) == {"unchanged": 2}


def test_another_fraction_without_a_day_begins_on_the_day_of_the_run(group):
    aino(group)
    rows = [SHARES, [*AINO[:4], "1/2", ""]]

    applied(reviewed(group.housing_company, *rows))

    today = timezone.localdate()
    assert holdings() == [
        ("Aalto Aino", "1/1", date(2010, 5, 1), today),
        ("Aalto Aino", "1/2", today, None),
    ]
    assert changes(reviewed(group.housing_company, *rows)) == {"unchanged": 1}


def test_another_fraction_from_the_same_day_is_a_correction(group):
    aino(group)

    imported(group.housing_company, SHARES, [*AINO[:4], "1/2", AINO[5]])

    assert holdings() == [("Aalto Aino", "1/2", date(2010, 5, 1), None)]


def test_an_end_in_the_file_ends_the_ownership(group):
    aino(group)

    imported(group.housing_company, [*SHARES, "Päättymispäivä"], [*AINO, "1.10.2026"])

    assert holdings() == [("Aalto Aino", "1/1", date(2010, 5, 1), date(2026, 10, 1))]


def test_other_share_numbers_are_a_difference_of_the_group(group):
    aino(group)

    run = imported(group.housing_company, SHARES, ["A 1", "1-90, 201-210", *AINO[2:]])

    assert run.counts["changed"] == 1
    assert [str(r) for r in group.ranges.all()] == ["1–90", "201–210"]


def test_two_groups_can_change_their_numbers_with_each_other(group):
    aino(group)
    other = ShareGroupFactory(housing_company=group.housing_company, name="A 2")
    ShareRangeFactory(share_group=other, first=101, last=200)

    imported(group.housing_company, SHARES, ["A 1", "101-200", *AINO[2:]], ["A 2", "1-100", *AINO[2:]])

    assert [str(r) for g in (group, other) for r in g.ranges.all()] == ["101–200", "1–100"]


def test_a_group_that_changed_since_the_review_is_left_alone(group):
    aino(group)
    run = reviewed(group.housing_company, SHARES, ["A 1", "1-90", *AINO[2:]])
    with acting(BY):
        ShareRange.objects.get().delete()
        ShareRange(share_group=group, first=1, last=95).save()

    applied(run)

    assert [str(r) for r in group.ranges.all()] == ["1–95"]
    assert run.counts["skipped"] == 1


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([AINO, ["A 2", "51-60", *AINO[2:]]], [[], ["shares_of_another_group"]]),
        ([["A 2", "951-960", *AINO[2:]]], [["shares_of_another_group"]]),
        ([[*AINO[:4], "2/3", ""], ["A 1", "1-100", "Koivu, Kaisa", "", "1/2", ""]], [["fractions_exceed"]] * 2),
        ([[*AINO[:4], "", ""], ["A 1", "1-100", "Koivu, Kaisa", "", "1/2", ""]], [["fraction_missing"]] * 1 + [[]]),
        ([[*AINO[:4], "0.66", ""]], [["rounded_fraction"]]),
        ([["A 1", "1-100", "Aalto, Aino ja Eero", "", "1/1", ""]], [["several_people"]]),
    ],
)
def test_what_is_wrong_in_a_group_is_told_on_its_rows(rows, codes, group):
    far = ShareGroupFactory(housing_company=group.housing_company, name="C 9")
    ShareRangeFactory(share_group=far, first=901, last=999)

    run = reviewed(group.housing_company, SHARES, *rows)

    assert [codes_of(row) for row in run.rows.order_by("position")] == codes


def test_nobody_ends_in_a_group_with_a_rejected_row(group):
    aino(group)

    run = reviewed(group.housing_company, SHARES, ["A 1", "1-100", "Koivu, Kaisa", "31.2.1980", "1/1", ""])

    assert changes(run) == {"rejected": 1}


def test_an_organisation_is_found_by_its_business_id_or_its_name(group):
    by_id = OrganisationFactory(name="Vanha nimi Oy", business_id="2829837-1")
    by_name = OrganisationFactory(name="Toinen Oy")
    header = [*SHARES, "Y-tunnus"]

    imported(
        group.housing_company,
        header,
        ["A 1", "1-100", "Uusi nimi Oy", "", "1/1", "", "2829837-1"],
        ["A 2", "101-110", "toinen oy", "", "1/1", "", "0737546-2"],
    )

    assert {o.share_group.name: o.organisation for o in Ownership.objects.all()} == {"A 1": by_id, "A 2": by_name}
    by_name.refresh_from_db()
    assert by_name.business_id == "0737546-2"


def test_organisations_of_one_name_are_a_problem(group):
    for _ in range(2):
        OrganisationFactory(name="Esimerkki Oy")

    run = reviewed(group.housing_company, SHARES, ["A 1", "1-100", "Esimerkki Oy", "", "1/1", ""])

    assert codes_of(only(run)) == ["several_organisations"]


def test_a_protected_owner_is_for_those_who_may_see_them(group, staff):
    manager = staff("manager")
    aino(group, ProtectedPersonFactory)
    new = ["A 1", "1-100", "Koivu, Kaisa", "4.4.1980", "1/1", "1.9.2026"]

    run = applied(reviewed(group.housing_company, SHARES, new, by=manager), by=manager, everybody=True)

    assert (run.counts["applied"], run.counts["applied_moved_out"]) == (0, 0)
    assert holdings() == [("Aalto Aino", "1/1", date(2010, 5, 1), None)]


def changes_of(model, pk):
    found = AuditEntry.objects.filter(content_type__model=model, object_pk=str(pk)).order_by("pk").last()
    return found.action, found.changes, found.object_repr.replace(str(pk), "#"), found.person_key


def test_the_trail_is_as_saving_writes_it(company, group):
    other = aino(group)
    with acting(BY):
        other.owned_until = date(2026, 9, 1)
        other.save()
        organisation = Organisation(name="Vertailu Oy", source="system")
        organisation.save()
        ours = ShareGroup(housing_company=company, name="X 1", source="system")
        ours.save()
        numbers = ShareRange(share_group=ours, first=901, last=905)
        numbers.save()
        held = Ownership(share_group=ours, organisation=organisation, source="system")
        held.save()

    elsewhere = HousingCompanyFactory()
    there = ShareGroupFactory(housing_company=elsewhere, name="A 1")
    ShareRangeFactory(share_group=there, first=1, last=100)
    ending = aino(there)
    rows = [["A 1", "1-100", *AINO[2:], "1.9.2026"], ["X 1", "901-905", "Toinen Oy", "", "", "", ""]]
    imported(elsewhere, [*SHARES, "Päättymispäivä"], *rows)

    made = ShareGroup.objects.get(housing_company=elsewhere, name="X 1")
    own = made.ownerships.get()
    for model, by_import, saved, keys in [
        ("ownership", ending, other, ()),
        ("ownership", own, held, ("share_group", "organisation")),
        ("sharegroup", made, ours, ("housing_company",)),
        ("sharerange", made.ranges.get(), numbers, ("share_group", "housing_company")),
        ("organisation", own.organisation, organisation, ("name",)),
    ]:
        action, found, shown, person = changes_of(model, by_import.pk)
        expected_action, expected, expected_shown, expected_person = changes_of(model, saved.pk)
        assert (action, bool(person)) == (expected_action, bool(expected_person))
        assert {k: v for k, v in found.items() if k not in keys} == {k: v for k, v in expected.items() if k not in keys}
        assert set(found) == set(expected)
        assert shown == expected_shown or model == "organisation"
