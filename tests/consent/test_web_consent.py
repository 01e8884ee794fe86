"""Consent on the web: unticked, one box for each purpose, confirmed by a button behind an emailed link."""

import logging
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from gunicorn.config import Config

from accounts.logs import WithoutQueryStrings
from consent.links import read
from consent.models import ConsentEvent, ConsentRequest, Objection
from consent.queries.consents import in_short
from consent.queries.may_we import may_we
from consent.services.consents import record_customer
from consent.services.letters import write_to_person
from consent.services.objections import object_to_marketing
from consent.services.purposes import add_purpose, end_purpose
from consent.tasks import purge_consent_requests
from fluxio.access import MaskingLogger
from tests.consent.saying import BY, basis, changed, says, texts, withdraws
from tests.consent.test_objections import erase
from tests.factories import PersonFactory
from tests.mail.letters import letters

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://\S+")


@pytest.fixture
def visitor():
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def box(marketing):
    return f"purpose_{marketing.versions.get().pk}"


def path_of(letter) -> str:
    """The way behind the first link of a letter."""
    return "/" + LINK.search(letter.text).group().split("/", 3)[3]


def asks(visitor, box, email="aino.virtanen@example.com", **more):
    return visitor.post(reverse("consent_form"), {"email": email, box: "on", **more})


def given(visitor, box, email="aino.virtanen@example.com") -> str:
    """Asked and confirmed; the way to the choices, from the receipt."""
    asks(visitor, box, email)
    visitor.post(path_of(letters()[-1]))
    return path_of(letters()[-1])


def test_no_box_is_ticked_beforehand(visitor, box):
    page = visitor.get(reverse("consent_form")).content.decode()

    assert f'name="{box}"' in page
    assert "checked" not in page


def test_each_purpose_has_its_own_box_and_its_own_consent(visitor, box, management):
    other = add_purpose(
        controller=management,
        says=says(bases=[basis("a")], consent_text=texts("I agree to surveys")),
        reason="new",
        by=BY,
    )
    visitor.post(reverse("consent_form"), {"email": "a@example.com", f"purpose_{other.pk}": "on"})
    visitor.post(path_of(letters()[-1]))

    assert list(ConsentEvent.objects.values_list("purpose", "text")) == [(other.purpose_id, "I agree to surveys (en)")]


def test_asking_gives_nothing_and_sends_a_link(visitor, box, resident):
    response = asks(visitor, box)

    assert (response.status_code, response.url) == (302, reverse("consent_asked"))
    assert not ConsentEvent.objects.exists()
    (letter,) = letters()
    assert letter.to == "aino.virtanen@example.com"
    assert path_of(letter).startswith("/consent/confirm/")


def test_opening_the_link_gives_nothing_however_often(visitor, box, resident):
    asks(visitor, box)

    for _ in range(3):
        assert visitor.get(path_of(letters()[-1])).status_code == 200
        assert visitor.head(path_of(letters()[-1])).status_code == 200

    assert not ConsentEvent.objects.exists()


def test_pressing_the_button_gives_consent_at_once_with_its_proof(visitor, box, resident, marketing):
    assert may_we(person=resident, purpose=marketing, channel="email").code == "no_consent"
    asks(visitor, box)

    visitor.post(path_of(letters()[-1]))

    assert may_we(person=resident, purpose=marketing, channel="email").code == "consent"
    event = ConsentEvent.objects.get()
    assert (event.means, event.channel, event.language, event.person_key) == ("web", "email", "en", resident.pk)
    assert event.text == marketing.versions.get().consent_sentence("en")
    assert event.evidence == f"{ConsentRequest.objects.get().asked_at:%Y-%m-%dT%H:%M:%SZ}"
    assert event.request_key == ConsentRequest.objects.get().key
    assert letters()[-1].subject == "Your consent is recorded"


def test_pressing_twice_gives_one_consent(visitor, box, resident):
    asks(visitor, box)
    way = path_of(letters()[-1])

    first, second = visitor.post(way), visitor.post(way)

    assert [read(answer.url.rstrip("/").split("/")[-1]).event.pk for answer in (first, second)] == [
        ConsentEvent.objects.get().pk
    ] * 2
    assert ConsentEvent.objects.count() == 1


def test_the_receipts_link_withdraws_by_a_button_and_never_by_opening(visitor, box, resident, marketing):
    way = given(visitor, box)
    assert way.startswith("/consent/choices/")
    assert b"Withdraw the consent" in visitor.get(way).content
    assert may_we(person=resident, purpose=marketing, channel="email").may

    visitor.post(way, {"action": "withdraw"})

    assert may_we(person=resident, purpose=marketing, channel="email").code == "withdrawn"
    assert ConsentEvent.objects.first().means == "link"


def test_withdrawing_needs_no_sign_in_no_cookie_and_no_reason(visitor, box, resident, marketing):
    way = given(visitor, box)

    response = Client(enforce_csrf_checks=True).post(way, {"action": "withdraw"})

    assert response.status_code == 200
    assert may_we(person=resident, purpose=marketing, channel="email").code == "withdrawn"


