"""Handing over is a disclosure: recorded, fetched once, refused politely afterwards."""

import hashlib
import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.acting import Program
from consent.links import LinkNotValid
from disclosures.models import Artefact, Disclosure
from disclosures.services.approving import release, say_word
from disclosures.services.files import take
from disclosures.services.telling import Refused
from registers.services.protection import restrict_processing, set_non_disclosure
from rights.models import Package
from rights.queries.fetching import waits_to_be_fetched
from rights.services.closing import close_request
from rights.services.links import link_of, send_code, use_link
from rights.services.packages import (
    NoLongerThere,
    ask_to_hand_over,
    discard,
    empty_packages,
    fetch_package,
    hand_over,
    prepare_package,
    run_build,
)
from rights.words import Did
from tests.factories import PersonFactory
from tests.mail.letters import letters
from tests.rights.whole_person import built, resident

pytestmark = pytest.mark.django_db
WEB = Program("web form")
ORDER = {"since": date(2026, 1, 1), "until": None, "reported_by": "viranomainen"}


@pytest.fixture
def liisa(house):
    return resident(house, "Liisa Maria", "Kallioinen", phone="+358405550101")


@pytest.fixture
def ready(liisa, prepare, officer):
    return built(prepare(liisa), officer)


def fresh(package):
    return Package.objects.get(pk=package.pk)


def opened():
    """As the person does it: the link of the email, then the code of the next one."""
    token = letters()[-1].text.split("/request/open/")[1].split("/")[0]
    send_code(token=token, by=WEB)
    code = re.search(r"\b\d{6}\b", letters()[-1].text)[0]
    return use_link(token=token, code=code, by=WEB), token


def test_what_is_fetched_is_what_the_record_says(ready, liisa, officer):
    content = ready.content.reveal_bytes()
    hand_over(package=ready, way="link", by=officer)
    record = Disclosure.objects.get()

    assert (record.kind, record.channel, record.recipient_person_key) == ("subject", "email", liisa.pk)
    assert record.artefact_sha256 == hashlib.sha256(content).hexdigest() == ready.sha256
    assert record.evidence == {
        "identified_by": "desk", "request": ready.request.reference, "size": str(len(content)),
        "package_sha256": ready.sha256, "handed_over": "link",
    }  # fmt: skip
    about = record.about.get()
    assert about.person_key == liisa.pk
    assert {"name", "email", "apartment", "moved_in", "date_of_birth"} <= set(about.fields)
    assert "identity_code" not in about.fields
    assert ready.request.steps.filter(did=Did.DELIVERED).count() == 1

    link, _token = opened()
    taken = fetch_package(link=link, by=WEB)

    assert (taken.content, taken.media_type) == (content, "application/zip")
    assert fresh(ready).fetched_at is not None


def test_it_is_fetched_once_and_nobody_of_the_office_takes_it_in_their_place(ready, officer):
    hand_over(package=ready, way="link", by=officer)
    with pytest.raises(PermissionDenied):
        take(artefact=Artefact.objects.get(), by=officer)

    link, token = opened()
    fetch_package(link=link, by=WEB)

    with pytest.raises(NoLongerThere):
        fetch_package(link=link, by=WEB)
    with pytest.raises(LinkNotValid):
        link_of(token)


def test_in_the_browser_it_comes_by_link_and_code_and_refuses_politely_afterwards(ready, officer, client):
    hand_over(package=ready, way="link", by=officer)
    page = re.search(r"/request/open/[^/\s]+/", letters()[-1].text)[0]
    assert waits_to_be_fetched(ready.request)

    assert client.get(page).status_code == 200
    client.post(page)
    code = re.search(r"\b\d{6}\b", letters()[-1].text)[0]
    answer = client.post(page, {"code": code})

    assert hashlib.sha256(answer.content).hexdigest() == Disclosure.objects.get().artefact_sha256
    assert answer["Content-Disposition"] == f'attachment; filename="{ready.request.reference}.zip"'
    assert not waits_to_be_fetched(ready.request)
    assert (client.get(page).status_code, client.post(page, {"code": code}).status_code) == (410, 410)


def test_the_document_alone_can_be_opened_too(ready, officer):
    pdf = ready.pdf.reveal_bytes()
    hand_over(package=ready, way="link", by=officer)

    taken = fetch_package(link=opened()[0], by=WEB, part="pdf")

    assert (taken.content, taken.media_type) == (pdf, "application/pdf")


def test_after_its_time_it_is_empty_and_refuses(ready, officer):
    hand_over(package=ready, way="link", by=officer)
    link, _token = opened()
    past = timezone.now() - timedelta(seconds=1)
    Artefact.objects.update(expires_at=past)
    Package.objects.update(expires_at=past)

    with pytest.raises(NoLongerThere):
        fetch_package(link=link, by=WEB)
    assert empty_packages() == 1
    assert fresh(ready).state == "expired"


def test_a_closed_case_leaves_no_package_behind(ready, officer, letter):
    close_request(request=ready.request, outcome="withdrawn", subject="Peruttu", text="Hei", by=officer)

    assert empty_packages() == 1
    row = fresh(ready)
    assert (row.state, row.content, row.pdf) == ("expired", None, None)
    assert empty_packages() == 0


