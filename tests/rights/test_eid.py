"""Strong electronic identification, against a broker of our own on this machine."""

import time
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from joserfc.jwk import RSAKey

from registers.services.identity_codes import store_identity_code
from rights.eid import NotIdentified, begin, claims_of
from rights.models import SubjectRequest
from rights.services.handling import identify
from rights.services.identifying import identify_strongly, may_identify_strongly
from tests.factories import identity_code
from tests.rights.broker import CLIENT, SECRET, Broker

pytestmark = pytest.mark.django_db
BACK = "http://testserver/request/identify/back/"
BORN = date(1980, 5, 17)
AINO = {"given_name": "Aino Maria", "family_name": "Virtanen", "birthdate": "1980-05-17"}


@pytest.fixture(scope="module")
def one_broker():
    made = Broker()
    yield made
    made.stop()


@pytest.fixture
def broker(one_broker, settings):
    settings.EID_ISSUER, settings.EID_CLIENT_ID, settings.EID_CLIENT_SECRET = one_broker.issuer, CLIENT, SECRET
    one_broker.claims, one_broker.changes, one_broker.signs_with = dict(AINO), {}, one_broker.key
    return one_broker


@pytest.fixture
def born(resident):
    type(resident).objects.filter(pk=resident.pk).update(date_of_birth=BORN)
    return resident


def answer(broker, **changes):
    start = begin(BACK, "fi")
    back = broker.authorize(start.address)
    code = back.split("code=")[1].split("&")[0]
    return claims_of(code, **{"back": BACK, "nonce": start.nonce, "verifier": start.verifier} | changes)


def now(case) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=case.pk)


def test_the_brokers_signed_answer_identifies_the_person_whom_the_office_named(broker, case, born, by):
    request = case(identified=False)

    assert identify_strongly(request=request, claims=answer(broker), by=by)

    assert (now(request).state, now(request).means) == ("working", "eid")


@pytest.mark.parametrize(
    "claims",
    [
        {"family_name": "Toinen"},
        {"birthdate": "1980-05-18"},
        {"birthdate": "no day"},
        {"given_name": "Maria"},
        {"given_name": ""},
    ],
)
def test_another_name_or_birthday_is_somebody_else(broker, case, born, by, claims):
    request = case(identified=False)
    broker.claims |= claims

    assert not identify_strongly(request=request, claims=answer(broker), by=by)

    assert now(request).means == ""
    assert request.steps.get().did == "eid_other"
    assert request.steps.get().note is None


def test_before_somebody_is_named_it_confirms_nothing_and_the_office_sees_that_it_was_done(broker, case, by):
    request = case(matched=False)

    assert not identify_strongly(request=request, claims=answer(broker), by=by)

    assert (now(request).means, now(request).person_key) == ("", None)
    assert request.steps.get().did == "eid_unnamed"
    assert request.steps.get().note is None


def test_when_the_office_names_somebody_later_the_person_identifies_themselves_again(broker, case, born, by):
    request = case(matched=False)
    identify_strongly(request=request, claims=answer(broker), by=by)
    SubjectRequest.objects.filter(pk=request.pk).update(person_key=born.pk)

    assert identify_strongly(request=request, claims=answer(broker), by=by)

    assert now(request).means == "eid"


def test_the_identity_code_decides_where_the_register_has_it(broker, case, born, by):
    own, other = identity_code(BORN, 901), identity_code(BORN, 902)
    store_identity_code(person=born, code=own, ground="rights", source="in_person", by=by)
    request = case(identified=False)
    broker.claims |= {"urn:oid:1.2.246.21": other}
    assert not identify_strongly(request=request, claims=answer(broker), by=by)
    broker.claims |= {"urn:oid:1.2.246.21": own}

    assert identify_strongly(request=request, claims=answer(broker), by=by)


@pytest.mark.parametrize(
    "changes",
    [{"iss": "https://elsewhere.example"}, {"aud": "somebody else"}, {"exp": 1}, {"nonce": "of another"}],
)
def test_an_answer_that_was_not_given_to_us_now_does_not_hold(broker, changes):
    assert answer(broker)["family_name"] == "Virtanen"
    broker.changes = changes

    with pytest.raises(NotIdentified):
        answer(broker)


def test_a_signature_of_another_key_does_not_hold(broker):
    broker.signs_with = RSAKey.generate_key(2048, {"kid": "one"})

    with pytest.raises(NotIdentified):
        answer(broker)


