"""Everything that is sent for a purpose asks first, and again when it leaves."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from consent.gate import REASONS
from consent.queries.may_we import SENTENCES
from consent.services.letters import write_to_person
from consent.services.objections import object_to_marketing
from consent.services.purposes import end_purpose
from mail.gate import MayNotSend
from mail.models import OutgoingMessage
from registers.services.people import correct_person
from tests.consent.saying import BY, consents, withdraws
from tests.consent.test_objections import erase
from tests.factories import ProtectedPersonFactory, ResidencyFactory
from tests.mail.letters import attempt, letters, queued

pytestmark = pytest.mark.django_db


def writes(person, purpose, text="Tervetuloa tilaisuuteen."):
    return write_to_person(person=person, purpose=purpose, subject="Kutsu", text=text, by=BY)


def test_marketing_without_consent_is_not_even_queued(resident, marketing):
    with pytest.raises(MayNotSend) as refused:
        writes(resident, marketing)

    assert refused.value.reason == "no_consent"
    assert not OutgoingMessage.objects.exists()


def test_marketing_carries_sender_and_the_way_out(resident, marketing):
    consents(resident, marketing)

    writes(resident, marketing)

    (letter,) = letters()
    assert "Fluxio Isännöinti Oy" in letter.text
    assert "kalle.gronqvist@fluxio.fi" in letter.text
    assert "/consent/choices/" in letter.text
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.headers["List-Unsubscribe"].startswith("<http")
    assert "aino" not in letter.headers["List-Unsubscribe"]


def test_the_messages_link_withdraws(resident, marketing, client):
    consents(resident, marketing)
    message = writes(resident, marketing)
    way = "/" + letters()[0].headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]

    client.post(way, {"List-Unsubscribe": "One-Click"})

    assert attempt(message) == "refused"


def test_an_announcement_is_signed_and_has_no_opting_out(resident, informing):
    writes(resident, informing)

    (letter,) = letters()
    assert "Fluxio Isännöinti Oy" in letter.text
    assert letter.headers == {}


def test_a_consent_withdrawn_while_the_message_waits_stops_it(resident, marketing):
    consents(resident, marketing)
    message = writes(resident, marketing)

    withdraws(resident, marketing)

    assert attempt(message) == "refused"
    message.refresh_from_db()
    assert (message.reason, message.body) == ("withdrawn", None)


def test_an_objection_while_the_message_waits_stops_it(resident, marketing, management):
    consents(resident, marketing)
    message = writes(resident, marketing)

    object_to_marketing(person=resident, controller=management, means="phone", by=BY)

    assert attempt(message) == "refused"


def test_what_may_go_is_delivered(resident, marketing, settings):
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    consents(resident, marketing)

    assert attempt(writes(resident, marketing)) == "sent"


def test_a_banned_address_is_stopped_whoever_it_is_sent_to(resident, owner, marketing, management):
    """Somebody else's consent, and an address that has changed its owner since."""
    consents(owner, marketing)
    message = queued(to=owner.email, kind="purpose", person_key=owner.pk, purpose_key=marketing.pk, by=BY)
    correct_person(person=owner, changes={"email": "", "phone": ""}, source="phone", by=BY)
    other = resident
    correct_person(person=other, changes={"email": "eero@example.com"}, source="phone", by=BY)
    other.refresh_from_db()
    object_to_marketing(person=other, controller=management, means="phone", by=BY)

    assert attempt(message) == "refused"


def test_marketing_to_an_address_of_nobody_is_refused(marketing):
    with pytest.raises(MayNotSend):
        queued(kind="purpose", purpose_key=marketing.pk)


def test_without_an_address_the_office_is_told(board_member, informing):
    with pytest.raises(ValidationError, match="no email address"):
        writes(board_member, informing)


def test_nothing_goes_to_somebody_who_was_erased_or_for_a_purpose_that_has_ended(resident, owner, informing):
    first, second = writes(resident, informing), writes(owner, informing)
    erase(resident)
    assert attempt(first) == "refused"

    end_purpose(purpose=informing, reason="test", by=BY)

    assert attempt(second) == "refused"
    assert sorted(OutgoingMessage.objects.values_list("reason", flat=True)) == ["gone", "no_purpose"]


def test_a_protected_person_is_written_to_by_those_who_may_see_them(informing, staff, house):
    person = ProtectedPersonFactory()
    ResidencyFactory(person=person, apartment=house.apartment)

    with pytest.raises(PermissionDenied):
        write_to_person(person=person, purpose=informing, subject="a", text="b", by=staff("manager"))


def test_every_refusal_has_its_words_in_the_list_of_mail():
    with translation.override("en"):
        refusals = {code for code, says in SENTENCES.items() if str(says).startswith("No: ")}

    assert refusals - set(REASONS) == set()
