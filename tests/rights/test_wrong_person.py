"""What was made of somebody, or sent somewhere, before it turned out whose request it is and where they are reached."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from disclosures.models import Artefact
from registers.services.people import correct_person
from registers.services.protection import set_non_disclosure
from rights.models import OneTimeLink, Package, SubjectRequest
from rights.queries.closing import what_is_left
from rights.queries.fetching import waits_to_be_fetched
from rights.queries.outcomes import details_of
from rights.services.closing import close_request
from rights.services.details import correct_details
from rights.services.fulfilling import stop_marketing
from rights.services.handling import identify, match_person, unmatch_person
from rights.services.links import opened_on_the_page
from rights.services.messages import write_message
from rights.services.packages import NoLongerThere, fetch_package, hand_over, prepare_package
from rights.services.receiving import Details, receive
from tests.factories import SubjectRequestFactory
from tests.mail.letters import letters
from tests.retention.people import BY
from tests.rights.whole_person import built, resident
from tests.rights.writing import whole_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def liisa(house):
    return resident(house, "Liisa Maria", "Kallioinen", phone="+358405550101")


@pytest.fixture
def olli(house):
    return resident(house, "Olli", "Toinen", phone="+358405550777")


def details(case, **changes):
    facts = {"name": "Liisa", "email": "liisa@example.com", "phone": "", "address": "", "answer_by": "link"}
    return correct_details(request=case, **facts | changes)


def test_a_package_of_one_person_is_never_handed_to_another(liisa, olli, prepare, officer):
    package = built(prepare(liisa), officer)
    unmatch_person(request=package.request, by=officer)
    match_person(request=package.request, person=olli, by=officer)
    identify(request=package.request, means="call_back", by=officer)

    row = Package.objects.get()
    assert (row.state, row.content, row.pdf) == ("expired", None, None)
    with pytest.raises(ValidationError):
        hand_over(package=row, way="paper", by=officer)


def test_what_is_on_its_way_to_the_wrong_person_is_stopped(liisa, prepare, officer):
    package = built(prepare(liisa), officer)
    hand_over(package=package, way="link", by=officer)
    assert waits_to_be_fetched(package.request)

    unmatch_person(request=package.request, by=officer)

    assert not waits_to_be_fetched(package.request)
    assert not Artefact.objects.filter(content__isnull=False).exists()
    with pytest.raises(NoLongerThere):
        fetch_package(link=opened_on_the_page(package.request, OneTimeLink.What.PACKAGE), by=BY)


def test_what_was_done_for_somebody_else_is_not_done_for_this_person(case, olli, officer):
    request = case("objection")
    stop_marketing(request=request, by=officer)
    assert what_is_left(request, "fulfilled") == ""

    unmatch_person(request=request, by=officer)
    match_person(request=request, person=olli, by=officer)
    identify(request=request, means="call_back", by=officer)

    request.refresh_from_db()
    assert "objection recorded" in what_is_left(request, "fulfilled")
    assert details_of(request, "fulfilled") == ""


def test_whoever_is_not_identified_is_told_nothing_of_what_is_held(case):
    with translation.override("fi"):
        assert "Kaislaranta" in details_of(case("erasure"), "refused")
        assert details_of(case("erasure", identified=False), "refused") == ""


def test_of_somebody_under_a_non_disclosure_order_a_letter_names_no_house(case, resident, officer):
    set_non_disclosure(person=resident, since=date(2026, 1, 1), until=None, reported_by="viranomainen", by=officer)

    said = details_of(case("erasure"), "refused")

    assert "- " in said
    assert "Kaislaranta" not in said


def test_data_go_to_no_address_that_nobody_has_confirmed(liisa, officer):
    made = receive(
        right="access",
        channel="phone",
        language="fi",
        by=officer,
        details=Details(name="Liisa", email="vaara@example.com"),
    )
    match_person(request=made, person=liisa, by=officer)
    identify(request=made, means="call_back", by=officer)
    package = built(prepare_package(request=SubjectRequest.objects.get(), by=officer), officer)

    with pytest.raises(ValidationError, match="Nobody has confirmed"):
        hand_over(package=package, way="link", by=officer)
    details(made, email=liisa.email, by=officer)
    assert hand_over(package=package, way="link", by=officer).state == "delivered"
    assert letters()[-1].to == liisa.email


def test_data_do_not_go_to_the_mailbox_that_the_person_has_left(liisa, prepare, officer):
    package = built(prepare(liisa), officer)
    SubjectRequest.objects.update(means="contact")
    correct_person(person=liisa, changes={"email": "uusi@example.com"}, source="phone", by=officer)

    with pytest.raises(ValidationError, match="another email address of this person now"):
        hand_over(package=package, way="link", by=officer)


def test_another_address_is_confirmed_anew_and_old_links_open_no_more(case, officer):
    request = case(confirmed_at=timezone.now())
    write_message(request=request, subject="Vastaus", text="Tässä", by=officer)
    assert OneTimeLink.objects.filter(expires_at__gt=timezone.now()).exists()

    changed = details(request, name="Aino Virta", email="uusi@example.com", phone="0405550199", by=officer)

    assert (changed.email.reveal(), changed.name.reveal(), changed.confirmed_at) == (
        "uusi@example.com",
        "Aino Virta",
        None,
    )
    assert changed.email_key != request.email_key
    assert not OneTimeLink.objects.filter(expires_at__gt=timezone.now()).exists()
    assert changed.steps.get(did="changed").user_key == officer.pk


def test_the_same_address_stays_confirmed(case, officer):
    request = case(confirmed_at=timezone.now())

    assert details(request, email=" AINO.virtanen@example.com", by=officer).confirmed_at is not None


@pytest.mark.parametrize("changes", [{"email": ""}, {"name": "131052-908T"}])
def test_wrong_details_change_nothing(case, officer, changes):
    request = case()
    with pytest.raises(ValidationError):
        details(request, **changes, by=officer)

    assert not request.steps.filter(did="changed").exists()


def test_of_two_packages_the_newest_counts(liisa, prepare, officer):
    first = built(prepare(liisa), officer)
    hand_over(package=first, way="link", by=officer)
    hand_over(package=built(prepare_package(request=first.request, by=officer), officer), way="link", by=officer)
    assert waits_to_be_fetched(first.request)

    fetch_package(link=opened_on_the_page(first.request, OneTimeLink.What.PACKAGE), by=BY)

    assert not waits_to_be_fetched(first.request)


def test_a_duplicate_is_of_the_same_person_and_confirmed(case, officer):
    request, theirs = case(), case()
    strange = SubjectRequestFactory(email="muu@example.com")
    waiting = SubjectRequestFactory(state="unconfirmed", confirmed_at=None, email="aino.virtanen@example.com")
    of_the_family = SubjectRequestFactory(email="aino.virtanen+lapsi@example.com")
    for wrong in (strange, waiting, request, of_the_family):
        says = whole_letter(request, "duplicate", details=wrong.reference)
        with pytest.raises(ValidationError) as refused:
            close_request(request=request, outcome="duplicate", duplicate_of=wrong, by=officer, **says)
        assert set(refused.value.message_dict) == {"duplicate_of"}

    says = whole_letter(request, "duplicate", details=theirs.reference)
    closed = close_request(request=request, outcome="duplicate", duplicate_of=theirs, by=officer, **says)
    assert closed.duplicate_of == theirs


@pytest.mark.parametrize(
    "other",
    [
        {"right": "erasure"},
        {"state": "closed", "outcome": "withdrawn", "closed_at": timezone.now()},
        {"state": "closed", "outcome": "duplicate", "closed_at": timezone.now()},
    ],
)
def test_a_duplicate_is_handled_where_the_same_is_answered(case, officer, other):
    request, elsewhere = case(), case(**other)
    says = whole_letter(request, "duplicate", details=elsewhere.reference)

    with pytest.raises(ValidationError) as refused:
        close_request(request=request, outcome="duplicate", duplicate_of=elsewhere, by=officer, **says)

    assert set(refused.value.message_dict) == {"duplicate_of"}


def test_nothing_is_written_to_an_address_that_waits_for_its_code(officer):
    waiting = SubjectRequestFactory(state="unconfirmed", confirmed_at=None)

    with pytest.raises(ValidationError, match="not confirmed yet"):
        write_message(request=waiting, subject="Hei", text="Hei", by=officer)

    assert letters() == []
