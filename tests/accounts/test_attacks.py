"""Guessing passwords: what is locked out, for how long, who still comes in, and what nobody learns."""

import time

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.factors import current_code
from tests.mail.letters import letters

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


def attempt(email, password, address, client=None):
    facts = {"login": email, "password": password}
    return (client or Client()).post(reverse("account_login"), facts, REMOTE_ADDR=address, HTTP_ACCEPT_LANGUAGE="en")


def addresses(count):
    return [f"10.{n // 65536}.{n // 256 % 256}.{n % 256}" for n in range(count)]


class Counting(MD5PasswordHasher):
    """Says how often a password was really compared."""

    algorithm = "counting"
    asked = 0

    def encode(self, password, salt):
        type(self).asked += 1
        return super().encode(password, salt)


@pytest.fixture
def counting(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.test_attacks.Counting"]
    Counting.asked = 0
    return Counting


@pytest.fixture
def pia(counting, staff):
    user = staff("manager", email="pia@office.example", factor=True)
    Counting.asked = 0
    return user


def test_500_attempts_on_one_account_from_as_many_addresses_try_five_passwords(pia, counting):
    for number, address in enumerate(addresses(500)):
        assert attempt(pia.email, f"wrong password {number}", address).status_code == 200

    assert counting.asked == 5
    assert "Too many wrong attempts" in attempt(pia.email, PASSWORD, "10.9.9.9").content.decode()


def test_500_attempts_on_as_many_accounts_from_one_address_try_ten_passwords(pia, counting):
    for number in range(500):
        attempt(f"staff{number}@office.example", "wrong password", "10.0.0.1")

    assert counting.asked == 10
    assert attempt(pia.email, PASSWORD, "10.0.0.2")["Location"] == reverse("mfa_authenticate")


def test_500_attempts_from_as_many_addresses_on_25_accounts_try_five_passwords_each(pia, client, counting, staff):
    attempt(pia.email, PASSWORD, "10.2.2.2", client)  # her own browser
    client.post(reverse("mfa_authenticate"), {"code": current_code(pia)})
    client.post(reverse("account_logout"))
    names = [
        pia.email,
        *(staff("manager").email for _n in range(12)),
        *(f"guessed{n}@office.example" for n in range(12)),
    ]
    colleague = staff("manager", email="untouched@office.example", factor=True)
    Counting.asked = 0

    pages = [attempt(names[n % 25], "wrong password", address) for n, address in enumerate(addresses(500))]

    assert {page.status_code for page in pages} == {200}
    assert counting.asked == 125
    assert len([page for page in pages if "Too many wrong attempts" in page.content.decode()]) == 375
    for email in names:  # each is locked to strangers, whether it is an account or not
        assert "Too many wrong attempts" in attempt(email, PASSWORD, "10.8.8.8").content.decode()
    assert attempt(pia.email, PASSWORD, "10.2.2.2", client)["Location"] == reverse("mfa_authenticate")
    assert attempt(colleague.email, PASSWORD, "10.7.7.7")["Location"] == reverse("mfa_authenticate")


def test_an_account_is_tried_no_oftener_than_an_unknown_address(pia, counting):
    """Lock-out says nothing of whether there is an account."""
    said = {}
    for email in (pia.email, "nobody@office.example"):
        pages = [attempt(email, "wrong password", address) for address in addresses(8)]
        said[email] = [(page.status_code, "Too many" in page.content.decode()) for page in pages]

    assert said[pia.email] == said["nobody@office.example"]
    assert counting.asked == 10  # the same work for both, too


def test_the_real_user_comes_in_when_the_time_is_over(pia, monkeypatch):
    for address in addresses(20):
        attempt(pia.email, "wrong password", address)
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)

    assert attempt(pia.email, PASSWORD, "10.9.9.9")["Location"] == reverse("mfa_authenticate")


def test_the_real_user_comes_in_by_an_emailed_code_while_the_attack_goes_on(pia, client):
    for address in addresses(20):
        attempt(pia.email, "wrong password", address)
    client.post(reverse("account_reset_password"), {"email": pia.email})
    code = next(line for line in letters()[-1].text.splitlines() if line.strip() and " " not in line.strip())
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    attempt(pia.email, "wrong password", "10.1.1.1")
    new = {"password1": "another long phrase", "password2": "another long phrase"}
    client.post(reverse("account_complete_password_reset"), new)
    client.post(reverse("mfa_authenticate"), {"code": current_code(pia)})

    assert client.get(reverse("admin:index")).status_code == 200


