"""Each kind of request from the list to its letter, in the office's browser; and the person who gets the answer.

Languages rotate: each kind is seen in all three, at a desk and on a phone.
"""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consent.models import ConsentEvent, Objection, Purpose
from consent.queries.may_we import may_we
from consent.services.consents import record_consent
from disclosures.models import Disclosure
from registers.models import Person
from retention.models import Sweep
from retention.services.holds import place_hold
from rights.models import Package, RequestMessage
from tests.browser.handling import Handler, Reader, asked, said
from tests.factories import PersonFactory, ResidencyFactory
from tests.retention.conftest import house, management  # noqa: F401
from tests.rights.conftest import resident  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = {"desktop": 1280, "phone": 390}
LANGUAGES = ("fi", "sv", "en")
KINDS = ("access", "rectification", "erasure", "restriction", "portability", "objection", "consent", "other")


def rotated(kind: str, width: str) -> tuple[str, str]:
    """(language of the office, language of the request)"""
    turn = KINDS.index(kind) + 2 * list(WIDTHS).index(width)
    return LANGUAGES[turn % 3], LANGUAGES[(turn + 1) % 3]


@pytest.fixture
def handler(office_page, live_server):
    """handler(kind, width) signs in, in that kind's language."""

    def make(kind, width, role="privacy_officer"):
        language, _of_request = rotated(kind, width)
        with_axe = (KINDS.index(kind) + list(WIDTHS).index(width)) % 2 == 0  # once per kind
        return Handler.at(office_page(role), live_server.url, WIDTHS[width], language, with_axe=with_axe)

    return make


@pytest.fixture
def reader(browser, live_server):
    """reader(kind, width) is the person's own browser, in the language of their request."""
    contexts = []

    def make(kind, width):
        language = rotated(kind, width)[1]
        context = browser.new_context(
            viewport={"width": WIDTHS[width], "height": 844}, locale=language, reduced_motion="reduce"
        )
        contexts.append(context)
        return Reader(context.new_page(), live_server.url, language)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def namesake(house):  # noqa: F811
    """Whose request it is not."""
    person = PersonFactory(first_names="Aino Maria", last_name="Virtanen", email="toinen.aino@example.com")
    ResidencyFactory(person=person, apartment=house.other)
    return person


@pytest.fixture
def moved(resident):  # noqa: F811
    """So long ago that contact data have ended, and so lately that the name has not."""
    gone = timezone.localdate() - timedelta(days=300)
    resident.residencies.update(moved_in=gone - timedelta(days=900), moved_out=gone)
    return resident


@pytest.mark.parametrize("width", WIDTHS)
def test_data_are_collected_read_and_downloaded(width, handler, reader, resident, namesake, staff, worker):  # noqa: F811
    office, person = handler("access", width, "manager"), reader("access", width)
    place_hold(person=resident, reason="Riita Pekan kanssa", review_on=date(2099, 1, 1), by=staff("manager"))
    office.open(asked("access", person.language, resident.email, details={"message": "Kaikki tiedot minusta"}))
    office.take()
    if width == "desktop":
        office.follow("request_extend")
        office.fill(because="Rekistereitä on monta")
        letter = office.letter()
        assert "Rekistereitä on monta" in letter
        person.read(letter)
        before = ["taken", "extended", "wrote", "matched", "identified"]
    else:
        office.follow("request_ask")
        office.fill(because="Samannimisiä on kaksi")
        office.page.locator("#id_suspend").check()
        letter = office.letter()
        assert said(person.language, "Tell us, for example, in which home you live or lived and since when.") in letter
        person.read(letter)
        office.says("The time stands still: waits for the person.")
        before = ["taken", "asked_identity", "suspended", "wrote", "matched", "identified", "resumed"]
    office.name_and_identify(resident)

    office.prepare_package()
    decisions = office.read_texts(lambda text: text.replace("Pekan", "[…]"))
    assert decisions["redact"] == 1
    office.hand_over()
    found = person.download()
    text = office.close("fulfilled")
    person.read(text)

    data = json.loads(found["data.json"])
    assert (data["kind"], data["language"], data["request"]) == ("access", person.language, office.case.reference)
    assert data["tables"]["registers.person"]["rows"][0]["email"] == resident.email
    plain = b"".join(content for name, content in found.items() if not name.endswith(".pdf"))
    assert b"Riita" in plain
    assert b"Pekan" not in plain
    assert namesake.email.encode() not in plain
    package = Package.objects.get()
    assert (package.state, package.content) == ("delivered", None)
    assert package.fetched_at is not None
    assert Disclosure.objects.get().ground == "GDPR Art. 15"
    assert office.did() == [*before, "prepared", "reviewed", "delivered", "wrote", "closed"]