def test_one_click_of_a_mail_program_withdraws(visitor, box, resident, marketing):
    way = given(visitor, box)

    response = Client(enforce_csrf_checks=True).post(way, {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert may_we(person=resident, purpose=marketing, channel="email").code == "withdrawn"


def test_no_marketing_at_all_is_an_objection(visitor, box, resident, marketing):
    way = given(visitor, box)

    visitor.post(way, {"action": "stop"})

    assert Objection.objects.get().means == "link"
    assert may_we(person=resident, purpose=marketing, channel="post").code == "objected"
    assert b"You have forbidden marketing" in visitor.get(way).content


def test_an_address_that_nobody_has_is_remembered_and_counts_for_who_has_it_later(visitor, box, marketing):
    given(visitor, box, "uusi@example.com")
    assert ConsentEvent.objects.get().person_key is None

    person = PersonFactory(email="Uusi@Example.com")

    assert may_we(person=person, purpose=marketing, channel="email").code == "consent"
    assert may_we(person=person, purpose=marketing, channel="sms").code == "no_consent"


def test_such_an_address_withdraws_and_objects_by_its_link_too(visitor, box, marketing):
    way = given(visitor, box, "uusi@example.com")
    person = PersonFactory(email="uusi@example.com")
    visitor.post(way, {"action": "withdraw"})
    assert may_we(person=person, purpose=marketing, channel="email").code == "withdrawn"

    visitor.post(way, {"action": "stop"})
    assert may_we(person=person, purpose=marketing, channel="email").code == "objected"


def test_nobody_is_guessed_when_two_share_an_address(visitor, box, marketing):
    both = [PersonFactory(email="pari@example.com") for _ in range(2)]
    given(visitor, box, "pari@example.com")

    assert ConsentEvent.objects.get().person_key is None
    assert {may_we(person=p, purpose=marketing, channel="email").code for p in both} == {"consent"}


def test_the_persons_own_later_consent_speaks_louder_than_the_earlier_objection(
    visitor, box, resident, marketing, management
):
    object_to_marketing(person=resident, controller=management, means="phone", by=BY)

    given(visitor, box)

    assert may_we(person=resident, purpose=marketing, channel="email").code == "consent"
    assert may_we(person=resident, purpose=marketing, channel="phone").code == "objected"


def test_an_objection_after_that_stops_it_again(visitor, box, resident, marketing, management):
    given(visitor, box)

    object_to_marketing(person=resident, controller=management, means="phone", by=BY)

    assert may_we(person=resident, purpose=marketing, channel="email").code == "objected"


def test_the_answer_is_the_same_for_the_known_and_the_unknown(visitor, box, resident):
    known = asks(visitor, box, "aino.virtanen@example.com")
    unknown = asks(visitor, box, "ei.kukaan@example.com")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(letters()) == 2


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "aino@example.com"},
        {"email": "ei osoite"},
        {"email": "a@b.fi\nBcc: x@y.fi"},
        {"email": "x" * 300 + "@example.com"},
        {"email": "aino@example.com", "purpose_99999": "on"},
    ],
)
def test_a_form_with_mistakes_says_so_and_sends_nothing(visitor, box, data):
    response = visitor.post(reverse("consent_form"), data)

    assert response.status_code == 422
    assert b"Something must be mended first" in response.content
    assert letters() == []
    assert not ConsentRequest.objects.exists()


def test_an_address_gets_three_links_a_day_and_the_answer_stays_the_same(visitor, box):
    answers = {asks(visitor, box, "Aino@example.com").url for _ in range(5)}

    assert answers == {reverse("consent_asked")}
    assert len(letters()) == 3


def test_a_network_that_asks_very_often_is_told_to_wait(visitor, box):
    codes = [asks(visitor, box, f"a{number}@example.com").status_code for number in range(31)]

    assert codes == [302] * 30 + [429]


def test_an_expired_link_is_refused_politely_and_purged(visitor, box):
    asks(visitor, box)
    way = path_of(letters()[-1])
    ConsentRequest.objects.update(expires_at=F("expires_at") - timedelta(days=8))

    assert visitor.get(way).status_code == 410
    assert visitor.post(way).status_code == 410
    assert not ConsentEvent.objects.exists()
    purge_consent_requests()
    assert not ConsentRequest.objects.exists()


@pytest.mark.parametrize("name", ["consent_confirm", "consent_choices", "consent_given"])
@pytest.mark.parametrize("token", ["x", "eyJlIjoxfQ:1abc:zzz", "%00", "æ", "a" * 3000])
def test_a_made_up_link_is_refused_politely(visitor, management, name, token):
    response = visitor.get(reverse(name, args=[token]))

    assert response.status_code in {400, 410}


def test_the_address_stands_encrypted_until_it_is_confirmed(visitor, box):
    asks(visitor, box)

    request = ConsentRequest.objects.get()
    assert request.email.reveal() == "aino.virtanen@example.com"
    assert b"aino" not in request.email.token
    assert b"aino" not in bytes(request.contact_key)


