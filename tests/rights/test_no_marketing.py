"""Whoever ticks direct marketing gets none any more, at once: on their own pages, by the form, by phone."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import Program
from consent.contacts import email_key
from consent.models import Objection, Purpose, Suppression
from consent.queries.may_we import may_we
from portal.services.own_accounts import OWN_PAGES
from rights.models import SubjectRequest
from rights.queries.cases import address_banned
from rights.queries.closing import what_is_left
from rights.queries.outcomes import details_of
from rights.services.closing import close_request
from rights.services.details import correct_details
from rights.services.filing import Asked, file_own
from rights.services.handling import identify, match_person, unmatch_person
from rights.services.marketing import ban_address
from rights.services.receiving import Details, receive
from tests.factories import PersonFactory
from tests.pages.browsing import text_of
from tests.rights.asking import ask, give_code, visitor
from tests.rights.test_fulfilling import consent

pytestmark = pytest.mark.django_db
BY = Program("tests")


@pytest.fixture
def asked_for(resident, house):
    """May we send marketing by email to the resident, who has consented to it?"""
    consent(resident, house)

    def ask_it(channel="email"):
        return may_we(person=resident, purpose=Purpose.objects.get(code="marketing"), channel=channel)

    assert ask_it().may
    return ask_it


def own(resident, **more):
    details = Details(name="Aino Virtanen", email=resident.email)
    return file_own(asked=Asked("objection", details, **more), person=resident, language="en", by=OWN_PAGES)


def test_on_ones_own_pages_marketing_ends_when_it_is_filed(resident, asked_for):
    request = own(resident, no_marketing=True)

    assert asked_for().code == "objected"
    assert asked_for("post").code == "objected"
    assert Objection.objects.get().means == "portal"
    assert what_is_left(request, "fulfilled") == ""
    assert "direct marketing on any channel" in details_of(request, "fulfilled")


def test_an_objection_to_something_else_ends_no_marketing(resident, asked_for):
    request = own(resident)

    assert asked_for().may
    assert "not been done yet" in what_is_left(request, "fulfilled")


def filed(**facts):
    client = visitor()
    assert ask(client, "objection", **{"message": "", "no_marketing": "on"} | facts).status_code == 302
    return client


def test_by_the_form_the_address_is_banned_when_it_is_confirmed_and_not_before(resident, asked_for):
    client = filed(email=resident.email)
    assert asked_for().may

    give_code(client)

    assert not asked_for().may
    assert (Objection.objects.get().person_key, Objection.objects.get().means) == (None, "web")
    assert list(SubjectRequest.objects.get().steps.values_list("did", flat=True)) == [
        "received", "confirmed", "objected", "wrote",
    ]  # fmt: skip


def test_the_ban_says_nothing_of_whether_the_address_is_known(resident, house):
    told = []
    for email in ("nobody.known@example.com", resident.email):
        client = filed(email=email)
        with CaptureQueriesContext(connection) as used:
            give_code(client)
        assert not any("registers_person" in query["sql"] for query in used)
        page = client.get(reverse("request_page")).content.decode()
        assert "Nothing is sent to this email address for direct marketing any more." in page
        told.append((len(used), len(page)))
    assert told[0] == told[1]
    assert Suppression.objects.count() == 2


def test_another_address_of_the_request_is_banned_when_it_is_confirmed_too(house, officer):
    client = filed()
    give_code(client)
    request, facts = SubjectRequest.objects.get(), {"name": "Aino", "phone": "", "address": "", "answer_by": "link"}
    correct_details(request=request, email="uusi.osoite@example.com", by=officer, **facts)
    assert Suppression.objects.count() == 1

    client.post(reverse("request_status"), {"reference": request.reference, "email": "uusi.osoite@example.com"})
    give_code(client)

    keys = {bytes(ban.key) for ban in Suppression.objects.all()}
    assert keys == {email_key("aino.virtanen@example.com"), email_key("uusi.osoite@example.com")}


def test_a_request_about_marketing_alone_is_closed_without_knowing_who_asked(house, officer, letter):
    give_code(filed())
    request = SubjectRequest.objects.get()

    assert what_is_left(request, "fulfilled") == ""
    assert details_of(request, "fulfilled") == (
        "No direct marketing is sent to the email address from which you asked."
    )
    assert close_request(request=request, outcome="fulfilled", by=officer, **vars(letter)).outcome == "fulfilled"


def test_when_the_person_is_identified_marketing_ends_on_every_channel(resident, asked_for, officer):
    give_code(filed(email=resident.email))
    request = SubjectRequest.objects.get()
    match_person(request=request, person=resident, by=officer)
    assert not Objection.objects.filter(person_key=resident.pk).exists()

    identify(request=request, means="contact", by=officer)

    assert Objection.objects.get(person_key=resident.pk).note == request.reference
    assert {ban.kind for ban in Suppression.objects.all()} == {"email", "phone", "post"}
    assert asked_for("post").code == "objected"
    assert "on any channel" in details_of(SubjectRequest.objects.get(), "fulfilled")


def test_the_ban_of_the_address_stands_when_the_wrong_person_was_named(resident, asked_for, officer):
    give_code(filed(email="muu.osoite@example.com", name="Aino Virtanen"))
    request = SubjectRequest.objects.get()
    match_person(request=request, person=PersonFactory(phone="+358405550177"), by=officer)
    identify(request=request, means="desk", by=officer)
    unmatch_person(request=request, by=officer)

    request.refresh_from_db()
    assert what_is_left(request, "fulfilled") == ""
    assert "the email address from which you asked" in details_of(request, "fulfilled")


def test_of_a_request_by_phone_nothing_ends_before_the_person_is_identified(resident, asked_for, officer):
    request = receive(
        right="objection", channel="phone", language="en", no_marketing=True, by=officer,
        details=Details(name="Aino Virtanen", email=resident.email),
    )  # fmt: skip
    match_person(request=request, person=resident, by=officer)
    assert asked_for().may
    assert "Nobody has been identified" in what_is_left(request, "fulfilled")

    identify(request=request, means="call_back", by=officer)

    assert asked_for().code == "objected"
    assert Objection.objects.get().means == "phone"


def test_the_tick_belongs_to_an_objection(officer):
    with pytest.raises(ValidationError, match="a request of its own"):
        receive(
            right="access", channel="phone", language="fi", no_marketing=True, by=officer,
            details=Details(name="Aino Virtanen", email="aino@example.com"),
        )  # fmt: skip


def test_an_objection_says_to_what(client):
    client.cookies["django_language"] = "en"

    answer = ask(client, "objection", message="")

    assert answer.status_code == 422
    assert "Tick direct marketing, or write to what you object." in text_of(answer)
    assert 'name="no_marketing"' in answer.content.decode()
    assert 'name="no_marketing"' not in client.get(reverse("request_ask", args=["access"])).content.decode()


def test_a_guardians_own_mailbox_is_not_banned_and_closes_no_request_for_the_child(case):
    client = visitor("en")
    ask(client, "objection", whom="child", about_name="Eino Virtanen", no_marketing="on")
    give_code(client)
    request = SubjectRequest.objects.get()

    assert not Suppression.objects.exists()
    assert "Nobody has been identified" in what_is_left(request, "fulfilled")


def test_what_was_recorded_anew_as_another_right_is_not_closed_by_a_ban(case, resident, officer):
    request = case("objection", identified=False, no_marketing=True)
    ban_address(request, BY)
    assert what_is_left(request, "fulfilled") == ""

    SubjectRequest.objects.filter(pk=request.pk).update(right="access")

    assert "Nobody has been identified" in what_is_left(SubjectRequest.objects.get(), "fulfilled")


def test_by_phone_the_address_is_banned_when_its_code_was_used_and_the_page_says_so(house, officer):
    details = Details(name="Aino Virtanen", email="aino@example.com")
    request = receive(right="objection", channel="phone", language="en", by=officer, details=details, no_marketing=True)
    assert not address_banned(request)
    request.confirmed_at = timezone.now()
    request.save()

    ban_address(request, BY)

    assert address_banned(request)
    assert set(Objection.objects.values_list("means", flat=True)) == {"phone"}