@pytest.mark.parametrize("width", WIDTHS)
def test_what_can_be_taken_along_is_downloaded(width, handler, reader, resident, namesake, worker):  # noqa: F811
    office, person = handler("portability", width, "manager"), reader("portability", width)
    office.open(asked("portability", person.language, resident.email))
    office.take()
    office.name_and_identify(resident)
    office.prepare_package()
    office.hand_over()
    found = person.download()
    person.read(office.close("fulfilled"))

    data = json.loads(found["data.json"])
    assert (data["kind"], data["language"]) == ("portability", person.language)
    assert resident.phone.encode() in found["data.json"]
    assert any(name.startswith("csv/") for name in found)
    assert Disclosure.objects.get().ground == "GDPR Art. 20"
    assert Package.objects.get().fetched_at is not None
    assert office.did() == ["taken", "matched", "identified", "prepared", "delivered", "wrote", "closed"]


def test_what_can_go_is_erased_and_the_letter_says_what_stays(handler, reader, moved, namesake, worker):
    office, person = handler("erasure", "desktop"), reader("erasure", "desktop")
    email = moved.email
    office.open(asked("erasure", person.language, email, details={"message": "Poistakaa kaikki"}))
    office.take()
    office.name_and_identify(moved)
    office.follow("request_erase")
    assert "728/2003" in office.page.locator("main ul").inner_text()
    goes = said(office.language, "contact details").capitalize()
    assert goes in office.page.locator("main .subtitle").inner_text()
    assert goes not in office.page.locator("main ul").inner_text()
    office.submit()
    office.says("The erasure has begun.")
    office.wait(reverse("admin:request", args=[office.case.pk]))
    text = office.close("partly", "claims")
    person.read(text)

    assert said(person.language, "What nothing needs any more was erased.") in text
    assert "728/2003" in text
    moved.refresh_from_db()
    assert (moved.email, moved.phone, moved.last_name) == ("", "", "Virtanen")
    assert Person.objects.get(pk=namesake.pk).email == "toinen.aino@example.com"
    assert Sweep.objects.get().state == "done"
    assert office.did() == ["taken", "matched", "identified", "erased", "wrote", "closed"]


def test_an_erasure_that_has_nothing_to_erase_yet_is_refused_with_each_reason(handler, reader, resident, namesake):  # noqa: F811
    office, person = handler("erasure", "phone"), reader("erasure", "phone")
    office.open(asked("erasure", person.language, resident.email))
    office.take()
    office.name_and_identify(resident)
    office.follow("request_erase")
    office.submit()
    office.says("Nothing can end yet: the letter says until when each part is kept, and why.")
    text = office.close("refused", "needed")
    person.read(text)

    assert said(person.language, "Nothing of the data can be erased yet.") in text
    assert said(person.language, "These data are still kept, and erased by themselves on their day:") in text
    assert "tietosuoja.fi" in text
    resident.refresh_from_db()
    assert resident.email == office.case.email.reveal()
    assert not Sweep.objects.exists()
    assert office.did() == ["taken", "matched", "identified", "erased", "wrote", "closed"]


@pytest.mark.parametrize("width", WIDTHS)
def test_data_are_put_right_in_part(width, handler, reader, resident, namesake):  # noqa: F811
    office, person = handler("rectification", width, "manager"), reader("rectification", width)
    by = {"desktop": "link", "phone": "paper"}[width]
    details = {"corrections": {"last_name": "Virta", "phone": "040 555 0199"}, "address": "Uusikatu 7, 00530 Helsinki"}
    case = asked("rectification", person.language, resident.email, answer_by=by, details=details)
    office.open(case)
    office.take()
    office.name_and_identify(resident)

    office.follow("request_corrections")
    last_name, phone = case.proposals.order_by("pk")
    office.choose("proposal", last_name.pk)
    office.press("main form.panel p.actions button")
    office.says("The data are put right. Recipients are told by their notices.")
    office.follow("request_close")
    office.says("Some corrections are not decided yet.")
    office.back()
    office.follow("request_corrections")
    office.follow("request_refuse_change", phone.pk)
    office.fill(because="Numero on toisen henkilön")
    office.submit()
    office.back()
    text = office.close("partly", "accurate")

    assert "Numero on toisen henkilön" in text
    resident.refresh_from_db()
    assert (resident.last_name, resident.phone) == ("Virta", "+358405550101")
    assert dict(case.proposals.values_list("field", "state")) == {"last_name": "accepted", "phone": "refused"}
    assert office.did() == ["taken", "matched", "identified", "corrected", "wrote", "closed"]
    letter = case.messages.latest("pk")
    assert letter.sent_by == by
    if by == "link":
        person.read(text)


