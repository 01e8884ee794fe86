"""Named accounts alone, and the demo's in the demo alone."""

import pytest
from django.contrib.auth import authenticate
from django.core.checks import run_checks
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.acting import Program, acting
from accounts.models import User
from accounts.roles import ROLES, permissions_of
from tests.mail.letters import letters

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_staff_sign_in_with_their_email_in_any_case(client, staff):
    user = staff("manager", email="pia@office.example")

    assert sign_in(client, "PIA@Office.Example")["Location"] == reverse("admin:index")
    assert client.get(reverse("admin:index")).wsgi_request.user == user


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(client, staff):
    staff("manager", email="pia@office.example")

    wrong = sign_in(client, "pia@office.example", "not the password").content.decode()
    unknown = sign_in(client, "nobody@office.example", "not the password").content.decode()

    assert wrong.replace("pia@", "x@").count("errorlist") == unknown.replace("nobody@", "x@").count("errorlist") == 1


def test_many_wrong_passwords_are_stopped(client, staff):
    staff("manager", email="pia@office.example")
    for _try in range(12):
        sign_in(client, "pia@office.example", "not the password")

    assert sign_in(client, "pia@office.example").status_code != 302


def test_a_closed_account_does_not_sign_in(client, staff):
    staff("manager", email="pia@office.example", is_active=False)

    assert "/admin/" not in sign_in(client, "pia@office.example").get("Location", "")


def test_nobody_makes_an_account_by_themselves(client):
    facts = {"email": "x@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), facts)

    assert User.objects.count() == 0


def test_a_new_password_comes_by_an_emailed_code(client, staff):
    staff("manager", email="pia@office.example")
    client.post(reverse("account_reset_password"), {"email": "pia@office.example"})
    (letter,) = letters()
    code = next(line for line in letter.text.splitlines() if line.strip() and " " not in line.strip())

    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    facts = {"password1": "another long phrase", "password2": "another long phrase"}
    client.post(reverse("account_complete_password_reset"), facts)

    assert User.objects.get().check_password("another long phrase")


def test_no_email_goes_to_an_address_without_an_account(client):
    response = client.post(reverse("account_reset_password"), {"email": "nobody@office.example"})

    assert (response.status_code, letters()) == (302, [])


def test_a_short_or_common_password_is_refused(client, staff):
    user = staff("manager")
    client.force_login(user, "accounts.backends.StaffBackend")
    for password in (
        "short",
        "password1234",
        "p" * 129,
        "my fluxio account",
        "office phrase long",
    ):
        facts = {"oldpassword": PASSWORD, "password1": password, "password2": password}
        assert client.post(reverse("account_change_password"), facts).status_code == 200

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_demo_accounts_cannot_be_made_outside_the_demo(settings):
    settings.DEMO = False

    with pytest.raises(PermissionDenied), acting(Program("tests")):
        User.objects.create_user("demo@demo.example", PASSWORD, is_demo=True)


def test_demo_accounts_cannot_sign_in_outside_the_demo_and_the_check_names_them(settings, client, staff):
    user = staff("manager", email="demo@demo.example", is_demo=True)
    assert authenticate(None, email=user.email, password=PASSWORD) == user
    client.force_login(user, "accounts.backends.StaffBackend")

    settings.DEMO = False

    assert authenticate(None, email=user.email, password=PASSWORD) is None
    assert client.get(reverse("admin:index")).status_code == 302
    assert [e.id for e in run_checks(tags=["database"], databases=["default"])] == ["accounts.E001"]


def test_two_accounts_do_not_share_an_address(staff):
    from django.db import IntegrityError, transaction

    staff("manager", email="pia@office.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="PIA@office.example", name="x")])


@pytest.mark.parametrize("role", ROLES)
def test_a_roles_group_has_what_the_table_says(role, staff):
    assert staff(role).get_all_permissions() == permissions_of(role)


def test_a_change_of_an_account_is_in_the_trail(client_of, staff):
    from accounts.models import AuditEntry

    admin, other = staff("administrator"), staff("manager")
    client = client_of(admin)
    url = reverse("admin:accounts_user_change", args=[other.pk])
    client.post(url, {"email": other.email, "name": "Uusi Nimi", "groups": [], "is_active": "on"})

    entry = AuditEntry.objects.filter(object_pk=str(other.pk), changes__has_key="name").latest("pk")
    assert (entry.actor, entry.changes["name"][1]) == (admin, "Uusi Nimi")


def test_an_administrator_does_not_change_a_superusers_account(client_of, staff):
    boss = staff("", is_superuser=True)
    url = reverse("admin:accounts_user_change", args=[boss.pk])

    client_of("administrator").post(url, {"email": "evil@office.example", "name": "x", "is_active": "on"})

    boss.refresh_from_db()
    assert boss.email != "evil@office.example"


def test_a_new_user_chooses_the_password_alone(client_of, client):
    admin = client_of("administrator")
    admin.post(reverse("admin:accounts_user_add"), {"email": "Uusi@Office.example", "name": "Uusi Työntekijä"})
    user = User.objects.get(email="uusi@office.example")
    assert not user.has_usable_password()

    client.post(reverse("account_reset_password"), {"email": user.email})

    invitation, code = letters()
    assert {invitation.to, code.to} == {user.email}
    assert reverse("account_reset_password") in invitation.text


def test_nobody_gives_themselves_a_role(client_of, staff):
    from django.contrib.auth.models import Group

    admin = staff("administrator")
    url = reverse("admin:accounts_user_change", args=[admin.pk])
    officer = Group.objects.get(name="privacy_officer")
    client_of(admin).post(url, {"email": admin.email, "name": "Nimi", "groups": [officer.pk], "is_active": "on"})

    assert list(admin.groups.values_list("name", flat=True)) == ["administrator"]
