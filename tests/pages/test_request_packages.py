"""Packages in the office: prepared, texts read one after the other, handed over; counts and no values on their pages."""

from datetime import date

import pytest
from django.urls import reverse

from disclosures.models import Disclosure, DisclosureRequest
from disclosures.services.approving import say_word
from registers.services.protection import set_non_disclosure
from retention.services.holds import place_hold
from rights.models import Package, SubjectRequest
from rights.services.packages import run_build
from tests.factories import PersonFactory, ResidencyFactory
from tests.mail.letters import forget_tasks, letters, tasks
from tests.retention.conftest import house, management  # noqa: F401
from tests.rights.conftest import case, officer, resident  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, officer):  # noqa: F811
    made = client_of(officer)
    made.cookies["django_language"] = "en"
    return made


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def prepared(client, request, **facts) -> Package:
    client.post(url("request_package_new", request.pk), {"language": "fi"} | facts)
    return Package.objects.get()


def built(package) -> Package:
    run_build(package.pk)
    return Package.objects.get(pk=package.pk)


def test_from_the_case_to_the_email_with_its_link(client, case, resident, officer):  # noqa: F811
    place_hold(person=resident, reason="Riita Pekan kanssa", review_on=date(2030, 1, 1), by=officer)
    request = case()
    page = url("request", request.pk)
    assert url("request_package_new", request.pk) in text(client.get(page))

    package = prepared(client, request)
    own = url("request_package", request.pk, package.pk)
    assert "being built" in text(client.get(own))
    assert own in text(client.get(page))
    assert url("request_package_new", request.pk) not in text(client.get(page))

    package = built(package)
    item = package.items.get(model="retention.hold")
    assert "Riita Pekan" not in text(client.get(own))
    read = url("request_package_text", request.pk, package.pk, item.pk)
    assert read in text(client.get(own))
    assert "Riita Pekan kanssa" in text(client.get(read))
    refused = client.post(read, {"decision": "leave_out"})
    assert refused.status_code == 422
    for waiting in package.items.all():
        client.post(
            url("request_package_text", request.pk, package.pk, waiting.pk),
            {"decision": "redact", "redacted": "Riita […] kanssa"},
        )

    package = built(package)
    assert package.state == "ready"
    assert "SHA-256" in text(client.get(own))
    answer = client.post(url("request_package_hand_over", request.pk, package.pk), {"way": "link"})
    assert answer["Location"] == page
    assert "/request/open/" in letters()[-1].text
    assert "Handed over on" in text(client.get(own))
    assert Disclosure.objects.get().kind == "subject"


def test_on_paper_it_leads_to_the_file_of_the_record(client, case):  # noqa: F811
    request = case()
    package = built(prepared(client, request))
    for waiting in package.items.all():
        client.post(url("request_package_text", request.pk, package.pk, waiting.pk), {"decision": "include"})
    package = built(package)

    answer = client.post(url("request_package_hand_over", request.pk, package.pk), {"way": "paper"})

    record = Disclosure.objects.get()
    assert answer["Location"] == url("disclosure", record.pk)
    shown = text(client.get(answer["Location"]))
    assert url("disclosure_take", record.pk) in shown
    for says in ("How it was handed over", "on paper", "the address that the register already has was confirmed"):
        assert says in shown
    assert "<dt>Evidence</dt>" not in shown
    file = client.post(url("disclosure_take", record.pk))
    assert file.content.startswith(b"%PDF")


def test_what_the_person_fetches_cannot_be_taken_out_by_the_office(client, case):  # noqa: F811
    request = case("portability")
    package = built(prepared(client, request))
    client.post(url("request_package_hand_over", request.pk, package.pk), {"way": "link"})
    record = Disclosure.objects.get()

    assert url("disclosure_take", record.pk) not in text(client.get(url("disclosure", record.pk)))
    assert client.post(url("disclosure_take", record.pk)).status_code == 403


def test_of_a_protected_person_approval_is_asked_first(client, case, resident, officer):  # noqa: F811
    request = case("portability")
    package = built(prepared(client, request))
    set_non_disclosure(person=resident, since=date(2026, 1, 1), until=None, reported_by="virasto", by=officer)
    page = url("request_package_hand_over", request.pk, package.pk)
    assert "two persons have approved" in text(client.get(page))

    answer = client.post(page, {"way": "link", "why": "her own request"})

    asked = DisclosureRequest.objects.get()
    assert answer["Location"] == url("disclosure_request", asked.pk)
    assert "not approved it yet" in text(client.post(page, {"way": "link"}))
    assert not Disclosure.objects.exists()
    assert url("disclosure_request", asked.pk) in text(client.get(url("request_package", request.pk, package.pk)))


