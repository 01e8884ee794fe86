"""Where data may be sent, who is known by a mailbox, and what is told when nobody comes to fetch."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from disclosures.models import Artefact, DisclosureRequest
from disclosures.services.approving import say_word
from portal.views.handing import waits
from registers.models import Person
from registers.queries.desk import tasks_for
from registers.services.people import correct_person
from registers.services.protection import set_non_disclosure
from rights.models import OneTimeLink, Package, SubjectRequest
from rights.queries.cases import not_fetched
from rights.queries.closing import what_is_left
from rights.queries.fetching import was_received
from rights.queries.outcomes import details_of
from rights.queries.reaching import why_not_by_link
from rights.services.closing import close_request
from rights.services.details import correct_details
from rights.services.fulfilling import accept_changes, propose
from rights.services.handling import identify, match_person, unmatch_person
from rights.services.links import opened_on_the_page, send_code, use_link
from rights.services.messages import write_message
from rights.services.packages import (
    NoLongerThere,
    ask_to_hand_over,
    empty_packages,
    fetch_package,
    hand_over,
    prepare_package,
    remind_of_packages,
)
from rights.services.receiving import Details, receive
from rights.services.steps import note_step
from rights.words import Did
from tests.consent.pdf_structure import text_of
from tests.factories import PersonFactory, ResidencyFactory, SubjectRequestFactory
from tests.mail.letters import letters
from tests.retention.people import BY
from tests.rights.whole_person import built, resident
from tests.rights.writing import whole_letter

pytestmark = pytest.mark.django_db
ORDER = {"since": date(2026, 1, 1), "until": None, "reported_by": "viranomainen"}


@pytest.fixture
def liisa(house):
    return resident(house, "Liisa Maria", "Kallioinen", phone="+358405550101")


@pytest.fixture
def by_phone(liisa, officer):
    """A call: the address was written down, and nobody has opened anything there."""
    told = Details(name="Liisa", email="vaara@example.com")
    made = receive(right="access", channel="phone", language="fi", by=officer, details=told)
    match_person(request=made, person=liisa, by=officer)
    return identify(request=made, means="call_back", by=officer)


def opened_by_code():
    token = letters()[-1].text.split("/request/open/")[1].split("/")[0]
    send_code(token=token, by=BY)
    code = next(word for word in letters()[-1].text.replace(".", " ").split() if word.isdecimal() and len(word) == 6)
    return use_link(token=token, code=code, by=BY)


def moved_address(case, officer, email="liisan.uusi@example.com"):
    return correct_details(request=case, name="Liisa", email=email, phone="", address="", answer_by="link", by=officer)


def test_what_is_said_of_the_person_goes_to_no_address_that_nobody_has_confirmed(by_phone, officer, letter):
    with pytest.raises(ValidationError, match="Nobody has confirmed"):
        write_message(request=by_phone, by=officer, **vars(letter))
    with pytest.raises(ValidationError, match="Nobody has confirmed"):
        refusal = whole_letter(by_phone, "refusal", grounds=("unfounded",))
        close_request(request=by_phone, outcome="refused", grounds=["unfounded"], by=officer, **refusal)
    assert letters() == []

    assert write_message(request=by_phone, sent_by="paper", by=officer, **vars(letter)).sent_by == "paper"


def test_a_receipt_that_was_opened_by_its_code_confirms_the_address(by_phone, officer, letter):
    write_message(request=by_phone, template="received", by=officer, **vars(letter))
    opened_by_code()

    case = SubjectRequest.objects.get()
    assert case.confirmed_at is not None
    assert list(case.steps.filter(did="confirmed").values_list("program", flat=True)) == [BY.name]
    write_message(request=case, by=officer, **vars(letter))
    assert len(letters()) == 3


def test_a_package_on_its_way_is_not_fetched_by_another_address(liisa, prepare, officer):
    package = built(prepare(liisa), officer)
    hand_over(package=package, way="link", by=officer)

    moved_address(package.request, officer)

    assert (Package.objects.get().state, Package.objects.get().fetched_at) == ("expired", None)
    with pytest.raises(NoLongerThere):
        fetch_package(link=opened_on_the_page(package.request, OneTimeLink.What.PACKAGE), by=BY)
    assert "not fetched in its time" in what_is_left(SubjectRequest.objects.get(), "fulfilled")


def test_other_details_stop_no_package(liisa, prepare, officer):
    package = built(prepare(liisa), officer)
    hand_over(package=package, way="link", by=officer)

    moved_address(package.request, officer, email=liisa.email)

    assert fetch_package(link=opened_on_the_page(package.request, OneTimeLink.What.PACKAGE), by=BY)


def test_a_package_is_not_fetched_from_the_mailbox_that_the_person_has_left_since(liisa, prepare, officer):
    package = built(prepare(liisa), officer)
    SubjectRequest.objects.update(means="contact")
    hand_over(package=package, way="link", by=officer)
    correct_person(person=liisa, changes={"email": "uusi@example.com"}, source="phone", by=officer)

    with pytest.raises(NoLongerThere):
        fetch_package(link=opened_on_the_page(package.request, OneTimeLink.What.PACKAGE), by=BY)


def test_a_mailbox_that_two_people_have_identifies_neither(liisa, house, officer):
    request = SubjectRequestFactory(person_key=liisa.pk, email=liisa.email, confirmed_at=timezone.now())
    husband = resident(house, "Paavo", "Kallioinen", email=liisa.email)

    with pytest.raises(ValidationError, match="Somebody else has the same address"):
        identify(request=request, means="contact", by=officer)

    correct_person(person=husband, changes={"email": "paavo@example.com"}, source="phone", by=officer)
    assert identify(request=request, means="contact", by=officer).means == "contact"


def test_a_mailbox_alone_identifies_nobody_under_a_non_disclosure_order(liisa, officer):
    set_non_disclosure(person=liisa, by=officer, **ORDER)
    request = SubjectRequestFactory(person_key=liisa.pk, email=liisa.email, confirmed_at=timezone.now())

    with pytest.raises(ValidationError, match="under a non-disclosure order"):
        identify(request=request, means="contact", by=officer)

    assert identify(request=request, means="call_back", by=officer).means == "call_back"


@pytest.fixture
def childs(house, liisa, officer):
    """The father asks for the copy of a child that lives with its mother."""
    child = PersonFactory(first_names="Onni", last_name="Kallioinen", source="official")
    ResidencyFactory(person=child, apartment=house.home, moved_in=date(2020, 1, 1))
    request = SubjectRequestFactory(
        whom="child",
        person_key=child.pk,
        email="isa@example.com",
        confirmed_at=timezone.now(),
        state="working",
        means="proxy",
        identified_at=timezone.now(),
    )
    return built(prepare_package(request=request, by=officer), officer)


def test_a_copy_for_whoever_acts_for_somebody_says_of_whom_it_speaks(childs):
    text = " ".join(text_of(childs.pdf.reveal_bytes()).split())

    assert "Se on kirjoitettu henkilölle Kallioinen Onni: ”tietosi” ovat hänen tietojaan." in text


def test_a_childs_copy_that_tells_where_a_protected_parent_lives_goes_after_two_approvals(
    childs, liisa, officer, staff
):
    set_non_disclosure(person=liisa, by=officer, **ORDER)
    with pytest.raises(ValidationError, match="without the approval of two"):
        hand_over(package=childs, way="link", by=officer)

    asked = ask_to_hand_over(package=childs, way="link", why="yhteishuolto, osoite on tiedossa", by=officer)
    with pytest.raises(ValidationError, match="without the approval of two"):
        hand_over(package=childs, way="link", by=officer)
    for _person in range(2):
        say_word(request=asked, approved=True, by=staff("privacy_officer"))

    assert hand_over(package=childs, way="link", by=officer).state == "delivered"


def test_an_order_of_who_lives_with_the_child_stops_what_is_on_its_way(childs, liisa, officer):
    hand_over(package=childs, way="link", by=officer)
    set_non_disclosure(person=liisa, by=officer, **ORDER)

    with pytest.raises(NoLongerThere):
        fetch_package(link=opened_on_the_page(childs.request, OneTimeLink.What.PACKAGE), by=BY)


def test_a_letter_to_a_representative_names_no_house_of_who_is_protected(childs, liisa, officer):
    SubjectRequest.objects.update(right="erasure", language="fi")
    request = SubjectRequest.objects.get()
    assert "Kaislaranta" in details_of(request, "refused")

    set_non_disclosure(person=liisa, by=officer, **ORDER)

    assert "- " in details_of(request, "refused")
    assert "Kaislaranta" not in details_of(request, "refused")


@pytest.mark.parametrize(("days", "told"), [(6, 0), (7, 1)])
def test_who_does_not_fetch_is_reminded_once_a_week_later(liisa, prepare, officer, days, told):
    package = built(prepare(liisa), officer)
    hand_over(package=package, way="link", by=officer)
    before = len(letters())

    on = timezone.now() + timedelta(days=days, minutes=1)

    assert [remind_of_packages(at=on, by=BY), remind_of_packages(at=on, by=BY)] == [told, 0]
    assert len(letters()) - before == told
    assert package.request.steps.filter(did="reminded").count() == told


def test_what_nobody_fetched_is_a_task_and_not_closed_as_handed_over(liisa, prepare, officer):
    package = built(prepare(liisa), officer)
    hand_over(package=package, way="link", by=officer)
    assert what_is_left(package.request, "fulfilled") == ""
    Package.objects.update(expires_at=timezone.now() - timedelta(days=1))

    empty_packages()

    assert "not fetched in its time" in what_is_left(package.request, "fulfilled")
    assert "1 package was not fetched in time" in [task.text for task in tasks_for(officer, timezone.localdate())]
    again = built(prepare_package(request=SubjectRequest.objects.get(), by=officer), officer)
    hand_over(package=again, way="paper", by=officer)
    assert what_is_left(package.request, "fulfilled") == ""
    assert not [task for task in tasks_for(officer, timezone.localdate()) if "not fetched" in task.text]


def test_what_was_erased_on_request_is_told_to_the_address_that_its_owner_confirmed(case, resident, officer):
    request = case("erasure", confirmed_at=timezone.now())
    Person.objects.filter(pk=resident.pk).update(email="")
    assert "another email address" in why_not_by_link(request, "partly")

    note_step(request, Did.ERASED, officer)

    assert why_not_by_link(request, "partly") == ""
    Person.objects.filter(pk=resident.pk).update(email="another@example.com")
    assert "another email address" in why_not_by_link(request, "partly")


def address_removed(request, officer, wanted=""):
    (row,) = propose(request=request, changes={"email": wanted}, by=officer)
    accept_changes(request=request, proposals=[row.pk], by=officer)


def test_what_was_removed_as_asked_is_told_to_the_address_that_its_owner_confirmed(case, officer):
    request = case("rectification")

    address_removed(request, officer)

    assert why_not_by_link(request, "answer") == ""


def test_an_address_that_was_removed_in_another_case_is_not_told_there(case, officer):
    request, other = case("rectification"), case("rectification")

    address_removed(other, officer)

    assert "another email address" in why_not_by_link(request, "answer")


def test_what_was_removed_from_somebody_else_is_not_this_persons_word(case, officer):
    request, other = case("rectification"), PersonFactory(email="")
    address_removed(request, officer)
    unmatch_person(request=request, by=officer)
    SubjectRequest.objects.update(person_key=other.pk, means="contact", identified_at=timezone.now(), state="working")

    assert "another email address" in why_not_by_link(SubjectRequest.objects.get(), "answer")


@pytest.fixture
def unconfirmed(case):
    """A call, and the address that the register has: nobody has opened anything there."""
    return case("portability", means="call_back", confirmed_at=None)


def test_the_registers_address_of_somebody_protected_is_not_believed_without_a_code(unconfirmed, resident, officer):
    assert why_not_by_link(unconfirmed) == ""

    set_non_disclosure(person=resident, by=officer, **ORDER)

    assert "Nobody has confirmed" in why_not_by_link(unconfirmed)
    SubjectRequest.objects.update(confirmed_at=timezone.now())
    assert why_not_by_link(SubjectRequest.objects.get()) == ""


def test_the_registers_address_that_two_people_have_is_not_believed_without_a_code(unconfirmed, resident):
    assert why_not_by_link(unconfirmed) == ""

    PersonFactory(email=resident.email)

    assert "Nobody has confirmed" in why_not_by_link(unconfirmed)
    SubjectRequest.objects.update(confirmed_at=timezone.now(), means="contact")
    assert why_not_by_link(SubjectRequest.objects.get()) == ""


def test_nobody_is_asked_to_approve_a_link_that_will_not_be_sent(unconfirmed, resident, officer):
    package = built(prepare_package(request=unconfirmed, by=officer), officer)
    set_non_disclosure(person=resident, by=officer, **ORDER)

    with pytest.raises(ValidationError, match="Nobody has confirmed"):
        ask_to_hand_over(package=package, way="link", why="oma pyyntö", by=officer)

    assert not DisclosureRequest.objects.exists()
    assert ask_to_hand_over(package=package, way="paper", why="oma pyyntö", by=officer)


def test_a_document_that_waits_to_be_printed_outlasts_another_address(liisa, prepare, officer):
    package = built(prepare(liisa), officer)
    hand_over(package=package, way="paper", by=officer)

    moved_address(package.request, officer)

    assert Package.objects.get().state == "delivered"
    assert Artefact.objects.get().content is not None


@pytest.mark.parametrize("stops", ["address", "person"])
def test_what_was_stopped_is_not_what_nobody_fetched(liisa, prepare, officer, stops):
    package = built(prepare(liisa), officer)
    hand_over(package=package, way="link", by=officer)
    if stops == "address":
        moved_address(package.request, officer)
    else:
        unmatch_person(request=package.request, by=officer)
    assert (Package.objects.get().state, not_fetched()) == ("expired", 0)

    Package.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now() - timedelta(days=1))

    assert not_fetched() == 0


@pytest.fixture
def stopped(liisa, prepare, officer):
    """On its way when the order came."""
    package = built(prepare(liisa), officer)
    hand_over(package=package, way="link", by=officer)
    assert waits(package.request)
    set_non_disclosure(person=liisa, by=officer, **ORDER)
    return package


def test_nobody_is_reminded_of_what_they_would_not_be_given(stopped):
    before = len(letters())

    assert remind_of_packages(at=timezone.now() + timedelta(days=8), by=BY) == 0

    assert len(letters()) == before


def test_what_an_order_has_stopped_is_not_closed_as_handed_over(stopped):
    assert "hand over another one" in what_is_left(stopped.request, "fulfilled")


def test_no_page_offers_what_an_order_has_stopped(stopped):
    assert not waits(stopped.request)


def test_what_somebody_else_has_fetched_is_no_answer_to_the_right_person(liisa, prepare, officer):
    package = built(prepare(liisa), officer)
    hand_over(package=package, way="paper", by=officer)
    request = SubjectRequest.objects.get()
    assert was_received(request)

    unmatch_person(request=request, by=officer)

    assert not was_received(SubjectRequest.objects.get())