def test_handed_over_it_keeps_nothing_but_its_digest(ready, officer):
    hand_over(package=ready, way="link", by=officer)
    row = fresh(ready)

    assert (row.state, row.content, row.pdf, row.sha256) == ("delivered", None, None, ready.sha256)
    assert not row.items.exclude(text=None, redacted=None).exists()
    with pytest.raises(ValidationError, match="not ready"):
        hand_over(package=row, way="link", by=officer)


def test_on_paper_the_office_takes_the_document_out_once(ready, officer):
    pdf = ready.pdf.reveal_bytes()
    done = hand_over(package=ready, way="paper", by=officer)
    record = Disclosure.objects.get(pk=done.disclosure_key)

    assert (record.channel, record.artefact_sha256) == ("paper", hashlib.sha256(pdf).hexdigest())
    assert take(artefact=record.artefact, by=officer) == pdf


def test_the_request_can_be_closed_as_fulfilled_when_it_was_handed_over(ready, officer, letter):
    request = ready.request
    with pytest.raises(ValidationError, match="package handed over"):
        close_request(request=request, outcome="fulfilled", subject=letter.subject, text=letter.text, by=officer)
    hand_over(package=ready, way="paper", by=officer)

    closed = close_request(request=request, outcome="fulfilled", subject=letter.subject, text=letter.text, by=officer)

    assert closed.state == "closed"


def test_nothing_is_prepared_for_somebody_who_is_not_identified(case, officer, staff):
    with pytest.raises(ValidationError, match="identified"):
        prepare_package(request=case(identified=False), by=officer)
    with pytest.raises(ValidationError, match="not what was asked"):
        prepare_package(request=case("erasure"), by=officer)
    with pytest.raises(PermissionDenied):
        prepare_package(request=case(), by=staff("customer_service"))


def test_one_package_of_a_request_at_a_time(ready, officer):
    with pytest.raises(ValidationError, match="being prepared already"):
        prepare_package(request=ready.request, by=officer)
    discard(package=ready, by=officer)
    assert fresh(ready).content is None
    assert prepare_package(request=ready.request, by=officer).state == "building"


def test_where_the_right_covers_nothing_the_request_is_closed_with_that_ground(case, officer):
    """Somebody without home, shares or consent: no agreement, so nothing to take along."""
    stranger = PersonFactory(source="official")
    request = case("portability", matched=False, person_key=stranger.pk, state="working", means="desk",
                   identified_at=timezone.now())  # fmt: skip
    package = built(prepare_package(request=request, by=officer), officer)

    with pytest.raises(ValidationError, match="covers none"):
        hand_over(package=package, way="paper", by=officer)


def test_restricted_people_get_their_own_data_on_their_own_request(liisa, ready, officer):
    """Art. 18(2): they ask for it themselves. The ground stands in the record."""
    restrict_processing(person=liisa, reason="oikaisu kesken", by=officer)

    hand_over(package=ready, way="link", by=officer)

    assert Disclosure.objects.get().evidence["restriction_ground"] == "consent"
    assert fetch_package(link=opened()[0], by=WEB).content.startswith(b"PK")


def test_under_a_non_disclosure_order_two_persons_approve_this_very_package(liisa, ready, officer, staff):
    set_non_disclosure(person=liisa, by=officer, **ORDER)
    with pytest.raises(ValidationError, match="without the approval of two"):
        hand_over(package=ready, way="link", by=officer)

    asked = ask_to_hand_over(package=ready, way="link", why="oma pyyntö", by=officer)
    with pytest.raises(ValidationError, match="without the approval of two"):
        hand_over(package=ready, way="link", by=officer)
    for _person in range(2):
        say_word(request=asked, approved=True, by=staff("privacy_officer"))
    with pytest.raises(Refused):  # as a card it is not what was approved
        release(request=asked, by=officer)

    hand_over(package=ready, way="link", by=officer)

    assert Disclosure.objects.get().request == asked
    assert fetch_package(link=opened()[0], by=WEB).content.startswith(b"PK")


def test_an_order_that_comes_while_it_waits_stops_it(liisa, ready, officer):
    hand_over(package=ready, way="link", by=officer)
    link, _token = opened()
    set_non_disclosure(person=liisa, by=officer, **ORDER)

    with pytest.raises(NoLongerThere):
        fetch_package(link=link, by=WEB)


def test_the_whole_code_in_it_stands_in_the_record_and_is_logged(liisa, prepare, officer, house):
    from tests.retention.rows import identity

    identity(liisa, house)
    package = built(prepare(liisa, why_code="the person asks for it"), officer)
    with zipfile.ZipFile(io.BytesIO(package.content.reveal_bytes())) as archive:
        assert liisa.identity_code.code.reveal() in archive.read("data.json").decode()

    hand_over(package=package, way="paper", by=officer)

    assert "identity_code" in Disclosure.objects.get().about.get().fields


def test_a_second_build_of_what_is_ready_does_nothing(ready):
    assert run_build(ready.pk) is None
    assert fresh(ready).sha256 == ready.sha256