def test_what_two_persons_approved_of_a_package_is_handed_over_on_its_page(client, case, resident, officer, staff):  # noqa: F811
    request = case("portability")
    package = built(prepared(client, request))
    set_non_disclosure(person=resident, since=date(2026, 1, 1), until=None, reported_by="virasto", by=officer)
    page = url("request_package_hand_over", request.pk, package.pk)
    client.post(page, {"way": "link", "why": "her own request"})
    asked = DisclosureRequest.objects.get()
    for _n in range(2):
        say_word(request=asked, approved=True, by=staff("privacy_officer"))

    shown = text(client.get(url("disclosure_request", asked.pk)))

    assert url("request_package", request.pk, package.pk) in shown
    assert url("disclosure_request_release", asked.pk) not in shown
    assert client.post(page, {"way": "link"})["Location"] == url("request", request.pk)


def test_a_failed_one_is_built_again_and_one_that_is_not_wanted_is_emptied(client, case):  # noqa: F811
    request = case("portability")
    package = prepared(client, request)
    Package.objects.update(state="failed", fault="MemoryError")
    own = url("request_package", request.pk, package.pk)
    assert "could not be built" in text(client.get(own))

    client.post(url("request_package_build", request.pk, package.pk))
    assert built(package).state == "ready"
    client.post(url("request_package_discard", request.pk, package.pk))

    row = Package.objects.get()
    assert (row.state, row.content) == ("expired", None)
    assert "it is empty" in text(client.get(own))


@pytest.mark.django_db(transaction=True)
def test_preparing_asks_a_worker(client, case):  # noqa: F811
    forget_tasks()
    package = prepared(client, case("portability"))

    assert ("rights.tasks.build_package", [package.pk], {}) in tasks()


def test_only_access_and_portability_have_packages(client, case):  # noqa: F811
    request = case("erasure")

    assert "package/new" not in text(client.get(url("request", request.pk)))
    assert "not what was asked" in text(client.post(url("request_package_new", request.pk), {"language": "fi"}))


def test_a_package_of_another_case_is_not_there(client, case):  # noqa: F811
    package = prepared(client, case())

    assert client.get(url("request_package", case("other").pk, package.pk)).status_code == 404


def test_a_link_that_would_be_refused_is_not_offered(client, case, resident, officer):  # noqa: F811
    request = case("portability", means="call_back", confirmed_at=None)
    package = built(prepared(client, request))
    page = url("request_package_hand_over", request.pk, package.pk)
    assert 'value="link"' in text(client.get(page))

    set_non_disclosure(person=resident, since=date(2026, 1, 1), until=None, reported_by="virasto", by=officer)

    shown = text(client.get(page))
    assert 'value="link"' not in shown
    assert "Nobody has confirmed the email address of this request" in shown
    assert "Nobody has confirmed" in text(client.post(page, {"way": "link", "why": "her own request"}))


def test_who_has_asked_for_a_link_that_no_longer_goes_asks_for_paper(client, case, resident, officer):  # noqa: F811
    request = case("portability")
    package = built(prepared(client, request))
    set_non_disclosure(person=resident, since=date(2026, 1, 1), until=None, reported_by="virasto", by=officer)
    page = url("request_package_hand_over", request.pk, package.pk)
    client.post(page, {"way": "link", "why": "her own request"})
    assert 'name="why"' not in text(client.get(page))

    SubjectRequest.objects.update(confirmed_at=None)

    assert 'name="why"' in text(client.get(page))
    client.post(page, {"way": "paper", "why": "her own request"})
    assert list(DisclosureRequest.objects.order_by("pk").values_list("evidence__handed_over", flat=True)) == [
        "link",
        "paper",
    ]


@pytest.mark.parametrize("protected", ["the person", "somebody in the home"])
def test_the_reason_is_asked_for_the_one_who_is_protected(client, case, resident, officer, protected):  # noqa: F811
    request = case("portability", whom="child", means="proxy")
    package = built(prepared(client, request))
    other = PersonFactory()
    ResidencyFactory(person=other, apartment=resident.residencies.get().apartment)
    hidden = resident if protected == "the person" else other
    set_non_disclosure(person=hidden, since=date(2026, 1, 1), until=None, reported_by="virasto", by=officer)

    shown = text(client.get(url("request_package_hand_over", request.pk, package.pk)))

    assert ("although the person is protected" in shown) is (protected == "the person")
    assert ("although it says where somebody" in shown) is (protected != "the person")
