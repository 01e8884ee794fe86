"""The end of a management contract: returned first, then erased, then certified."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.acting import acting
from consent.models import Purpose
from disclosures.extracts import Selection
from disclosures.models import Disclosure, RecipientNotice
from disclosures.services.files import take
from disclosures.services.following import follow_up
from disclosures.services.noticing import take_changes
from disclosures.services.telling import disclose
from registers.models import Person, Residency
from registers.services.companies import end_management
from registers.services.people import correct_person
from retention import end_certificates
from retention.end_certificate_texts import said_of
from retention.models import ErasureRecord, ManagementEnd
from retention.queries.holds import AUTOMATIC
from retention.queries.keep_until import holds_on, keep_until
from retention.queries.management_ends import kept_through, open_ends, stands
from retention.services.management_ends import certify, confirm_receipt, hand_over, want_nothing
from tests.factories import (
    ApartmentFactory,
    BoardSeatFactory,
    ImportRunFactory,
    OrganisationFactory,
    OwnershipFactory,
    PersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
)
from tests.retention.people import BY, resident, sweep

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


@pytest.fixture
def officer(staff):
    return staff("privacy_officer")


@pytest.fixture
def gone(house):
    """A house whose contract ended a hundred days ago, with a resident who also owns and sits on the board."""
    house.person = resident(house.home, last_name="Lehtomaa", first_names="Aino", email="aino@example.com")
    OwnershipFactory(person=house.person, share_group=ShareGroupFactory(housing_company=house.company))
    house.seat = BoardSeatFactory(person=house.person, housing_company=house.company, term_from=date(2020, 1, 1))
    ends(house, today() - timedelta(days=100))
    return house


def ends(house, on):
    end_management(housing_company=house.company, on=on, by=BY)
    house.company.refresh_from_db()


def packed(house, by):
    """The registers as a file that somebody has taken out."""
    told = disclose(
        kind="successor",
        recipient=OrganisationFactory(name="Seuraava Oy"),
        selection=Selection("house", company=house.company, former=True),
        fields=["name", "apartment", "moved_in"],
        purpose=Purpose.objects.get(code="accountability", controller__housing_company=None),
        evidence={
            "instructed_by": str(house.seat.pk),
            "instructed_on": house.company.managed_until.isoformat(),
            "instruction": "minutes 4/2026",
        },
        channel="file",
        file="zip",
        by=by,
    )
    take(artefact=told.record.artefact, by=by)
    return told.record


def handed(house, by):
    return hand_over(company=house.company, package=packed(house, by).pk, on=today(), how="secure mail 12", by=by)


def test_what_nobody_has_returned_is_not_erased_when_the_days_have_passed(gone):
    assert sweep(on=today()).persons == 0

    assert Person.objects.filter(pk=gone.person.pk).exists()
    assert kept_through([gone.company.pk])[gone.company.pk] == {
        "registers.boardseat": 1, "registers.ownership": 1, "registers.residency": 1,
    }  # fmt: skip
    assert stands(gone.company).holds_erasure(today())


def test_once_handed_over_it_ends(gone, officer):
    end = handed(gone, officer)

    assert sweep(on=today()).persons == 1

    assert not Person.objects.filter(pk=gone.person.pk).exists()
    assert kept_through([gone.company.pk])[gone.company.pk] == {}
    assert end.held == {"registers.boardseat": 1, "registers.ownership": 1, "registers.residency": 1}


def test_the_next_manager_is_not_told_to_erase_what_was_handed_over(gone, officer):
    handed(gone, officer)

    sweep(on=today())

    assert ErasureRecord.objects.filter(person_key=gone.person.pk).exists()
    assert not RecipientNotice.objects.exists()


def test_the_next_manager_is_told_of_what_was_put_right_after_the_hand_over(gone, officer):
    handed(gone, officer)
    correct_person(person=gone.person, changes={"last_name": "Uusinimi"}, source="phone", by=BY)
    take_changes()

    assert RecipientNotice.objects.get().change == "rectified"


def test_a_company_that_wants_nothing_back_says_why_and_it_ends(gone, officer):
    with pytest.raises(ValidationError, match="why"):
        want_nothing(company=gone.company, because="  ", by=officer)
    want_nothing(company=gone.company, because="the company was dissolved, decision 3", by=officer)

    assert sweep(on=today()).persons == 1


def test_within_the_days_of_keeping_other_rules_speak_as_before(house):
    ends(house, today() - timedelta(days=10))
    long_gone = resident(house.home, moved_in=date(2008, 1, 1), moved_out=date(2012, 1, 1))
    here = resident(house.home)

    assert sweep(on=today()).persons == 1

    assert list(Person.objects.filter(pk__in=[long_gone.pk, here.pk])) == [here]


def test_a_home_in_another_company_is_not_held(gone):
    elsewhere = ApartmentFactory(staircase="C", number=7)
    ResidencyFactory(person=gone.person, apartment=elsewhere, moved_in=date(2010, 1, 1), moved_out=date(2012, 1, 1))

    sweep(on=today())

    assert not Residency.objects.filter(apartment=elsewhere).exists()
    assert Residency.objects.filter(apartment=gone.home).exists()


def test_a_person_is_told_what_holds_their_data(gone):
    names = [str(hold.name) for hold in holds_on(gone.person.pk, "residence", [gone.company.pk])]

    assert names == [str(AUTOMATIC["unreturned"].name)]
    assert holds_on(gone.person.pk, "residence", [gone.company.pk + 1]) == []
    held = {kept.category: kept.holds for kept in keep_until(gone.person.pk)}
    assert held["residence"]


def test_a_file_that_was_not_taken_out_was_not_handed_over(gone, officer):
    record = packed(gone, officer)
    Disclosure.objects.get(pk=record.pk).artefact.__class__.objects.filter(disclosure=record).update(
        taken_at=None, taken_by=""
    )

    with pytest.raises(ValidationError, match="take it out first"):
        hand_over(company=gone.company, package=record.pk, on=today(), how="mail", by=officer)


def test_a_package_that_was_sent_in_error_is_not_handed_over(gone, officer):
    record = packed(gone, officer)
    follow_up(record=record, what="in_error", note="to a wrong firm", by=officer)

    with pytest.raises(ValidationError, match="take it out first"):
        hand_over(company=gone.company, package=record.pk, on=today(), how="mail", by=officer)


@pytest.mark.parametrize("days", [-1, 1])
def test_it_is_handed_over_between_the_taking_out_and_today(gone, officer, days):
    record = packed(gone, officer)

    with pytest.raises(ValidationError, match="on or after"):
        hand_over(company=gone.company, package=record.pk, on=today() + timedelta(days=days), how="mail", by=officer)


def test_another_companys_package_is_no_return(gone, officer):
    record = packed(gone, officer)
    other = type(gone)(company=ApartmentFactory().housing_company)
    ends(other, today())

    with pytest.raises(ValidationError, match="take it out first"):
        hand_over(company=other.company, package=record.pk, on=today(), how="mail", by=officer)


def test_the_receipt_is_confirmed_once_and_not_before_the_hand_over(gone, officer):
    end = handed(gone, officer)
    with pytest.raises(ValidationError, match="not before"):
        confirm_receipt(end=end, on=today() - timedelta(days=1), document="letter", by=officer)

    end = confirm_receipt(end=end, on=today(), document="letter 5", by=officer)

    assert (end.received_on, end.received_as) == (today(), "letter 5")
    with pytest.raises(ValidationError, match="confirmed already"):
        confirm_receipt(end=end, on=today(), document="letter 6", by=officer)


def test_without_the_right_nothing_is_recorded(gone, staff):
    with pytest.raises(PermissionDenied):
        want_nothing(company=gone.company, because="none", by=staff("customer_service"))


def test_a_moved_end_asks_for_the_return_anew(gone, officer):
    handed(gone, officer)
    assert stands(gone.company).is_settled
    with acting(BY):
        gone.company.managed_until = today() - timedelta(days=95)
        gone.company.save()

    assert not stands(gone.company).is_settled
    assert sweep(on=today()).persons == 0


def test_the_days_are_counted_from_the_end(house):
    ends(house, date(2026, 6, 30))

    standing = stands(house.company)

    assert (standing.return_by, standing.erase_by) == (date(2026, 7, 30), date(2026, 9, 28))
    assert not standing.is_late(date(2026, 7, 30))
    assert standing.is_late(date(2026, 7, 31))
    assert [row.company for row in open_ends(date(2026, 6, 30))] == [house.company]
    assert open_ends(date(2026, 6, 29)) == []


def test_nothing_is_certified_while_something_is_kept(gone, officer):
    end = handed(gone, officer)
    with pytest.raises(ValidationError, match="still kept"):
        certify(end=end, by=officer)

    sweep(on=today())
    run = ImportRunFactory(housing_company=gone.company, content=b"x")
    with pytest.raises(ValidationError, match="still kept"):
        certify(end=end, by=officer)
    with acting(BY):
        run.delete()
    assert certify(end=end, by=officer).certified_at


def test_the_certificate_says_what_was_held_returned_and_erased_without_a_name(gone, officer):
    moved = PersonFactory(last_name="Toinenkoti")
    ResidencyFactory(person=moved, apartment=gone.other, moved_in=date(2015, 1, 1))
    ResidencyFactory(person=moved, apartment=ApartmentFactory(), moved_in=date(2024, 1, 1))
    end = handed(gone, officer)
    done = sweep(on=today())

    end = certify(end=end, by=officer)

    facts = end.certificate
    assert facts["people"] == 2
    assert facts["held"]["registers.residency"] == 2
    assert facts["returned"]["disclosure"] == end.package_key
    assert [row["erasure"] for row in facts["erasures"]] == [done.pk]
    assert facts["erasures"][0]["ended"]["whole"] == 1
    assert facts["erasures"][0]["ended"]["residence"] == 1
    assert facts["stays"]["people_elsewhere"] == 1
    assert end.people == []
    said = str(said_of(facts)) + str(facts)
    assert "Certificate" in said
    for name in ("Lehtomaa", "Aino", "Toinenkoti", "aino@example.com"):
        assert name not in said
    assert not re.search(r"\d{6}[-+A]\d{3}", said)


def test_a_certificate_that_was_changed_does_not_match(gone, officer):
    end = handed(gone, officer)
    sweep(on=today())
    end = certify(end=end, by=officer)
    seal = end_certificates.seal_of(end)
    assert end_certificates.matches(seal, end)

    end.certificate["held"]["registers.residency"] += 1
    assert not end_certificates.matches(seal, end)
    end.refresh_from_db()
    assert end_certificates.matches(seal, end)
    end.handed_over_on -= timedelta(days=1)
    assert not end_certificates.matches(seal, end)


def test_what_is_kept_is_asked_of_many_companies_in_one_query(gone, django_assert_num_queries):
    others = [ResidencyFactory().apartment.housing_company_id for _ in range(3)]

    with django_assert_num_queries(1):
        found = kept_through([gone.company.pk, *others])

    assert [sum(found[key].values()) for key in (gone.company.pk, *others)] == [3, 1, 1, 1]


@pytest.mark.parametrize(
    "values",
    [
        {"handed_over_on": date(2026, 1, 1)},
        {"received_as": "letter"},
        {"nothing_wanted_because": "no"},
        {"certificate": {"a": 1}},
    ],
)
def test_postgresql_refuses_a_step_without_its_who_and_when(gone, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        ManagementEnd.objects.create(housing_company=gone.company, ends_on=today(), **values)


def test_the_record_of_an_erasure_outlives_the_certificate(gone, officer):
    end = handed(gone, officer)
    sweep(on=today())
    certify(end=end, by=officer)

    assert ErasureRecord.objects.filter(person_key=gone.person.pk, what="whole").exists()
