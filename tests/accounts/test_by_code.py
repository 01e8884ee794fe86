"""People who are not staff sign in by an emailed code; staff never do."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.mail.letters import letters

pytestmark = pytest.mark.django_db


def ask(client, email):
    client.post(reverse("account_request_login_code"), {"email": email})
    return [line for letter in letters() for line in letter.text.splitlines() if line.strip() and " " not in line]


@pytest.fixture
def member(staff):
    user = staff("", email="board@example.com", is_staff=False)
    user.set_unusable_password()
    User.objects.filter(pk=user.pk).update(password=user.password)
    return user


def test_a_code_lets_in_and_leads_to_the_portal(client, member):
    (code,) = ask(client, member.email)

    assert client.post(reverse("account_confirm_login_code"), {"code": code})["Location"] == "/portal/"
    assert client.get("/")["Location"] == "/portal/"


def test_the_way_back_does_not_lead_into_the_office(client, member):
    client.get(reverse("account_request_login_code") + "?next=/admin/")
    client.post(reverse("account_request_login_code"), {"email": member.email, "next": "/admin/"})
    code = next(line for line in letters()[-1].text.splitlines() if line.strip() and " " not in line)

    response = client.post(reverse("account_confirm_login_code"), {"code": code, "next": "/admin/"})
    assert response["Location"] == "/portal/"


def test_a_wrong_code_lets_nobody_in_and_three_end_it(client, member):
    (code,) = ask(client, member.email)
    for _n in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "WRONGS"})

    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert "_auth_user_id" not in client.session


def test_staff_get_no_code(client, staff):
    assert ask(client, staff("manager").email) == []


def test_who_becomes_staff_while_a_code_is_on_its_way_does_not_come_in_by_it(client, member):
    (code,) = ask(client, member.email)
    User.objects.filter(pk=member.pk).update(is_staff=True)

    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_closed_account_gets_no_code(client, member):
    User.objects.filter(pk=member.pk).update(is_active=False)

    assert ask(client, member.email) == []


def test_an_account_without_a_password_has_none_that_works(client, member):
    client.post(reverse("account_login"), {"login": member.email, "password": "correct horse battery"})

    assert "_auth_user_id" not in client.session
