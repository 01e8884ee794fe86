"""Leaving the office is one action; an office keeps an administrator."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.factors import has_factor
from accounts.models import AuditEntry
from accounts.services.leaving import leave_office, take_factors_away
from tests.mail.letters import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(staff):
    return staff("administrator", factor=True)


def test_leaving_ends_sessions_factors_password_and_roles_with_a_reason_in_the_trail(admin, staff, client_of):
    leaver = staff("manager", factor=True)
    theirs = client_of(leaver)
    assert theirs.get(reverse("admin:index")).status_code == 200

    url = reverse("admin:account_leave", args=[leaver.pk])
    response = client_of(admin).post(url, {"reason": "new employer"})

    assert response["Location"] == reverse("admin:accounts_user_change", args=[leaver.pk])
    leaver.refresh_from_db()
    assert (leaver.is_active, leaver.groups.count(), leaver.has_usable_password()) == (False, 0, False)
    assert not Authenticator.objects.filter(user=leaver).exists()
    assert theirs.get(reverse("admin:index")).status_code == 302
    entry = AuditEntry.objects.filter(object_pk=str(leaver.pk), changes__has_key="closed_because").latest("pk")
    assert (entry.actor, entry.changes["closed_because"][1]) == (admin, "new employer")
    assert AuditEntry.objects.filter(object_pk=str(leaver.pk), changes__has_key="groups").exists()


def test_leaving_needs_a_reason(admin, staff, client_of):
    leaver = staff("manager")

    assert client_of(admin).post(reverse("admin:account_leave", args=[leaver.pk]), {"reason": ""}).status_code == 422
    leaver.refresh_from_db()
    assert leaver.is_active


def test_nobody_closes_their_own_account_or_one_of_a_superuser(admin, staff, client_of):
    boss = staff("", is_superuser=True)
    client = client_of(admin)

    for user in (admin, boss):
        with pytest.raises(PermissionDenied):
            leave_office(user=user, reason="x", by=admin)
        assert client.get(reverse("admin:account_leave", args=[user.pk])).status_code == 403


def test_the_last_administrator_stays(admin, by):
    with pytest.raises(ValidationError, match="last administrator"):
        leave_office(user=admin, reason="x", by=by)

    admin.refresh_from_db()
    assert admin.is_active


def test_the_last_administrator_is_not_taken_away_by_the_form_either(admin, staff, client_of):
    boss = staff("", is_superuser=True)
    client = client_of(boss)
    client.cookies["django_language"] = "en"
    boss.is_active = False
    url = reverse("admin:accounts_user_change", args=[admin.pk])
    facts = {"email": admin.email, "name": admin.name, "groups": [], "is_active": "on"}
    type(boss).objects.filter(pk=boss.pk).update(is_superuser=False)
    boss = type(boss).objects.get(pk=boss.pk)
    from django.contrib.auth.models import Permission

    boss.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))

    shown = client.post(url, facts)
    assert "last administrator" in shown.content.decode()
    assert admin.groups.exists()


def test_one_of_two_administrators_leaves(admin, staff):
    other = staff("administrator")
    leave_office(user=other, reason="retired", by=admin)

    other.refresh_from_db()
    assert not other.is_active


def test_who_has_lost_every_factor_adds_a_new_one_after_the_password(admin, staff, client, client_of):
    user = staff("manager", factor=True)
    client_of(admin).post(reverse("admin:account_factors", args=[user.pk]), {"reason": "called back"})
    assert not has_factor(user)

    client.post(reverse("account_login"), {"login": user.email, "password": "correct horse battery"})
    assert client.get(reverse("admin:index"))["Location"].startswith(reverse("mfa_index"))


def test_factors_are_taken_away_with_a_reason_in_the_trail(admin, staff):
    user = staff("manager", factor=True)
    take_factors_away(user=user, reason="lost the phone", by=admin)

    entry = AuditEntry.objects.filter(object_pk=str(user.pk)).latest("pk")
    assert entry.changes == {"factors_reset_because": ["", "lost the phone"]}


def test_an_invited_account_comes_from_the_letter_to_the_second_factor(admin, client_of, client):
    facts = {"email": "uusi@office.example", "name": "Ulla Uusi"}
    client_of(admin).post(reverse("admin:accounts_user_add"), facts)
    assert "Hei Ulla Uusi!" in letters()[0].text

    client.post(reverse("account_reset_password"), {"email": "uusi@office.example"})
    code = next(line for line in letters()[-1].text.splitlines() if line.strip() and " " not in line.strip())
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    new = {"password1": "quite a long phrase", "password2": "quite a long phrase"}
    client.post(reverse("account_complete_password_reset"), new)

    assert client.get(reverse("admin:index"))["Location"].startswith(reverse("mfa_index"))


def test_an_address_that_was_changed_no_longer_lets_in(admin, staff, client_of, client):
    user = staff("manager", email="vanha@office.example")
    client.post(reverse("account_reset_password"), {"email": user.email})
    code = next(line for line in letters()[-1].text.splitlines() if line.strip() and " " not in line.strip())
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})  # the library notes the address
    facts = {"email": "toinen@office.example", "name": user.name, "is_active": "on", "groups": []}
    client_of(admin).post(reverse("admin:accounts_user_change", args=[user.pk]), facts)

    fresh = type(client)()
    fresh.post(reverse("account_login"), {"login": "vanha@office.example", "password": "correct horse battery"})
    assert "_auth_user_id" not in fresh.session
    fresh.post(reverse("account_login"), {"login": "toinen@office.example", "password": "correct horse battery"})
    assert "_auth_user_id" in fresh.session