def test_a_code_without_its_verifier_or_used_twice_gives_nothing(broker):
    with pytest.raises(NotIdentified):
        answer(broker, verifier="x" * 50)
    with pytest.raises(NotIdentified):
        claims_of("code-none", back=BACK, nonce="n", verifier="v" * 50)


@pytest.mark.parametrize("issuer", ["http://broker.example", "http://127.0.0.1:9", "no address"])
def test_a_broker_that_is_not_there_or_has_no_tls_is_no_fault(settings, issuer):
    settings.EID_ISSUER, settings.EID_CLIENT_ID = issuer, CLIENT

    with pytest.raises(NotIdentified):
        begin(BACK, "fi")


def test_only_who_asks_for_themselves_and_is_not_identified_yet_is_identified_so(broker, case, by):
    assert may_identify_strongly(case(identified=False))
    assert may_identify_strongly(case(matched=False))
    closed = {"state": "closed", "outcome": "withdrawn", "closed_at": timezone.now()}
    others = [case(identified=False, whom="child", about_name="Eino"), case(), case(matched=False, **closed)]
    for other in others:
        assert not may_identify_strongly(other)
        with pytest.raises(ValidationError):
            identify_strongly(request=other, claims=AINO, by=by)


def test_the_office_does_not_say_that_somebody_was_strongly_identified(case, officer):
    with pytest.raises(ValidationError, match="done by the person"):
        identify(request=case(identified=False), means="eid", by=officer)


@pytest.fixture
def page(client, case, broker, born):
    """The page of a request is open in the browser; (client, request)."""
    request = case(identified=False)
    session = client.session
    session["request_opened"] = {"key": request.pk, "confirmed": str(request.confirmed_at), "until": time.time() + 600}
    session.save()
    client.cookies["django_language"] = "en"
    return client, request


def test_from_the_page_of_the_request_to_the_broker_and_back(page, broker):
    client, request = page
    assert "Identify yourself" in client.get(reverse("request_page")).content.decode()
    to = client.get(reverse("request_identify"))["Location"]
    assert to.startswith(f"{broker.issuer}/authorize?")

    response = client.get(broker.authorize(to), follow=True)

    assert "You are identified" in response.content.decode()
    assert now(request).means == "eid"
    assert "Identify yourself" not in client.get(reverse("request_page")).content.decode()


@pytest.mark.parametrize("spoilt", ["state=other", "code=", ""])
def test_an_answer_that_was_not_asked_for_identifies_nobody(page, broker, spoilt):
    client, request = page
    back = broker.authorize(client.get(reverse("request_identify"))["Location"])
    if spoilt:
        name = spoilt.split("=")[0]
        back = "&".join([*(part for part in back.split("&") if f"{name}=" not in part), spoilt])
        back = back if "?" in back else reverse("request_identified") + "?" + spoilt
    else:
        client.get(back)  # used once already
        SubjectRequest.objects.filter(pk=request.pk).update(means="", identified_at=None, state="identifying")

    client.get(back)

    assert now(request).means == ""


WHOSE = ("unmatched", "somebody else's", "protected", "gone")


@pytest.mark.parametrize("whose", WHOSE)
def test_what_does_not_confirm_is_answered_alike_and_nothing_of_it_kept(whose, page, broker, born):
    client, request = page
    broker.claims["family_name"] = "Toinen"
    if whose == "unmatched":
        SubjectRequest.objects.filter(pk=request.pk).update(person_key=None)
    if whose == "protected":
        order = {"non_disclosure_from": BORN, "non_disclosure_source": "ilmoitus"}
        type(born).objects.filter(pk=born.pk).update(**order)
    if whose == "gone":
        SubjectRequest.objects.filter(pk=request.pk).update(person_key=born.pk + 1000)
    before = client.get(reverse("request_page")).content.decode()
    assert "Identify yourself" in before

    response = client.get(broker.authorize(client.get(reverse("request_identify"))["Location"]), follow=True)

    answered = response.content.decode()
    assert "We could not confirm your request by this identification. We will contact you." in answered
    assert "Identify yourself" in answered
    assert "Toinen" not in answered
    assert now(request).means == ""


def test_without_a_broker_there_is_no_such_page(page, settings):
    client, _request = page
    settings.EID_ISSUER = ""

    assert client.get(reverse("request_identify")).status_code == 404
    assert "Identify yourself" not in client.get(reverse("request_page")).content.decode()


def test_without_the_opened_page_nothing_begins(client, broker):
    assert client.get(reverse("request_identify"))["Location"] == reverse("request_status")
    assert client.get(reverse("request_identified") + "?code=a&state=b")["Location"] == reverse("request_status")
