"""Sessions end by themselves and by hand; a sign-in from a new browser is told."""

import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.sessions import BEGAN, SEEN, end_sessions
from accounts.tasks import clear_ended_sessions
from tests.mail.letters import letters

PASSWORD = "correct horse battery"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
pytestmark = pytest.mark.django_db


def sign_in(user, client=None):
    client = client or Client(headers={"user-agent": CHROME, "accept-language": "en"})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def aged(client, name, minutes):
    session = client.session
    session[name] = time.time() - minutes * 60
    session.save()


@pytest.fixture
def member(staff):
    return staff("", is_staff=False, email="board@example.com")


def test_a_session_ends_after_half_an_hour_without_use_and_says_so(client_of):
    client = client_of("manager")
    client.cookies["django_language"] = "en"
    aged(client, SEEN, 29)
    assert client.get(reverse("admin:index")).status_code == 200
    aged(client, SEEN, 31)

    response = client.get(reverse("admin:search"))
    assert response["Location"] == "/account/login/?next=%2Fadmin%2Fsearch%2F"
    assert "You were signed out: 30 minutes went by" in client.get(response["Location"]).content.decode()
    assert client.get(reverse("admin:index")).status_code == 302


def test_what_was_written_meanwhile_goes_back_to_its_writer(client_of):
    client = client_of("manager")
    client.cookies["django_language"] = "en"
    aged(client, SEEN, 31)

    letter = {
        "text": "Hei Aino\n\n<b>Vastaamme</b> huomenna.",
        "subject": "Vastaus",
        "password": "ei kuulu kenellekään",
    }
    response = client.post(reverse("admin:search"), letter)

    shown = response.content.decode()
    assert (response.status_code, "Nothing was saved" in shown) == (403, True)
    assert "Hei Aino<br><br>&lt;b&gt;Vastaamme&lt;/b&gt; huomenna." in shown
    assert "ei kuulu kenellekään" not in shown
    assert client.get(reverse("admin:index")).status_code == 302


def test_what_was_written_goes_back_also_when_the_session_is_cleared_away(client_of):
    client = client_of("manager")
    client.session.flush()

    response = client.post(reverse("admin:search"), {"text": "Vastaamme huomenna."})

    assert (response.status_code, "Vastaamme huomenna." in response.content.decode()) == (403, True)
    assert client.post(reverse("admin:search"), {"q": "Aino"}).status_code == 302


def test_another_tab_that_has_lost_the_cookie_loses_no_text_and_another_site_shows_none(client):
    letter = {"text": "Vastaamme huomenna."}

    ours = client.post(reverse("admin:search"), letter, headers={"sec-fetch-site": "same-origin"})
    theirs = client.post(reverse("admin:search"), letter, headers={"sec-fetch-site": "cross-site"})

    assert (ours.status_code, "Vastaamme huomenna." in ours.content.decode()) == (403, True)
    assert theirs.status_code == 302


@pytest.mark.parametrize(("site", "kept"), [("same-origin", True), ("cross-site", False)])
def test_a_form_from_before_the_last_signing_in_gives_its_text_back(member, site, kept):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)

    stale = client.post(reverse("portal"), {"text": "Vastaamme huomenna."}, headers={"sec-fetch-site": site})

    assert (stale.status_code, "Vastaamme huomenna." in stale.content.decode()) == (403, kept)


def test_use_keeps_a_session_and_a_script_that_asks_does_not(client_of):
    client = client_of("manager")
    aged(client, SEEN, 20)
    client.get(reverse("admin:index"), headers={"sec-fetch-dest": "empty"})
    assert time.time() - client.session[SEEN] > 19 * 60

    client.get(reverse("admin:index"), headers={"sec-fetch-dest": "document"})
    assert time.time() - client.session[SEEN] < 5


def test_a_session_ends_after_twelve_hours_whatever_is_done(client_of):
    client = client_of("manager")
    aged(client, BEGAN, 12 * 60 + 1)

    assert client.get(reverse("admin:index")).status_code == 302


def test_a_script_hears_that_the_session_ended(client_of):
    client = client_of("manager")
    aged(client, SEEN, 31)

    assert client.get(reverse("admin:index"), headers={"accept": "application/json"}).status_code == 403


def test_the_limits_come_from_the_environment(client_of, settings):
    settings.SESSION_IDLE_MINUTES = 5
    client = client_of("manager")
    aged(client, SEEN, 6)

    assert client.get(reverse("admin:index")).status_code == 302


def test_ones_sessions_are_listed_and_each_can_be_signed_out(member):
    here, there = sign_in(member), sign_in(member)
    page = here.get(reverse("own_sessions"))
    assert [row["browser"] for row in page.context["rows"]] == ["Chrome, Linux"] * 2

    other = next(row["pk"] for row in page.context["rows"] if not row["is_this"])
    here.post(reverse("own_sessions"), {"session": other})

    assert there.get(reverse("own_sessions")).status_code == 302
    assert here.get(reverse("own_sessions")).status_code == 200


def test_all_others_are_signed_out_at_once(member):
    here, there = sign_in(member), sign_in(member)
    here.post(reverse("own_sessions"), {"others": "1"})

    assert there.get(reverse("own_sessions")).status_code == 302
    assert UserSession.objects.count() == 1


def test_nobody_signs_out_somebody_else(member, staff):
    theirs = sign_in(member)
    mine = sign_in(staff("", is_staff=False))

    key = UserSession.objects.get(user=member).pk
    assert mine.post(reverse("own_sessions"), {"session": key}).status_code == 404
    assert mine.post(reverse("own_sessions"), {"session": "x"}).status_code == 404
    assert theirs.get(reverse("own_sessions")).status_code == 200


def test_all_sessions_of_an_account_end_at_once(member, client_of):
    clients = [sign_in(member), client_of(member)]
    other = client_of("manager")

    assert end_sessions(member) == 2
    assert [client.get(reverse("own_sessions")).status_code for client in clients] == [302, 302]
    assert other.get(reverse("admin:index")).status_code == 200
    assert not UserSession.objects.filter(user=member).exists()


def test_where_somebody_was_signed_in_is_forgotten_with_the_session(member):
    sign_in(member)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

    clear_ended_sessions()
    assert not UserSession.objects.exists()


def test_a_sign_in_from_a_new_browser_is_told_once(member):
    client = sign_in(member)
    client.post(reverse("account_logout"))
    sign_in(member, client)
    (letter,) = letters()

    assert letter.to == member.email
    assert "Chrome, Linux" in letter.text


def test_a_browser_of_one_account_is_new_to_another(member, staff):
    other = staff("", is_staff=False)
    client = sign_in(member)
    client.post(reverse("account_logout"))
    sign_in(other, client)

    assert [letter.to for letter in letters()] == [member.email, other.email]
    assert member.email not in client.cookies["known_browser"].value