@pytest.mark.parametrize("width", WIDTHS)
def test_processing_is_restricted_and_the_person_told_before_it_is_lifted(width, handler, reader, resident, namesake):  # noqa: F811
    office, person = handler("restriction", width), reader("restriction", width)
    case = asked("restriction", person.language, resident.email, details={"message": "Tiedot ovat riidanalaisia"})
    office.open(case)
    office.take()
    office.name_and_identify(resident)
    office.follow("request_restrict")
    office.fill(because="Riitautettu")
    office.submit()
    office.says("The processing is restricted.")
    resident.refresh_from_db()
    assert resident.restricted_at is not None
    person.read(office.close("fulfilled"))

    office.follow("request_lift")
    lifted = office.letter()
    office.follow("request_lift")
    office.submit()
    office.back()
    resident.refresh_from_db()
    assert resident.restricted_at is not None
    person.read(lifted)
    office.follow("request_lift")
    office.submit()
    office.says("The restriction is lifted.")
    assert not office.offers("request_lift")
    resident.refresh_from_db()
    assert resident.restricted_at is None
    assert office.did() == ["taken", "matched", "identified", "restricted", "wrote", "closed", "wrote", "lifted"]
    assert list(case.messages.order_by("pk").values_list("template", flat=True)) == [
        "received",
        "restricted",
        "lifting",
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_an_objection_ends_marketing_and_is_weighed(width, handler, reader, resident, namesake):  # noqa: F811
    office, person = handler("objection", width), reader("objection", width)
    marketing, upheld = Purpose.objects.get(code="marketing"), width == "desktop"
    office.open(asked("objection", person.language, resident.email, details={"message": "Ei mainoksia"}))
    office.take()
    office.name_and_identify(resident)
    office.follow("request_marketing")
    office.submit()
    office.says("Marketing has ended.")
    assert may_we(person=resident, purpose=marketing, channel="post").code == "objected"

    office.follow("request_weigh")
    office.page.locator("#id_purpose").select_option(index=1)
    office.choose("upheld", "yes" if upheld else "no")
    office.fill(reasoning="Turvallisuus painaa enemmän")
    office.submit()
    office.says("The test is recorded.")
    if upheld:
        text = office.close("fulfilled")
    else:
        office.follow("request_close")
        office.choose("outcome", "fulfilled")
        office.submit()
        outweighed = (
            "The objection was weighed and not upheld: that is a refusal, in whole or in part, with its ground."
        )
        office.says(outweighed)
        office.back()
        text = office.close("partly", "compelling")

    person.read(text)
    resident.refresh_from_db()
    assert (resident.restricted_at is not None) == upheld
    assert Objection.objects.get().means == "web"
    weighed = ["upheld", "restricted"] if upheld else ["outweighed"]
    did = ["taken", "matched", "identified", "objected", *weighed, "wrote", "closed"]
    assert office.did() == did


@pytest.mark.parametrize("width", WIDTHS)
def test_a_consent_ends(width, handler, reader, resident, namesake, by):  # noqa: F811
    office, person = handler("consent", width, "manager"), reader("consent", width)
    marketing, stands = Purpose.objects.get(code="marketing"), width == "desktop"
    if stands:
        channels = ["email", "sms"]
        record_consent(
            person=resident,
            purpose=marketing,
            channels=channels,
            language="fi",
            means="phone",
            evidence="Soitti",
            by=by,
        )
    office.open(asked("consent", person.language, resident.email))
    office.take()
    office.name_and_identify(resident)
    office.follow("request_consents")
    if stands:
        office.choose("purposes", marketing.pk)
    else:
        office.says("No consent of theirs stands.")
    office.submit()
    office.says("It is recorded.")
    text = office.close("fulfilled")

    says = "The consent has ended. What was done before on its basis stays lawful."
    assert said(person.language, says if stands else "We hold no consent that is in force.") in text
    person.read(text)
    withdrawn = ConsentEvent.objects.filter(kind="withdrawn", evidence=office.case.reference)
    assert {event.channel for event in withdrawn} == ({"email", "sms"} if stands else set())
    assert not may_we(person=resident, purpose=marketing, channel="email").may
    assert office.did() == ["taken", "matched", "identified", "withdrew", "wrote", "closed"]


@pytest.mark.parametrize("width", WIDTHS)
def test_something_else_is_answered_or_refused(width, handler, reader, resident, namesake):  # noqa: F811
    office, person = handler("other", width, "manager"), reader("other", width)
    office.open(asked("other", person.language, resident.email, details={"message": "Kuka voi nähdä ovikoodini?"}))
    office.take()
    office.name_and_identify(resident)
    office.follow("request_write")
    office.fill(text="Missä rapussa?")
    office.letter()
    person.read("Missä rapussa?")

    if width == "desktop":
        text = office.close("fulfilled")
    else:
        text = office.close("refused", "unfounded")
        assert said(person.language, "manifestly unfounded (GDPR Art. 12(5))") in text
    assert "tietosuoja.fi" in text
    person.read(text)

    assert office.did() == ["taken", "matched", "identified", "wrote", "wrote", "closed"]
    assert RequestMessage.objects.filter(direction="out", read_at=None).count() == 1  # the receipt