def test_without_a_purpose_that_asks_for_consent_the_page_says_so(visitor, db):
    response = visitor.get(reverse("consent_form"))

    assert b"we ask for no consent" in response.content


def test_keys_are_rotated_over_waiting_addresses_too(visitor, box, settings):
    asks(visitor, box)
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = "k2:" + "B" * 43 + "=," + old

    call_command("rotate_field_keys")

    settings.FIELD_KEYS = settings.FIELD_KEYS.split(",")[0]
    assert ConsentRequest.objects.get().email.reveal() == "aino.virtanen@example.com"


def test_staff_see_and_withdraw_what_was_said_from_the_address_before_the_person_was_known(visitor, box, marketing):
    given(visitor, box, "uusi@example.com")
    person = PersonFactory(email="uusi@example.com")
    assert [line.holds for line in in_short(person, timezone.localdate())] == [True]

    assert len(withdraws(person, marketing)) == 1

    assert may_we(person=person, purpose=marketing, channel="email").code == "withdrawn"
    with pytest.raises(ValidationError, match="only a new consent"):
        record_customer(person=person, purpose=marketing, channels=["email"], evidence="x", means="phone", by=BY)


def test_the_link_of_a_message_withdraws_it_too(visitor, box, marketing):
    given(visitor, box, "uusi@example.com")
    person = PersonFactory(email="uusi@example.com")
    write_to_person(person=person, purpose=marketing, subject="Kutsu", text="Tervetuloa", by=BY)

    visitor.post(path_of_header(letters()[-1]), {"List-Unsubscribe": "One-Click"})

    assert may_we(person=person, purpose=marketing, channel="email").code == "withdrawn"


def path_of_header(letter) -> str:
    return "/" + letter.headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]


def test_stopping_by_an_old_message_is_remembered_though_the_person_was_erased(visitor, box, resident, marketing):
    given(visitor, box)
    write_to_person(person=resident, purpose=marketing, subject="Kutsu", text="Tervetuloa", by=BY)
    way = path_of_header(letters()[-1])
    erase(resident)

    visitor.post(way, {"action": "stop"})

    back = PersonFactory(email="aino.virtanen@example.com")
    assert {may_we(person=back, purpose=marketing, channel=channel).code for channel in ("email", "phone")} == {
        "objected"
    }


def test_after_consenting_anew_one_can_still_forbid_everything(visitor, box, resident, marketing, management):
    object_to_marketing(person=resident, controller=management, means="phone", by=BY)
    way = given(visitor, box)
    page = visitor.get(way).content
    assert b"You have forbidden marketing" not in page
    assert b"No marketing at all" in page

    visitor.post(way, {"action": "stop"})

    assert may_we(person=resident, purpose=marketing, channel="email").code == "objected"
    assert b"You have forbidden marketing" in visitor.get(way).content


def test_being_recognised_later_does_not_undo_ones_own_later_consent(visitor, box, marketing):
    way = given(visitor, box, "uusi@example.com")
    visitor.post(way, {"action": "stop"})
    given(visitor, box, "uusi@example.com")

    person = PersonFactory(email="uusi@example.com")

    assert Objection.objects.filter(person_key=person.pk, origin="matched").exists()
    assert may_we(person=person, purpose=marketing, channel="email").code == "consent"
    assert may_we(person=person, purpose=marketing, channel="phone").code == "objected"


def test_a_link_of_a_purpose_that_has_ended_or_says_something_else_gives_nothing(visitor, box, marketing):
    asks(visitor, box)
    way = path_of(letters()[-1])
    changed(marketing, consent_text=texts("Something else"))

    assert visitor.post(way).status_code == 410
    end_purpose(purpose=marketing, reason="test", by=BY)
    assert visitor.post(way).status_code == 410
    assert not ConsentEvent.objects.exists()


def test_the_logs_hold_no_link_that_acts(visitor, box, caplog):
    asks(visitor, box)
    way = path_of(letters()[-1])
    strict = Client(enforce_csrf_checks=True)
    strict.post(way)

    record = logging.LogRecord("x", logging.WARNING, "", 0, f"Forbidden: {way}", (), None)
    WithoutQueryStrings().filter(record)

    assert record.getMessage() == "Forbidden: /consent/confirm/…/"


def test_the_web_servers_own_log_masks_them_too():
    answer = SimpleNamespace(status="200 OK", sent=1, headers=[])
    asked = SimpleNamespace(headers=[])
    environ = {"RAW_URI": "/", "REQUEST_METHOD": "GET", "PATH_INFO": "/consent/choices/abc:def/"}
    environ |= {"QUERY_STRING": "", "SERVER_PROTOCOL": "HTTP/1.1"}

    atoms = MaskingLogger(Config()).atoms(answer, asked, environ, timedelta(seconds=1))

    assert atoms["U"] == "/consent/choices/…/"