def test_the_real_user_comes_in_from_a_browser_that_the_account_knows(pia, client):
    attempt(pia.email, PASSWORD, "10.2.2.2", client)
    client.post(reverse("mfa_authenticate"), {"code": current_code(pia)})
    client.post(reverse("account_logout"))
    for address in addresses(20):
        attempt(pia.email, "wrong password", address)

    assert attempt(pia.email, PASSWORD, "10.2.2.2", client)["Location"] == reverse("mfa_authenticate")
    client.post(reverse("account_logout"))
    for _try in range(6):  # its own attempts are counted, too
        shown = attempt(pia.email, "wrong password", "10.2.2.3", client)
    assert "Too many wrong attempts" in shown.content.decode()


def test_second_factors_are_not_guessed_either(pia, client):
    attempt(pia.email, PASSWORD, "10.2.2.2", client)
    for number in range(6):
        client.post(reverse("mfa_authenticate"), {"code": f"{number:06}"})

    client.post(reverse("mfa_authenticate"), {"code": current_code(pia)})
    assert "_auth_user_id" not in client.session


def guess(user, address, at, monkeypatch):
    """Somebody with the password tries a code, a while after the day began."""
    stranger = Client()
    monkeypatch.setattr(time, "time", lambda: at)
    attempt(user.email, PASSWORD, address, stranger)
    return stranger.post(reverse("mfa_authenticate"), {"code": "000000"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_twenty_wrong_codes_are_taken_in_a_day_and_the_owner_is_told(pia, client, monkeypatch):
    attempt(pia.email, PASSWORD, "10.2.2.2", client)  # her own browser
    client.post(reverse("mfa_authenticate"), {"code": current_code(pia)})
    client.post(reverse("account_logout"))
    began, before = time.time(), len(letters())

    said = [guess(pia, f"10.3.0.{n}", began + n * 301, monkeypatch) for n in range(100)]  # no five within five minutes

    assert ["Too many wrong codes" in page for page in said] == [False] * 20 + [True] * 80
    told = [letter.subject for letter in letters()[before:] if letter.to == pia.email]
    assert told == ["Wrong codes for your account"]
    attempt(pia.email, PASSWORD, "10.2.2.2", client)
    entered = client.post(reverse("mfa_authenticate"), {"code": current_code(pia)})
    assert entered["Location"] == reverse("admin:index")
    later = guess(pia, "10.4.0.1", began + 86400 + 1, monkeypatch)
    assert "Too many wrong codes" not in later


def test_right_codes_do_not_count(pia, monkeypatch):
    began = time.time()
    for n in range(25):
        monkeypatch.setattr(time, "time", lambda n=n: began + n * 301)
        stranger = Client()
        attempt(pia.email, PASSWORD, f"10.3.0.{n}", stranger)
        shown = stranger.post(reverse("mfa_authenticate"), {"code": current_code(pia)})
        assert shown["Location"] == reverse("admin:index"), n


@pytest.mark.parametrize("page", ["account_reset_password", "account_request_login_code"])
def test_asking_for_a_code_does_the_same_work_for_everybody(page, pia, staff, django_capture_on_commit_callbacks):
    """What a request writes and sends on decides how long it takes; only the undoing is one statement more."""
    staff("", email="board@example.com", is_staff=False)
    work, sent = {}, {}
    for email in ("board@example.com", "nobody@office.example", pia.email):
        before = len(letters())
        with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks() as callbacks:
            Client().post(reverse(page), {"email": email})
        verbs = [query["sql"].split()[0] for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
        work[email] = (verbs, len(callbacks))
        sent[email] = len(letters()) - before

    assert work["board@example.com"] == work["nobody@office.example"] == work[pia.email]
    assert "INSERT" in work["board@example.com"][0]
    staff_too = int(page == "account_reset_password")
    assert sent == {"board@example.com": 1, "nobody@office.example": 0, pia.email: staff_too}


@pytest.mark.parametrize("page", ["account_reset_password", "account_request_login_code"])
def test_asking_for_a_code_says_the_same_to_everybody(page, pia, staff):
    staff("", email="board@example.com", is_staff=False)
    answers = {}
    for email in (pia.email, "board@example.com", "nobody@office.example"):
        fresh = Client()
        first = fresh.post(reverse(page), {"email": email})
        shown = fresh.get(first["Location"])
        body = shown.content.decode().replace(email, "")
        answers[email] = (first.status_code, first["Location"], shown.status_code, len(body))

    assert len(set(answers.values())) == 1


def test_codes_are_sent_to_one_address_a_few_times_alone(pia):
    for address in addresses(20):
        Client().post(reverse("account_reset_password"), {"email": pia.email}, REMOTE_ADDR=address)

    assert len(letters()) == 3


def test_too_many_requests_are_answered_with_our_page(client):
    for _n in range(31):
        response = attempt("nobody@office.example", "wrong password", "10.0.0.1", client)

    assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert "Fluxio" in response.content.decode()


def test_the_limits_are_kept_where_all_workers_read_them():
    assert "redis" in settings.CACHES["default"]["BACKEND"]
    cache.set("limits", 1)
    assert cache.get("limits") == 1
