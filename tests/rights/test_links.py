"""Links that open one thing once: a button, a code to the same address, then the message; no second time."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from rights.models import OneTimeLink, RequestMessage
from rights.services.links import purge_links
from rights.services.messages import write_message
from rights.tasks import purge_old_requests
from tests.mail.letters import letters
from tests.rights.asking import mailed_code, visitor

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://[^/]+(/request/open/\S+)")


@pytest.fixture
def client():
    return visitor()


def text(response) -> str:
    return response.content.decode()


def newest() -> str:
    return next(found[1] for letter in reversed(letters()) if (found := LINK.search(letter.text)))


@pytest.fixture
def way(case, officer):
    write_message(request=case(), subject="Vastaus", text="Tietosi ovat <i>tässä</i>", by=officer)
    return newest()


def opens(client, way):
    client.post(way)
    return client.post(way, {"code": mailed_code()})


def test_a_scanner_that_opens_the_link_opens_nothing(way, client):
    for _ in range(3):
        assert client.get(way).status_code == 200
        assert client.head(way).status_code == 200

    link = OneTimeLink.objects.get()
    assert (link.used_at, link.code_digest, len(letters())) == (None, None, 1)


def test_the_button_sends_a_code_to_the_same_address_and_the_code_opens_once(way, client):
    first = opens(client, way)

    assert first.status_code == 200
    assert "Tietosi ovat &lt;i&gt;tässä&lt;/i&gt;" in text(first)
    assert {letter.to for letter in letters()} == {"aino.virtanen@example.com"}
    assert RequestMessage.objects.get().read_at is not None
    assert first["Cache-Control"].startswith("max-age=0")


def test_who_has_opened_a_letter_finds_the_page_of_the_request_open(way, client):
    opens(client, way)
    letter = RequestMessage.objects.get()

    assert letter.request.reference in text(client.get(reverse("request_page")))
    assert client.get(reverse("request_letter", args=[letter.pk]))["Content-Type"] == "application/pdf"


def test_a_second_use_refuses_politely_and_says_what_to_do(way, client):
    opens(client, way)
    code = mailed_code()

    for answer in (client.get(way), client.post(way), client.post(way, {"code": code})):
        assert answer.status_code == 410
        assert "Tietosi" not in text(answer)
        assert "ask for a new link" in text(answer)


def test_an_expired_link_refuses_in_the_same_way(way, client):
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert client.get(way).status_code == 410
    assert client.post(way).status_code == 410
    assert len(letters()) == 1


def test_a_new_link_comes_to_the_same_address_and_opens_the_same(way, client):
    opens(client, way)
    before = len(letters())

    answer = client.post(way, {"again": "1"})

    assert "a new one is on its way" in text(answer)
    assert len(letters()) == before + 1
    again = newest()
    assert again != way
    assert "Tietosi ovat" in text(opens(client, again))


def test_a_secret_that_never_was_one_gets_the_same_answer_and_no_link(way, client):
    known = client.post(way, {"again": "1"})
    unknown = client.post(reverse("request_open", args=["never-was-one"]), {"again": "1"})

    assert (known.status_code, text(known).partition("<main")[2]) == (200, text(unknown).partition("<main")[2])
    assert OneTimeLink.objects.count() == 2


def test_new_links_are_limited(way, client):
    answers = [client.post(way, {"again": "1"}).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_a_wrong_code_is_counted_and_the_sixth_try_is_none(way, client):
    client.post(way)
    right = mailed_code()
    wrong = "000000" if right != "000000" else "111111"

    for _ in range(5):
        assert client.post(way, {"code": wrong}).status_code == 422
    dead = client.post(way, {"code": right})

    assert "no longer valid" in text(dead)
    assert OneTimeLink.objects.get().used_at is None


def test_the_code_of_another_link_opens_nothing(case, officer, client):
    ways = []
    for subject in ("Yksi", "Kaksi"):
        write_message(request=case(), subject=subject, text=subject, by=officer)
        ways.append(newest())
    client.post(ways[0])
    code = mailed_code()
    client.post(ways[1])

    if code != mailed_code():
        assert client.post(ways[1], {"code": code}).status_code == 422


def test_the_secret_stands_nowhere_in_the_database(way):
    token = way.rstrip("/").rpartition("/")[2]

    assert token.encode() not in bytes(OneTimeLink.objects.get().token_digest)


def test_links_are_purged_a_month_after_they_have_expired(way):
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(days=29))
    assert purge_links() == 0
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(days=31))

    purge_old_requests()

    assert not OneTimeLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_reads(case, officer, client):
    """Both have the right code; the link is used once."""
    write_message(request=case(), subject="Vastaus", text="Tietosi", by=officer)
    way = newest()
    client.post(way)
    code = mailed_code()

    def press(_number):
        try:
            return visitor().post(way, {"code": code}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(press, range(4)))
    assert answers == [200, 410, 410, 410]
