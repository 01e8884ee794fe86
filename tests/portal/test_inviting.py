"""Board members get accounts because of their seats, and lose them with their rows in the registers."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.acting import acting
from accounts.models import AuditEntry
from mail.letter import letter_of
from mail.models import OutgoingMessage
from portal.queries.mandates import mandates
from portal.services.inviting import invite_member
from registers.models import PersonAccount
from registers.services.companies import end_management
from registers.services.people import merge_persons
from tests.factories import BoardSeatFactory, HousingCompanyFactory, PersonFactory, ProtectedPersonFactory
from tests.pages.browsing import post, text_of
from tests.portal.conftest import BY, TODAY

pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture
def seat(db):
    company = HousingCompanyFactory(name="As Oy Kaislaranta")
    person = PersonFactory(last_name="Virtanen", first_names="Aino", email="aino@example.com", language="fi")
    return BoardSeatFactory(person=person, housing_company=company, role="chair")


def refused(seat) -> str:
    with pytest.raises(ValidationError) as refusal:
        invite_member(seat=seat, by=BY)
    assert not PersonAccount.objects.exists()
    assert not OutgoingMessage.objects.exists()
    return " ".join(refusal.value.messages)


def test_an_invitation_makes_an_account_that_opens_the_company(seat, staff):
    account = invite_member(seat=seat, by=staff("manager"))

    user = User.objects.get(email="aino@example.com")
    assert account.user == user
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (False, False, False)
    assert not user.get_all_permissions()
    assert [one.company for one in mandates(user, TODAY())] == [seat.housing_company_id]


def test_the_message_leads_to_the_sign_in_page_and_nowhere_else(seat):
    invite_member(seat=seat, by=BY)

    message = OutgoingMessage.objects.get()
    letter = letter_of(message)
    assert letter.to == "aino@example.com"
    assert reverse("account_login") in letter.text
    assert "?" not in letter.text.split("http")[1].split()[0]
    assert message.person_key == seat.person_id


def test_a_second_invitation_is_a_second_message_to_the_same_account(seat):
    first, second = invite_member(seat=seat, by=BY), invite_member(seat=seat, by=BY)

    assert first == second
    assert OutgoingMessage.objects.count() == 2


def test_who_may_not_change_the_board_invites_nobody(seat, staff):
    with pytest.raises(PermissionDenied):
        invite_member(seat=seat, by=staff("customer_service"))


def test_without_an_address_nobody_is_invited(db):
    assert "no email" in refused(BoardSeatFactory(person=PersonFactory(email="")))


def test_a_protected_person_is_not_invited_by_email(db):
    assert "non-disclosure" in refused(BoardSeatFactory(person=ProtectedPersonFactory()))


def test_an_ended_term_or_company_invites_nobody(seat):
    over = BoardSeatFactory(person=PersonFactory(email="x@example.com"), term_until=TODAY())
    assert "over" in refused(over)
    end_management(housing_company=seat.housing_company, on=TODAY(), by=BY)
    seat.housing_company.refresh_from_db()
    assert "not managed" in refused(seat)


def test_an_address_that_another_account_has_is_refused(seat, staff):
    staff("manager", email="Aino@example.com".lower())

    assert "already" in refused(seat)


def test_before_the_term_begins_the_account_opens_nothing(seat):
    coming = BoardSeatFactory(person=PersonFactory(email="tuleva@example.com"), term_from=TODAY() + timedelta(days=1))
    user = invite_member(seat=coming, by=BY).user

    assert mandates(user, TODAY()) == []
    assert len(mandates(user, TODAY() + timedelta(days=1))) == 1


def test_a_manager_invites_from_the_companys_page(seat, client_of):
    client = client_of("manager")
    client.cookies["django_language"] = "en"
    page = text_of(client.get(reverse("admin:company", args=[seat.housing_company_id])))
    assert "not invited" in page

    post(client, "seat_invite", seat.pk)

    page = text_of(client.get(reverse("admin:company", args=[seat.housing_company_id])))
    assert "An invitation was sent to Virtanen Aino." in page
    assert "Send the invitation again" in page


def test_merging_two_records_of_a_person_keeps_the_account(seat):
    user = invite_member(seat=seat, by=BY).user
    keep = PersonFactory(last_name="Virtanen", first_names="Aino")

    merge_persons(keep=keep, remove=seat.person, by=BY)

    user.refresh_from_db()
    assert user.person_account.person_id == keep.pk
    assert user.is_active
    assert len(mandates(user, TODAY())) == 1


def test_when_the_link_goes_nothing_of_the_account_names_its_person(seat):
    user = invite_member(seat=seat, by=BY).user
    entries = AuditEntry.objects.filter(content_type__model="user", object_id=user.pk)
    assert {entry.person_key for entry in entries} == {seat.person_id}

    PersonAccount.objects.filter(user=user)._raw_delete("default")

    user.refresh_from_db()
    assert (user.is_active, user.name, user.email) == (False, "–", f"{user.pk}@ended.invalid")
    assert mandates(user, date(2026, 6, 1)) == []


def test_an_account_of_the_office_outlives_the_link(seat, staff):
    user = staff("manager")
    with acting(BY):
        PersonAccount.objects.create(user=user, person=seat.person, invited_at=user.date_joined)

    PersonAccount.objects.filter(user=user)._raw_delete("default")

    user.refresh_from_db()
    assert user.is_active
