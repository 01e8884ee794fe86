"""The public form: what is kept, what the person is told, how the address is confirmed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent import limits
from mail.models import OutgoingMessage
from rights.models import Attachment, RequestStep, SubjectRequest
from rights.words import Right
from tests.factories import identity_code
from tests.mail.letters import letters
from tests.rights.asking import FACTS, ask, give_code, mailed_code, picture, upload, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return visitor()


def text(response) -> str:
    return response.content.decode()


def test_the_menu_leads_to_a_form_for_each_right(client):
    shown = text(client.get(reverse("request_menu")))

    for right in Right.values:
        url = reverse("request_ask", args=[right])
        assert url in shown
        assert client.get(url).status_code == 200
    assert client.get(reverse("request_ask", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("right", Right.values)
def test_each_right_is_asked_for_and_waits_for_its_code(client, right):
    response = ask(client, right)

    assert response["Location"] == reverse("request_code")
    request = SubjectRequest.objects.get()
    assert (request.right, request.state, request.channel, request.language) == (right, "unconfirmed", "form", "en")
    assert request.email.reveal() == FACTS["email"]
    assert timezone.now() - request.received_at < timedelta(minutes=1)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_request_and_its_mail_speak_the_language_of_the_page(language):
    client = visitor(language)
    ask(client)

    assert SubjectRequest.objects.get().language == language
    give_code(client)
    request = SubjectRequest.objects.get()
    assert (request.state, request.messages.get().language) == ("received", language)
    assert set(OutgoingMessage.objects.values_list("language", flat=True)) == {language}


def test_the_code_confirms_the_address_and_opens_the_page_of_the_request(client):
    ask(client)
    filed = SubjectRequest.objects.get().received_at

    response = give_code(client)

    assert response["Location"] == reverse("request_page")
    request = SubjectRequest.objects.get()
    assert (request.state, request.received_at) == ("received", filed)
    assert request.confirmed_at is not None
    assert list(request.steps.values_list("did", flat=True)) == ["received", "confirmed", "wrote"]
    shown = text(client.get(reverse("request_page")))
    assert request.reference in shown
    assert "We have received your request" in shown


def test_mail_holds_the_reference_and_nothing_of_the_case(client):
    ask(client, message="Salainen asia", home="Keksittykatu 1")
    give_code(client)

    code, receipt = letters()
    assert [code.to, receipt.to] == [FACTS["email"]] * 2
    assert SubjectRequest.objects.get().reference in receipt.text
    for letter in (code, receipt):
        for word in ("Salainen", "Keksittykatu", "Aino Virtanen", "access"):
            assert word not in letter.subject + letter.text


def test_nobody_is_looked_for_in_the_registers(resident):
    """The same queries, the same pages, the same mail, whether the address is of somebody whom we know or not."""
    told = []
    for email in ("nobody.known@example.com", resident.email):
        fresh = visitor()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response = ask(fresh, email=email)
        shown = text(fresh.get(response["Location"]))
        told.append((response.status_code, len(asked), shown.partition("<main")[2].partition("csrf")[0]))
        assert not any("registers_person" in query["sql"] for query in asked)
    assert told[0] == told[1]
    assert len(letters()) == 2
    assert not SubjectRequest.objects.exclude(person_key=None).exists()


def test_a_wrong_code_is_refused_and_the_sixth_try_is_none(client):
    ask(client)
    right = mailed_code()
    wrong = "000000" if right != "000000" else "111111"

    said = [give_code(client, wrong) for _ in range(5)]

    assert {answer.status_code for answer in said} == {422}
    assert "The code is not right." in text(said[-1])
    dead = give_code(client, right)
    assert "no longer valid" in text(dead)
    assert SubjectRequest.objects.get().state == "unconfirmed"


def test_another_code_can_be_asked_for_and_ends_the_one_before(client):
    ask(client)
    first = mailed_code()
    assert client.post(reverse("request_code"), {}).status_code == 200
    second = mailed_code()

    if first != second:
        assert give_code(client, first).status_code == 422
    assert give_code(client, second).status_code == 302


def test_a_code_is_valid_for_a_quarter_of_an_hour(client):
    ask(client)
    SubjectRequest.objects.update(code_expires_at=timezone.now() - timedelta(seconds=1))

    assert "no longer valid" in text(give_code(client))


def test_a_code_with_spaces_is_the_same_code(client):
    ask(client)
    code = mailed_code()

    assert give_code(client, f" {code[:3]} {code[3:]} ").status_code == 302


def test_an_identity_code_is_refused_with_a_friendly_word(client):
    code = identity_code(timezone.localdate().replace(year=1980, month=5, day=17))
    response = ask(client, message=f"Olen {code}")

    assert response.status_code == 422
    assert "This looks like a personal identity code." in text(response)
    assert not SubjectRequest.objects.exists()


def test_what_the_person_wrote_stays_in_the_form_when_something_must_be_mended(client):
    response = ask(client, email="none", message="Pitkä selitys")

    assert response.status_code == 422
    assert "Pitkä selitys" in text(response)
    assert "Something must be mended first" in text(response)


def test_somebody_else_is_named_and_a_proxy_shows_the_authorisation(client):
    assert "Write for whom" in text(ask(client, whom="child"))
    assert "Add the authorisation" in text(ask(client, whom="proxy", about_name="Eino Virtanen"))

    ask(client, whom="proxy", about_name="Eino Virtanen", attachments=upload(picture(), "p.jpg"))

    request = SubjectRequest.objects.get()
    assert request.about_name.reveal() == "Eino Virtanen"
    assert request.attachments.get().media_type == "image/jpeg"


def test_corrections_are_proposals_of_the_request(client):
    assert "Write what should be put right" in text(ask(client, "rectification", message=""))

    ask(client, "rectification", message="", correct_last_name="Nieminen", correct_date_of_birth="1980-05-17")

    proposals = SubjectRequest.objects.get().proposals
    assert {row.field: row.wanted.reveal() for row in proposals.all()} == {
        "last_name": "Nieminen",
        "date_of_birth": "1980-05-17",
    }


@pytest.mark.parametrize("right", ["restriction", "objection", "consent", "other"])
def test_some_requests_mean_nothing_without_a_word(client, right):
    assert ask(client, right, message="").status_code == 422


def test_files_come_encrypted_with_the_request(client):
    ask(client, attachments=[upload(picture(), "a.jpg"), upload(picture("PNG"), "b.png")])

    kept = list(Attachment.objects.order_by("pk"))
    assert [row.media_type for row in kept] == ["image/jpeg", "image/png"]
    assert [row.size for row in kept] == [len(row.content.reveal_bytes()) for row in kept]
    assert b"JFIF" not in bytes(kept[0].content.token)


def test_the_field_that_nobody_sees_keeps_nothing_and_says_the_same(client):
    response = ask(client, leave_empty="https://example.com")

    assert response["Location"] == reverse("request_code")
    assert "We have your request." in text(client.get(reverse("request_code")))
    assert "The code is not right." in text(give_code(client, "123456"))
    assert not SubjectRequest.objects.exists()
    assert letters() == []


def test_one_client_files_ten_requests_an_hour(client):
    for number in range(10):
        assert ask(visitor(), email=f"a{number}@example.com").status_code == 302

    refused = ask(client, email="a10@example.com", message="Kaikki tiedot vuodesta 2019")
    assert (refused.status_code, "Kaikki tiedot vuodesta 2019" in text(refused)) == (429, True)  # to be sent later
    assert SubjectRequest.objects.count() == 10


def test_one_address_gets_six_codes_an_hour_and_the_request_is_kept(client):
    for number in range(8):
        fresh = visitor()
        fresh.defaults["REMOTE_ADDR"] = f"10.0.0.{number}"
        assert ask(fresh).status_code == 302

    assert len(letters()) == 6
    assert SubjectRequest.objects.count() == 8


def test_it_works_while_redis_does_not_answer(client, settings, monkeypatch):
    monkeypatch.setattr(limits, "_counted", {})
    nowhere = settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/redis.sock"}
    settings.CACHES = settings.CACHES | {"default": nowhere}

    assert ask(client).status_code == 302
    assert give_code(client).status_code == 302
    assert {ask(visitor(), email=f"r{n}@example.com").status_code for n in range(12)} == {302, 429}


def test_without_a_request_there_is_no_code_to_write(client):
    assert client.get(reverse("request_code"))["Location"] == reverse("request_status")
    assert client.post(reverse("request_code"), {"code": "123456"})["Location"] == reverse("request_status")


def test_steps_name_the_form_as_their_maker(client):
    ask(client)
    give_code(client)

    assert set(RequestStep.objects.values_list("program", flat=True)) == {"web form"}
