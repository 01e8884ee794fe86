"""Whoever the registers have signs in by a code to that address; the account follows the register."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting
from accounts.models import AuditEntry, User
from mail.models import OutgoingMessage
from registers.models import Person, PersonAccount
from registers.services.people import correct_person, merge_persons
from tests.factories import PersonFactory, ProtectedPersonFactory, ResidencyFactory
from tests.imports.flow import RESIDENTS, imported
from tests.mail.letters import letters
from tests.portal.conftest import BY, account_of

pytestmark = pytest.mark.django_db
ASK = "account_request_login_code"


@pytest.fixture
def person(db):
    return PersonFactory(last_name="Virtanen", first_names="Aino", email="aino@example.com")


def ask(email):
    client = Client()
    answer = client.post(reverse(ASK), {"email": email})
    return client, answer


def code_in_last_letter():
    return next(line for line in letters()[-1].text.splitlines() if line.strip() and " " not in line)


def signed_in(email):
    client, _answer = ask(email)
    client.post(reverse("account_confirm_login_code"), {"code": code_in_last_letter()})
    return client


def test_a_resident_signs_in_by_a_code_to_the_address_of_the_register(person):
    client = signed_in("Aino@example.com")

    user = User.objects.get(email="aino@example.com")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.is_staff, user.has_usable_password(), user.person_account.person) == (False, False, person)
    assert user.person_account.invited_at is None
    entries = AuditEntry.objects.filter(content_type__model="user", object_id=user.pk)
    assert {entry.person_key for entry in entries} == {person.pk}


def test_the_second_code_goes_to_the_same_account(person):
    signed_in(person.email)
    signed_in(person.email)

    assert User.objects.filter(is_staff=False).count() == PersonAccount.objects.count() == 1


@pytest.mark.parametrize("who", ["unknown", "shared", "protected", "restricted", "staff"])
def test_nobody_else_gets_an_account_and_all_get_the_same_answer(who, person, staff):
    email = "toinen@example.com"
    if who == "shared":
        PersonFactory(email=email), PersonFactory(email=email)
    elif who == "protected":
        ProtectedPersonFactory(email=email)
    elif who == "restricted":
        user = staff("privacy_officer")
        PersonFactory(email=email, restricted_at=timezone.now(), restricted_by=user, restriction_reason="kiista")
    elif who == "staff":
        PersonFactory(email=email)
        staff("manager", email=email)
    _client, known = ask(person.email)
    before = User.objects.count()

    _client, answer = ask(email)

    assert (answer.status_code, answer.get("Location")) == (known.status_code, known["Location"])
    assert User.objects.count() == before
    assert OutgoingMessage.objects.count() == 1 == len(letters())


def test_a_code_never_goes_to_an_address_that_only_looks_like_the_registers(db):
    PersonFactory(email="kk@example.com")

    ask("k\u212a@example.com")  # the sign of the kelvin, which is a small k in other letters

    assert [letter.to for letter in letters()] == ["kk@example.com"]


def test_what_is_written_for_an_unknown_address_is_taken_back(db):
    ask("kukaan@example.com")

    assert not User.objects.exists()
    assert not PersonAccount.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_corrected_address_takes_the_account_along_and_the_old_one_is_told(person):
    client = signed_in(person.email)
    user = User.objects.get()

    correct_person(person=person, changes={"email": "uusi@example.com"}, source="phone", by=BY)

    user.refresh_from_db()
    assert (user.email, user.is_active) == ("uusi@example.com", True)
    told = letters()[-1]
    assert told.to == "aino@example.com"
    assert "uusi@example.com" not in told.text
    assert client.get(reverse("own_sessions"))["Location"].startswith("/account/login/")
    ask("aino@example.com")
    assert letters()[-1] == told
    assert signed_in("uusi@example.com").session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("to", ["", "varattu@example.com"])
def test_without_an_address_or_with_somebody_elses_the_account_is_closed(to, person, staff):
    staff("manager", email="varattu@example.com")
    client = signed_in(person.email)

    correct_person(person=person, changes={"email": to}, source="phone", by=BY)

    user = User.objects.get(is_staff=False)
    assert (user.is_active, user.name) == (False, "–")
    assert user.email.endswith("@ended.invalid")
    assert not PersonAccount.objects.exists()
    assert client.get(reverse("own_sessions"))["Location"].startswith("/account/login/")


def test_set_based_erasure_of_the_address_closes_the_account(person):
    signed_in(person.email)
    other = account_of(PersonFactory(email="muu@example.com"))

    with connection.cursor() as cursor:
        cursor.execute("UPDATE registers_person SET email = '' WHERE id = ANY(%s)", [[person.pk]])

    assert User.objects.get(name="–").is_active is False
    assert not User.objects.filter(email="aino@example.com").exists()
    other.refresh_from_db()
    assert other.is_active


def test_a_new_address_after_an_erased_one_opens_a_new_account(person):
    signed_in(person.email)
    Person.objects.filter(pk=person.pk).update(email="")
    Person.objects.filter(pk=person.pk).update(email="aino@example.com")

    signed_in("aino@example.com")

    assert User.objects.filter(is_active=True).get().person_account.person == person


def test_an_account_that_the_office_closed_stays_closed(person):
    signed_in(person.email)
    with acting(BY):
        user = User.objects.get()
        user.is_active = False
        user.save()

    assert "_auth_user_id" not in ask(person.email)[0].session
    assert len(letters()) <= 3
    assert not User.objects.filter(is_active=True).exists()


def test_the_account_of_a_merged_record_follows_the_address_that_is_kept(person):
    signed_in(person.email)
    keep = PersonFactory(last_name="Virtanen", first_names="Aino", email="pysyva@example.com")

    merge_persons(keep=keep, remove=person, by=BY)

    assert User.objects.get().email == "pysyva@example.com"
    assert PersonAccount.objects.get().person == keep


def test_who_reads_the_address_that_a_merge_drops_is_told(person):
    signed_in(person.email)
    keep = PersonFactory(last_name="Virtanen", first_names="Aino", email="pysyva@example.com")

    merge_persons(keep=keep, remove=person, by=BY)

    told = letters()[-1]
    assert (told.to, told.subject) == ("aino@example.com", "Sähköpostiosoitteesi on muutettu")
    assert "pysyva@example.com" not in told.text


def test_who_reads_the_address_that_an_import_replaces_is_told_if_they_have_an_account(person):
    signed_in(person.email)
    home = ResidencyFactory(person=person, moved_in=date(2020, 6, 1)).apartment
    other = PersonFactory(last_name="Muu", first_names="Matti", date_of_birth=date(1980, 5, 1), email="muu@example.com")
    ResidencyFactory(person=other, apartment=home, moved_in=date(2020, 6, 1))
    Person.objects.filter(pk=person.pk).update(date_of_birth=date(1970, 3, 3))
    where = home.designation
    rows = [
        [where, "Virtanen", "Aino", "3.3.1970", "", "1.6.2020", "tuotu@example.com"],
        [where, "Muu", "Matti", "1.5.1980", "", "1.6.2020", "tuotu2@example.com"],
    ]

    imported(home.housing_company, [*RESIDENTS, "Sähköposti"], *rows)

    assert {p.email for p in Person.objects.all()} == {"tuotu@example.com", "tuotu2@example.com"}
    told = letters()[-1]
    assert (told.to, told.subject) == ("aino@example.com", "Sähköpostiosoitteesi on muutettu")
    assert "muu@example.com" not in [letter.to for letter in letters()]
    assert User.objects.get().email == "tuotu@example.com"


def test_an_account_of_the_office_does_not_follow_a_register(person, staff):
    user = staff("manager", email="pia@office.example")
    with acting(BY):
        PersonAccount.objects.create(user=user, person=person, invited_at=timezone.now())

    Person.objects.filter(pk=person.pk).update(email="")

    user.refresh_from_db()
    assert (user.email, user.is_active) == ("pia@office.example", True)
