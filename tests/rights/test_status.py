"""The page of a request without an account: found by reference and address, opened by a code, for half an hour."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mail.models import OutgoingMessage
from portal.opened import OPENED
from rights.models import Attachment, RequestMessage, SubjectRequest
from rights.services import attaching
from rights.services.closing import close_request
from rights.services.handling import add_note, ask_identity, extend
from rights.services.messages import write_message
from tests.factories import identity_code
from tests.mail.letters import letters
from tests.rights.asking import ask, give_code, mailed_code, pdf, upload, visitor
from tests.rights.writing import whole_letter

pytestmark = pytest.mark.django_db
PAGE = reverse("request_page")


@pytest.fixture
def client():
    return visitor()


def text(response) -> str:
    return response.content.decode()


def looks_for(client, reference, email="aino.virtanen@example.com"):
    return client.post(reverse("request_status"), {"reference": reference, "email": email})


@pytest.fixture
def opened(case, client):
    """The page of an open request, in the browser of its person."""
    made = case()
    looks_for(client, made.reference)
    assert give_code(client)["Location"] == PAGE
    return made


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}"])
def test_reference_and_address_lead_to_a_code_and_the_code_to_the_page(case, client, typed):
    made = case()
    plain = made.reference
    typed = typed.format(plain, plain.lower(), plain.replace("-", " "))

    assert looks_for(client, typed, "Aino.Virtanen@Example.com")["Location"] == reverse("request_code")
    give_code(client)

    shown = text(client.get(PAGE))
    assert made.reference in shown
    assert f"{made.due_on.day}.{made.due_on.month}.{made.due_on.year}" in shown


@pytest.mark.parametrize("typed", ["aino.virtanen+x@example.com", "AINO.virtanen@example.com"])
def test_the_code_goes_to_the_address_of_the_request_and_not_to_one_that_resembles_it(case, client, typed):
    looks_for(client, case().reference, typed)

    assert letters()[-1].to == "aino.virtanen@example.com"


def test_the_answer_and_the_work_are_the_same_when_nothing_fits(case):
    """Pages, queries and what is left behind: by neither can a stranger tell that somebody has asked for something."""
    made = case()
    told = []
    for reference, email in (
        (made.reference, "aino.virtanen@example.com"),
        (made.reference, "somebody.else@example.com"),
        ("AAAA-2222", "aino.virtanen@example.com"),
        ("?", "aino.virtanen@example.com"),
    ):
        stranger = visitor()
        stranger.defaults["REMOTE_ADDR"] = f"10.0.1.{len(told)}"
        with CaptureQueriesContext(connection) as asked:
            response = looks_for(stranger, reference, email)
        page = text(stranger.get(response["Location"])).partition("<main")[2].partition("csrf")[0]
        wrong = [text(give_code(stranger, "12")).partition('role="alert"')[0].count("error") for _ in range(6)]
        kinds = [query["sql"].split()[0] for query in asked]
        told.append((response.status_code, kinds, page, wrong))
    assert [one for one in told if one != told[0]] == []
    assert OutgoingMessage.objects.count() == 1


def test_the_code_of_somebody_elses_request_opens_nothing(case, client):
    mine, other = case(), case(email="other@example.com", name="Eino Nieminen")
    looks_for(client, mine.reference, "aino.virtanen@example.com")
    code = mailed_code()
    looks_for(client, other.reference, "aino.virtanen@example.com")

    assert give_code(client, code).status_code == 422
    assert client.get(PAGE)["Location"] == reverse("request_status")


def test_the_page_is_open_for_half_an_hour(opened, client):
    session = client.session
    assert time.time() + 29 * 60 < session[OPENED]["until"] < time.time() + 31 * 60
    session[OPENED] = session[OPENED] | {"until": time.time() - 1}
    session.save()

    assert client.get(PAGE)["Location"] == reverse("request_status")
    late = client.post(PAGE, {"text": "Hei <b>kaikki</b>"})
    assert (late.status_code, "Hei &lt;b&gt;kaikki&lt;/b&gt;" in text(late)) == (409, True)  # nothing written is lost
    assert not RequestMessage.objects.exists()


def test_a_page_that_was_opened_before_addresses_were_compared_is_opened_by_a_code_again(opened, client):
    session = client.session
    session[OPENED] = {"key": opened.pk, "until": time.time() + 60}
    session.save()

    assert client.get(PAGE)["Location"] == reverse("request_status")


def test_what_was_written_on_the_page_of_one_request_never_lands_in_another(client):
    ask(client, "access")
    give_code(client)
    first = SubjectRequest.objects.get()
    ask(client, "erasure")
    give_code(client)
    second = SubjectRequest.objects.exclude(pk=first.pk).get()
    assert f'name="case" value="{second.reference}"' in text(client.get(PAGE))

    stale = client.post(PAGE, {"text": "about the first", "case": first.reference})

    assert (stale.status_code, "about the first" in text(stale)) == (409, True)
    assert client.post(reverse("request_package"), {"case": first.reference}).status_code == 409
    assert not RequestMessage.objects.filter(direction="in").exists()
    client.post(PAGE, {"text": "about the second", "case": second.reference})
    assert RequestMessage.objects.get(direction="in").request == second


def test_the_session_before_the_code_is_not_the_one_after_it(case, client):
    made = case()
    looks_for(client, made.reference)
    before = client.session.session_key
    give_code(client)

    assert client.session.session_key != before


def test_a_session_holds_keys_and_times_alone(case, client):
    looks_for(client, case().reference)
    looks_for(client, "AAAA-2222", "somebody@example.com")
    values = [value for part in client.session.values() for value in part.values()]
    give_code(client, "123456")

    assert {type(value) for value in values} <= {int, float, bool}


def test_the_page_closes_by_its_button(opened, client):
    assert client.post(reverse("request_leave"))["Location"] == reverse("request_menu")

    assert client.get(PAGE)["Location"] == reverse("request_status")


def test_messages_are_read_here_and_that_is_delivery(opened, client, officer):
    written = write_message(request=opened, subject="Kysymys", text="Missä asuit? <b>", by=officer)

    shown = text(client.get(PAGE))

    assert "Kysymys" in shown
    assert "Missä asuit? &lt;b&gt;" in shown
    assert RequestMessage.objects.get(pk=written.pk).read_at is not None


def test_nothing_of_the_handling_is_shown(opened, client, officer):
    add_note(request=opened, note="sisäinen huomio", by=officer)

    shown = text(client.get(PAGE))
    assert "sisäinen" not in shown
    assert officer.email not in shown
    assert officer.name not in shown


def test_the_person_writes_back_with_files_and_the_clock_goes_on(opened, client, officer):
    asked = whole_letter(opened, "identity", details="Kerro", stands_still=True)
    ask_identity(request=opened, because="no data", suspend=True, by=officer, **asked)
    assert "We wait for your answer." in text(client.get(PAGE))

    sent = client.post(PAGE, {"text": "Asuin siellä 2019", "attachments": [upload(pdf())]})

    assert sent["Location"] == PAGE
    message = RequestMessage.objects.get(direction="in")
    assert message.text.reveal() == "Asuin siellä 2019"
    assert message.attachments.get().media_type == "application/pdf"
    assert not opened.suspensions.filter(until=None).exists()
    shown = text(client.get(PAGE))
    assert "Asuin siellä 2019" in shown
    assert "1 attachment<" in shown
    assert "We wait for your answer." not in shown


def test_a_case_holds_no_more_files_than_it_can_carry(opened, client, monkeypatch):
    assert client.post(PAGE, {"text": "a", "attachments": upload(pdf())}).status_code == 302
    held = Attachment.objects.get().size
    monkeypatch.setattr(attaching, "MOST_OF_A_CASE", held + 1)

    refused = client.post(PAGE, {"text": "b", "attachments": upload(pdf())})

    assert (refused.status_code, "too many files" in text(refused)) == (422, True)
    assert Attachment.objects.count() == 1
    assert RequestMessage.objects.filter(direction="in").count() == 1


def test_an_identity_code_is_refused_here_too(opened, client):
    code = identity_code(timezone.localdate().replace(year=1980, month=5, day=17))
    answer = client.post(PAGE, {"text": code})

    assert (answer.status_code, RequestMessage.objects.count()) == (422, 0)


def test_an_extension_is_shown_with_both_dates(opened, client, officer):
    extend(request=opened, because="many files", by=officer, **whole_letter(opened, "extension", details="many files"))

    shown = text(client.get(PAGE))
    for day in (opened.due_on, opened.extended_due_on):
        assert f"{day.day}.{day.month}.{day.year}" in shown


def test_a_closed_request_is_read_and_no_longer_written_to(opened, client, officer):
    close_request(request=opened, outcome="withdrawn", subject="Peruttu", text="Hei", by=officer)

    shown = text(client.get(PAGE))
    assert "Withdrawn by the person" in shown
    assert "<textarea" not in shown
    assert client.post(PAGE, {"text": "Hei"}).status_code == 422
    assert not RequestMessage.objects.filter(direction="in").exists()


def test_who_comes_back_to_an_unconfirmed_request_confirms_it_by_the_same_code(client):
    ask(client)
    made = SubjectRequest.objects.get()
    later = visitor()
    looks_for(later, made.reference)

    assert give_code(later)["Location"] == PAGE
    assert SubjectRequest.objects.get().state == "received"


def test_the_code_confirms_the_address_of_a_request_that_came_by_phone(case, client):
    made = case(identified=False, channel="phone", confirmed_at=None)
    looks_for(client, made.reference)
    give_code(client)

    now = SubjectRequest.objects.get()
    assert now.confirmed_at is not None
    assert now.state == "received"
    assert not now.messages.exists()


def test_an_address_is_not_filled_with_codes(case):
    made = case()
    for number in range(9):
        stranger = visitor()
        stranger.defaults["REMOTE_ADDR"] = f"10.0.2.{number}"
        assert looks_for(stranger, made.reference).status_code == 302

    assert len(letters()) == 6


def test_one_client_asks_for_twenty_codes_an_hour(case, client):
    made = case()
    answers = [looks_for(client, made.reference, f"a{n}@example.com").status_code for n in range(21)]

    assert answers == [302] * 20 + [429]


def test_two_requests_of_one_address_are_two_pages(case, client):
    first, second = case(), case("erasure")
    looks_for(client, second.reference)
    give_code(client)

    shown = text(client.get(PAGE))
    assert second.reference in shown
    assert first.reference not in shown


def test_codes_expire_here_too(case, client):
    looks_for(client, case().reference)
    SubjectRequest.objects.update(code_expires_at=timezone.now() - timedelta(seconds=1))

    assert "no longer valid" in text(give_code(client))
