"""Shares change hands; seats on boards; the end of a management contract."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from registers.models import BoardSeat, Ownership
from registers.services.board import end_board_seat, seat_board_member
from registers.services.companies import end_management
from registers.services.shares import NewOwner, transfer_ownership
from tests.factories import (
    BoardSeatFactory,
    HousingCompanyFactory,
    OrganisationFactory,
    OwnershipFactory,
    PersonFactory,
    ShareGroupFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


def transfer(by, group, ends, starts, on=DAY):
    return transfer_ownership(share_group=group, ends=ends, starts=starts, on=on, source="official", by=by)


def test_shares_are_sold_to_a_person_and_a_company(by):
    old = OwnershipFactory()
    buyer, company = PersonFactory(), OrganisationFactory()

    transfer(by, old.share_group, [old], [NewOwner(buyer, 1, 3), NewOwner(company, 2, 3)])

    rows = Ownership.objects.order_by("pk").values_list(
        "person", "organisation", "numerator", "owned_from", "owned_until"
    )
    assert list(rows) == [
        (old.person_id, None, 1, date(2020, 1, 1), DAY),
        (buyer.pk, None, 1, DAY, None),
        (None, company.pk, 2, DAY, None),
    ]


def test_selling_more_than_there_is_is_refused_and_nothing_changes(by):
    old = OwnershipFactory()

    with pytest.raises(ValidationError) as refusal:
        transfer(by, old.share_group, [], [NewOwner(PersonFactory(), 1, 2)])

    assert refusal.value.messages == ["The owners' fractions would be more than the whole."]
    assert Ownership.objects.count() == 1


def test_a_transfer_before_the_sellers_own_purchase_is_refused(by):
    old = OwnershipFactory(owned_from=date(2026, 4, 1))

    with pytest.raises(ValidationError):
        transfer(by, old.share_group, [old], [NewOwner(PersonFactory())])
    old.refresh_from_db()
    assert old.owned_until is None


def test_customer_service_transfers_nothing(staff):
    with pytest.raises(PermissionDenied):
        transfer(staff("customer_service"), ShareGroupFactory(), [], [NewOwner(PersonFactory())])


def test_a_board_member_is_seated_and_leaves(by):
    company, person = HousingCompanyFactory(), PersonFactory()

    seat = seat_board_member(
        housing_company=company, person=person, role="member", term_from=DAY, source="company", by=by
    )
    end_board_seat(seat=seat, on=date(2026, 9, 1), by=by)

    assert list(BoardSeat.objects.values_list("person", "role", "term_from", "term_until")) == [
        (person.pk, "member", DAY, date(2026, 9, 1))
    ]


def test_a_second_chair_is_refused_in_words(by):
    first = BoardSeatFactory(role="chair", term_from=date(2026, 1, 1))

    with pytest.raises(ValidationError) as refusal:
        seat_board_member(
            housing_company=first.housing_company,
            person=PersonFactory(),
            role="chair",
            term_from=DAY,
            source="company",
            by=by,
        )
    assert refusal.value.messages == ["The board has a chair at that time already."]


def test_a_management_contract_ends_once(by):
    company = HousingCompanyFactory()

    end_management(housing_company=company, on=DAY, by=by)
    company.refresh_from_db()

    assert (company.is_managed(date(2026, 2, 28)), company.is_managed(DAY)) == (True, False)
    with pytest.raises(ValidationError):
        end_management(housing_company=company, on=date(2026, 5, 1), by=by)
