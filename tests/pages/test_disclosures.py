"""Lists that leave, from the company's page to the log."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.acting import Program, acting
from consent.models import Purpose, Recipient
from consent.services.controllers import establish_controller
from disclosures.models import Disclosure
from disclosures.tasks import write_head
from tests.disclosures.test_chain import as_owner
from tests.factories import ApartmentFactory, OrganisationFactory, PersonFactory, ResidencyFactory
from tests.pages.browsing import post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def purpose(office):
    return Purpose.objects.get(controller=office.management, code="charges")


def facts(office, purpose, **changes):
    return {
        "recipient": office.person.pk,
        "reason": "annual meeting",
        "purpose": purpose.pk,
        "fields_wanted": ["name", "apartment"],
        "building": "",
        "staircase": "",
        "file": "csv",
    } | changes


def test_a_list_for_the_board_from_the_companys_page_to_the_log(office, manager, purpose):
    assert "Resident list for the board" in text_of(manager.get(reverse("admin:company", args=[office.company.pk])))
    asked = post(manager, "disclose", office.company.pk, "board", **facts(office, purpose))
    assert "The disclosure is recorded for good." in text_of(asked)
    assert not Disclosure.objects.exists()

    done = post(manager, "disclose", office.company.pk, "board", **facts(office, purpose, confirm="1"))

    record = Disclosure.objects.get()
    assert done.url == reverse("admin:disclosure", args=[record.pk])
    page = text_of(manager.get(done.url))
    assert "Take the file out" in page
    assert "annual meeting" in page
    taken = post(manager, "disclosure_take", record.pk)
    assert taken["Content-Disposition"] == f'attachment; filename="disclosure-{record.pk}.csv"'
    assert office.person.last_name in taken.content.decode()
    assert "Salainen" not in taken.content.decode()
    again = manager.get(post(manager, "disclosure_take", record.pk).url)
    assert "taken already" in text_of(again)
    log = text_of(manager.get(reverse("admin:disclosures")))
    assert office.person.full_name in log
    told = text_of(manager.get(reverse("admin:person", args=[office.person.pk])))
    assert "Who has been told about this person" in told
    assert "name, apartment" in told


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"recipient": ""}, "This field is required"),
        ({"recipient": "999999"}, "not one of the available choices"),
        ({"reason": ""}, "This field is required"),
        ({"reason": "010190-999W"}, "identity code"),
        ({"fields_wanted": ["identity_code"]}, "not one of the available choices"),
        ({"fields_wanted": []}, "This field is required"),
        ({"purpose": "x"}, "not one of the available choices"),
        ({"building": "-1"}, "not one of the available choices"),
        ({"file": "exe"}, "not one of the available choices"),
    ],
)
def test_a_mistake_is_named_and_nothing_leaves(office, manager, purpose, changes, says):
    sent = facts(office, purpose) | {"confirm": "1"} | changes
    response = post(manager, "disclose", office.company.pk, "board", **sent)

    assert response.status_code == 422
    assert says in text_of(response)
    assert not Disclosure.objects.exists()


def test_a_kind_that_is_none_is_not_found(office, manager):
    for kind in ("authority", "neighbour"):
        assert manager.get(reverse("admin:disclose", args=[office.company.pk, kind])).status_code == 404


def test_a_contact_list_of_a_staircase_goes_to_a_processor_of_messages(office, manager):
    firm = OrganisationFactory(name="Postitus Oy")
    with acting(Program("tests")):
        Recipient.objects.create(
            controller=office.management, organisation=firm, recipient_class="messages", agreement_on=date(2025, 1, 1),
            service={"fi": "a", "sv": "b", "en": "c"}, categories=["contact"], review_on=date(2099, 1, 1),
        )  # fmt: skip
    purpose = Purpose.objects.get(controller=office.management, code="informing")
    page = text_of(manager.get(reverse("admin:company", args=[office.company.pk])))
    assert "Contact list for messages or post" in page
    sent = facts(
        office, purpose, recipient=firm.pk, reason="water cut", staircase="A", building=office.building.pk,
        fields_wanted=["name", "email", "phone"],
    )  # fmt: skip
    assert "It goes to: Postitus Oy." in text_of(post(manager, "disclose", office.company.pk, "messages", **sent))

    done = post(manager, "disclose", office.company.pk, "messages", **sent, confirm="1")

    assert "Postitus Oy" in text_of(manager.get(done.url))
    record = Disclosure.objects.get()
    assert (record.kind, record.organisation_key, record.fields) == ("messages", firm.pk, ["name", "email", "phone"])
    assert office.person.email in post(manager, "disclosure_take", record.pk).content.decode()


@pytest.mark.parametrize(("kind", "says"), [("anyone", True), ("entitled", True), ("board", False)])
def test_a_share_register_says_where_later_transfers_are_asked(office, manager, kind, says):
    page = text_of(manager.get(reverse("admin:disclose", args=[office.company.pk, kind])))

    assert ("are asked there (1329/2018)" in page) is says


def test_the_log_verifies_by_a_button(office, client_of):
    assert office.disclosure
    officer = client_of("privacy_officer")
    officer.cookies["django_language"] = "en"

    response = post(officer, "disclosures_verify")

    assert "1 disclosures are as they were sealed." in text_of(officer.get(response.url))


def test_the_button_names_the_first_broken_record_or_says_that_records_are_missing(
    office, client_of, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    record = office.disclosure
    write_head()
    officer = client_of("privacy_officer")
    officer.cookies["django_language"] = "en"

    as_owner("UPDATE disclosures_disclosure SET ground = 'another' WHERE id = %s", record.pk)
    said = text_of(officer.get(post(officer, "disclosures_verify").url))
    assert f"The log is broken at disclosure {record.pk}:" in said

    as_owner("DELETE FROM disclosures_disclosure")
    as_owner("DELETE FROM disclosures_seal")
    said = text_of(officer.get(post(officer, "disclosures_verify").url))
    assert "The log is broken: records are missing." in said


def test_another_ones_disclosure_is_not_for_customer_service(office, client_of):
    assert (
        client_of("customer_service").get(reverse("admin:disclosure", args=[office.disclosure.pk])).status_code == 403
    )


def test_the_log_takes_the_same_queries_for_any_number(office, manager, purpose, django_assert_num_queries):
    def make():
        post(manager, "disclose", office.company.pk, "board", **facts(office, purpose, confirm="1"))

    make()
    urls = [reverse("admin:disclosures"), reverse("admin:person", args=[office.person.pk])]
    counts = []
    for _round in range(2):
        for url in urls:
            manager.get(url)
            with django_assert_num_queries(60, exact=False) as taken:
                manager.get(url)
            counts.append(len(taken))
        for _number in range(4):
            make()

    assert counts[:2] == counts[2:]


def test_a_long_record_names_its_first_people_and_counts_the_rest(office, manager, purpose, monkeypatch):
    monkeypatch.setattr("disclosures.admin.log.SHOWN_PEOPLE", 2)
    for number in range(4):
        home = ApartmentFactory(building=office.building, number=100 + number)
        ResidencyFactory(apartment=home, person=PersonFactory())
    post(manager, "disclose", office.company.pk, "board", **facts(office, purpose, confirm="1"))

    page = text_of(manager.get(reverse("admin:disclosure", args=[Disclosure.objects.get().pk])))

    assert "And 3 more." in page


def test_a_companys_own_purpose_is_offered_in_place_of_the_management_companys(office, manager, purpose):
    before = manager.get(reverse("admin:disclose", args=[office.company.pk, "board"])).context["form"]
    assert str(purpose.pk) in before.versions

    own = establish_controller(housing_company=office.company, by=Program("tests"))

    after = manager.get(reverse("admin:disclose", args=[office.company.pk, "board"])).context["form"]
    assert str(purpose.pk) not in after.versions
    assert str(Purpose.objects.get(controller=own, code="charges").pk) in after.versions
