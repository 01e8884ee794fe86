"""Cards of a person, requests for approval, notices to recipients, the export of the log: from page to page."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.acting import Program, acting
from consent.models import Purpose, Recipient
from disclosures.models import (
    Artefact,
    Disclosure,
    DisclosureRequest,
    NameBoardRemoval,
    OutsideRecipient,
    RecipientNotice,
)
from registers.models import AccessEntry
from registers.services.people import merge_persons
from registers.services.protection import set_non_disclosure
from tests.factories import OrganisationFactory, PersonFactory, ResidencyFactory
from tests.pages.browsing import post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client_of):
    client = client_of("privacy_officer")
    client.cookies["django_language"] = "en"
    return client


def card(office, **changes):
    purpose = Purpose.objects.get(controller=office.management, code="accountability")
    return {
        "house": "",
        "recipient_words": "",
        "outside_name": "Helsingin poliisilaitos",
        "section": "1050/2018 s.28",
        "case_number": "D-1",
        "in_writing": "on",
        "called_back": "on",
        "ground": "1050/2018 s.28",
        "purpose": purpose.pk,
        "fields_wanted": ["name", "phone"],
        "file": "csv",
    } | changes


def tell(client, office, person, kind="authority", **changes):
    return post(client, "disclose_card", person.pk, kind, **card(office, **changes))


def test_an_authority_gets_a_persons_card(office, manager):
    person = office.person
    assert "Answer an authority" in text_of(manager.get(reverse("admin:person", args=[person.pk])))
    asked = text_of(tell(manager, office, person))
    assert "What the registers say of Virtanen Aino is made as a file." in asked
    assert "It goes to: Helsingin poliisilaitos." in asked
    assert not Disclosure.objects.exists()
    assert not OutsideRecipient.objects.exists()

    done = tell(manager, office, person, confirm="1")

    record = Disclosure.objects.get()
    assert done.url == reverse("admin:disclosure", args=[record.pk])
    page = text_of(manager.get(done.url))
    for said in ("Helsingin poliisilaitos", "Case number of the request", "D-1", "The request came in writing", "yes"):
        assert said in page
    assert record.evidence["called_back"] is True
    log = text_of(manager.get(reverse("admin:disclosures") + f"?outside={OutsideRecipient.objects.get().pk}"))
    assert "Only what concerns Helsingin poliisilaitos." in log


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"called_back": ""}, "Call the authority back"),
        ({"in_writing": ""}, "The request must be in writing."),
        ({"section": " "}, "This field is required"),
        ({"outside_name": ""}, "Say by name who receives it."),
        ({"ground": ""}, "This field is required"),
        ({"fields_wanted": []}, "This field is required"),
        ({"fields_wanted": ["identity_code"]}, "Write why the document needs the personal identity code"),
        ({"case_number": "about 010190-999W"}, "identity code"),
        ({"house": "999999"}, "not one of the available choices"),
        ({"case_number": "x\0y"}, "Null characters"),
    ],
)
def test_a_mistake_on_a_card_is_named_and_nothing_leaves(office, manager, changes, says):
    response = tell(manager, office, office.person, confirm="1", **changes)

    assert response.status_code == 422
    assert says in text_of(response)
    assert not Disclosure.objects.exists()


def test_choosing_and_naming_the_receiver_at_once_is_refused(office, manager):
    court = OrganisationFactory(name="Käräjäoikeus", kind="public")

    response = tell(manager, office, office.person, confirm="1", recipient=court.pk)

    assert "not both" in text_of(response)
    assert tell(manager, office, office.person, confirm="1", recipient=court.pk, outside_name="").status_code == 302
    assert Disclosure.objects.get().organisation_key == court.pk


def test_the_person_gets_their_own_data(office, manager):
    told = tell(manager, office, office.person, "subject", identified_by="passport", ground="GDPR Art. 15", confirm="1")

    assert told.status_code == 302
    record = Disclosure.objects.get()
    assert (record.kind, record.recipient_person_key) == ("subject", office.person.pk)


def test_a_card_of_a_protected_person_without_the_right_is_refused(office, manager):
    assert manager.get(reverse("admin:disclose_card", args=[office.protected.pk, "authority"])).status_code == 403
    assert tell(manager, office, office.protected, confirm="1", why="x").status_code == 403
    assert not DisclosureRequest.objects.exists()


def test_a_protected_persons_card_waits_for_two_and_is_released_once(office, officer, manager, client_of):
    asked = tell(officer, office, office.protected, why="a missing person", confirm="1")
    request = DisclosureRequest.objects.get()
    assert asked.url == reverse("admin:disclosure_request", args=[request.pk])
    page = text_of(officer.get(asked.url))
    assert "2 approvals are missing." in page
    assert "a missing person" in page
    assert "1 disclosure waits for your word" in text_of(manager.get(reverse("admin:index")))
    assert post(officer, "disclosure_request_release", request.pk).url == asked.url
    assert not Disclosure.objects.exists()

    for client in (officer, manager):
        post(client, "disclosure_request_word", request.pk, word="approve")

    assert "1 approved disclosure to release" in text_of(officer.get(reverse("admin:index")))
    assert "Make the file" not in text_of(manager.get(asked.url))
    released = post(officer, "disclosure_request_release", request.pk)
    record = Disclosure.objects.get()
    assert released.url == reverse("admin:disclosure", args=[record.pk])
    assert "Approved by two persons" in text_of(officer.get(released.url))
    taken = post(officer, "disclosure_take", record.pk).content.decode()
    assert office.protected.phone in taken
    assert post(officer, "disclosure_request_release", request.pk).status_code == 302
    assert Disclosure.objects.count() == 1


def test_a_refusal_needs_its_reason_and_ends_the_request(office, officer, manager):
    pk = office.request.pk
    url = reverse("admin:disclosure_request", args=[pk])
    post(manager, "disclosure_request_word", pk, word="refuse")
    assert "Write why you refuse." in text_of(manager.get(url))
    post(manager, "disclosure_request_word", pk, word="refuse", note="no case number")

    page = text_of(manager.get(url))
    assert "no case number" in page
    assert "Approve</button>" not in page
    assert "Nothing waits." in text_of(manager.get(reverse("admin:disclosure_requests")))


def test_opening_a_request_is_a_look_at_its_person(office, manager):
    manager.get(reverse("admin:disclosure_request", args=[office.request.pk]))

    look = AccessEntry.objects.get(page="disclosure_request")
    assert (look.person_key, look.hidden) == (office.protected.pk, True)


def test_a_notice_goes_from_the_desk_to_its_letter_and_is_closed(office, manager):
    notice = office.recipient_notice
    assert "1 recipient to be told of a change" in text_of(manager.get(reverse("admin:index")))
    assert office.person.full_name in text_of(manager.get(reverse("admin:recipient_notices")))
    url = reverse("admin:recipient_notice", args=[notice.pk])
    assert "Rectified" in text_of(manager.get(url))

    letter = post(manager, "recipient_notice_letter", notice.pk, language="sv")

    record = Disclosure.objects.first()
    assert (record.what, letter.url) == ("notified", reverse("admin:disclosure", args=[record.pk]))
    assert post(manager, "disclosure_take", record.pk).content.startswith(b"%PDF")
    post(manager, "recipient_notice_close", notice.pk, state="told")
    assert RecipientNotice.objects.get().state == "told"
    assert "There are none." in text_of(manager.get(reverse("admin:recipient_notices")))
    post(manager, "recipient_notice_letter", notice.pk)
    assert "This notice is done already." in text_of(manager.get(url))
    post(manager, "recipient_notice_reopen", notice.pk)
    assert RecipientNotice.objects.get().state == "waiting"


def test_notices_are_closed_together_with_one_reason(office, manager):
    notice = office.recipient_notice
    back = post(manager, "recipient_notices_close", notice=[notice.pk, "x"], state="disproportionate")
    assert "Write why it is impossible" in text_of(manager.get(back.url))
    post(manager, "recipient_notices_close", notice=[notice.pk], state="disproportionate", reason="the firm has ended")

    done = text_of(manager.get(reverse("admin:recipient_notices") + "?state=disproportionate"))
    assert office.person.full_name in done


def test_lists_of_notices_and_requests_take_the_same_queries(office, manager, django_assert_num_queries):
    def counted(url):
        manager.get(url)
        with django_assert_num_queries(80, exact=False) as taken:
            manager.get(url)
        return len(taken)

    first = office.recipient_notice
    assert office.request
    urls = [reverse("admin:recipient_notices"), reverse("admin:disclosure_requests"), reverse("admin:index")]
    before = [counted(url) for url in urls]
    for _number in range(3):
        row = RecipientNotice.objects.get(pk=first.pk)
        row.pk, row.person_key = None, ResidencyFactory().person_id
        row.save(force_insert=True)
        asked = DisclosureRequest.objects.get(pk=office.request.pk)
        asked.pk, asked.person_key = None, ResidencyFactory().person_id
        asked.save(force_insert=True)

    assert [counted(url) for url in urls] == before


def test_the_log_is_filtered_and_its_rows_exported(office, manager):
    assert office.disclosure
    url = reverse("admin:disclosures")
    assert "Nothing fits the choice." in text_of(manager.get(url + "?kind=authority"))
    shown = text_of(manager.get(url + f"?kind=board&about={office.person.pk}"))
    assert f"controller/?kind=board&amp;about={office.person.pk}" in shown.replace("&amp;amp;", "&amp;")
    purpose = Purpose.objects.get(controller=office.management, code="accountability")
    export = reverse("admin:disclosures_export", args=["controller"]) + "?kind=board"
    sent = {
        "reason": "yearly report", "purpose": purpose.pk, "fields_wanted": ["name", "told_to"], "file": "csv",
        "ground": "GDPR Art. 5(2)", "confirm": "1",
    }  # fmt: skip

    done = manager.post(export, sent)

    record = Disclosure.objects.first()
    assert (record.kind, done.url) == ("controller", reverse("admin:disclosure", args=[record.pk]))
    assert office.person.full_name in post(manager, "disclosure_take", record.pk).content.decode()
    assert manager.get(reverse("admin:disclosures_export", args=["board"])).status_code == 404


def test_each_recipient_leads_to_everything_that_they_were_told(office, manager, django_assert_num_queries):
    url = reverse("admin:disclosures_recipients")
    assert "Nobody has been told anything yet." in text_of(manager.get(url))
    first, second = office._told(), office._told()
    tell(manager, office, office.person, confirm="1")
    reader = OutsideRecipient.objects.get()
    manager.get(url)
    with django_assert_num_queries(60, exact=False) as taken:
        page = text_of(manager.get(url))
    before = len(taken)

    assert page.index("Helsingin poliisilaitos") < page.index(f"{office.person.full_name}</a>")
    assert f"?outside={reader.pk}" in page
    log = text_of(manager.get(reverse("admin:disclosures") + f"?recipient={office.person.pk}"))
    assert all(f">{record.pk}</a>" in log for record in (first, second))
    assert f">{Disclosure.objects.get(kind='authority').pk}</a>" not in log
    for number in range(4):
        tell(manager, office, office.person, confirm="1", outside_name=f"Virasto {number}")
    manager.get(url)  # shows the messages of before
    with django_assert_num_queries(before):
        manager.get(url)


def test_merged_recipients_are_one(office, manager):
    first = office._told()
    keep = PersonFactory(last_name=office.person.last_name, first_names=office.person.first_names)
    merge_persons(keep=keep, remove=office.person, by=Program("tests"))

    page = text_of(manager.get(reverse("admin:disclosures_recipients")))

    assert page.count("?recipient=") == page.count(f"?recipient={keep.pk}") == 1
    log = text_of(manager.get(reverse("admin:disclosures") + f"?recipient={keep.pk}"))
    assert f">{first.pk}</a>" in log


def debt(office, firm, **changes):
    purpose = Purpose.objects.get(controller=office.management, code="collection")
    return {
        "house": office.company.pk, "recipient": firm.pk, "assignment": "P-1", "due_on": "1.1.2026",
        "reminded_on": "1.2.2026", "undisputed": "on", "ground": "1050/2018 s.29(2)", "purpose": purpose.pk,
        "fields_wanted": ["name", "address"], "file": "pdf",
    } | changes  # fmt: skip


@pytest.fixture
def agency(office):
    firm = OrganisationFactory(name="Perintä Oy")
    with acting(Program("tests")):
        Recipient.objects.create(
            controller=office.management, organisation=firm, recipient_class="collection", categories=["identity"],
            service={"fi": "a", "sv": "b", "en": "c"}, agreement_on=date(2025, 1, 1), review_on=date(2099, 1, 1),
        )  # fmt: skip
    return firm


def test_a_debtor_is_handed_over_to_a_collection_agency_with_the_evidence_of_the_debt(office, manager, agency):
    sent = debt(office, agency, confirm="1")

    done = post(manager, "disclose_card", office.person.pk, "collection", **sent)

    record = Disclosure.objects.get()
    assert (record.kind, record.organisation_key) == ("collection", agency.pk)
    assert record.evidence == {
        "assignment": "P-1", "due_on": "2026-01-01", "reminded_on": "2026-02-01", "undisputed": True
    }  # fmt: skip
    page = text_of(manager.get(done.url))
    for said in ("Perintä Oy", "P-1", "The debt was due on", "A reminder was sent on", "has not disputed"):
        assert said in page
    assert post(manager, "disclosure_take", record.pk).content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"due_on": "1.1.2099"}, "The debt is not overdue."),
        ({"reminded_on": "31.12.2025"}, "A reminder must have been sent after the due date"),
        ({"undisputed": ""}, "A disputed debt is not handed over."),
        ({"assignment": ""}, "This field is required"),
        ({"recipient": "999999"}, "not one of the available choices"),
        ({"fields_wanted": ["phone"]}, "not one of the available choices"),
    ],
)
def test_what_is_missing_of_a_debt_is_named_and_nothing_leaves(office, manager, agency, changes, says):
    sent = debt(office, agency, confirm="1", **changes)

    response = post(manager, "disclose_card", office.person.pk, "collection", **sent)

    assert response.status_code == 422
    assert says in text_of(response)
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    "query", ["company=-1", "about=x", "since=yesterday", "kind=neighbour", "recipient=" + "9" * 40]
)
def test_a_choice_that_can_not_be_read_is_left_out(office, manager, query):
    assert office.disclosure

    response = manager.get(reverse("admin:disclosures") + "?" + query)

    assert response.status_code == 200
    assert office.person.full_name in text_of(response)


def test_off_the_name_boards_and_on_them_again(office, manager):
    post(manager, "name_boards", office.person.pk)
    assert NameBoardRemoval.objects.get().person == office.person
    assert "Off the name boards since" in text_of(manager.get(reverse("admin:person", args=[office.person.pk])))
    post(manager, "name_boards", office.person.pk, to="on")
    assert not NameBoardRemoval.objects.exists()


def test_customer_service_tells_but_reads_no_log(office, client_of):
    client = client_of("customer_service")
    client.cookies["django_language"] = "en"
    assert office.disclosure

    page = text_of(client.get(reverse("admin:person", args=[office.person.pk])))

    assert "Tell somebody" in page
    assert "annual meeting" not in page


def test_an_identity_code_in_a_form_is_refused_and_not_shown_again(office, manager):
    response = tell(
        manager, office, office.person, confirm="1", outside_name="Koodi 010190-999W", section="010190-999W"
    )

    assert response.status_code == 422
    assert "Write no personal identity code here." in text_of(response)
    assert "010190" not in text_of(response)
    assert not OutsideRecipient.objects.exists()


def test_the_page_before_says_of_how_many_where_and_on_which_ground(office, manager):
    purpose = Purpose.objects.get(controller=office.management, code="charges")
    sent = {
        "recipient": office.person.pk, "reason": "annual meeting", "purpose": purpose.pk, "fields_wanted": ["name"],
        "building": office.building.pk, "staircase": "A", "file": "csv", "ground": "GDPR Art. 6(1)(f)",
    }  # fmt: skip

    page = text_of(post(manager, "disclose", office.company.pk, "board", **sent))

    assert "It is about 1 person." in page
    assert "Rantatie 5" in page
    assert "Ground: GDPR Art. 6(1)(f)." in page


def test_the_log_hides_where_a_protected_person_lives_from_who_may_not_know(office, manager, officer):
    resident = ResidencyFactory(apartment=office.apartment, moved_in=date(2022, 1, 1)).person
    record = office._told()
    pages = [
        reverse("admin:disclosure", args=[record.pk]),
        reverse("admin:disclosures") + f"?about={resident.pk}",
    ]
    for url in pages:
        assert resident.full_name in text_of(manager.get(url))

    set_non_disclosure(person=resident, since=date(2026, 1, 1), until=None, reported_by="dvv", by=Program("tests"))

    for url in pages:
        assert resident.full_name not in text_of(manager.get(url))
        assert "a person under a non-disclosure order" in text_of(manager.get(url))
        assert resident.full_name in text_of(officer.get(url))


def test_a_file_with_somebody_who_became_protected_is_deleted(office, manager):
    resident = ResidencyFactory(apartment=office.apartment, moved_in=date(2022, 1, 1)).person
    purpose = Purpose.objects.get(controller=office.management, code="charges")
    sent = {
        "recipient": office.person.pk, "reason": "annual meeting", "purpose": purpose.pk, "fields_wanted": ["name"],
        "building": "", "staircase": "", "file": "csv", "ground": "GDPR Art. 6(1)(f)", "confirm": "1",
    }  # fmt: skip
    post(manager, "disclose", office.company.pk, "board", **sent)
    record = Disclosure.objects.get()
    set_non_disclosure(person=resident, since=date(2026, 1, 1), until=None, reported_by="dvv", by=Program("tests"))

    back = post(manager, "disclosure_take", record.pk)

    page = text_of(manager.get(back.url))
    assert "it was deleted" in page
    assert "never taken out" in page
    assert Artefact.objects.get().content is None


def test_what_no_exception_is_foreseen_for_is_not_offered(office, officer):
    page = text_of(officer.get(reverse("admin:person", args=[office.protected.pk])))
    assert "Answer an authority" in page
    assert "Tell a maintenance firm" not in page
    url = reverse("admin:disclose_card", args=[office.protected.pk, "maintenance"])
    assert officer.get(url).url == reverse("admin:person", args=[office.protected.pk])


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "9" * 5000},
        {"recipient_words": "a" * 10_000, "search": "1"},
        {"recipient": ["1", "2"], "house": "-1"},
        {"purpose": "9" * 5000},
        {"outside_name": "\0"},
    ],
)
def test_no_bad_input_of_a_card_is_a_fault_of_ours(office, manager, changes):
    assert tell(manager, office, office.person, confirm="1", **changes).status_code in (200, 422)
    assert not Disclosure.objects.exists()


def test_a_long_key_of_a_notice_is_left_out(office, manager):
    assert post(manager, "recipient_notices_close", notice=["9" * 5000], state="told").status_code == 302


def test_a_form_that_is_sent_twice_is_done_once(office, manager):
    form = text_of(manager.get(reverse("admin:disclose_card", args=[office.person.pk, "authority"])))
    number = form.split('name="once" value="')[1].split('"')[0]
    asked = text_of(tell(manager, office, office.person, once=number))
    assert number in asked

    first = tell(manager, office, office.person, once=number, confirm="1")
    second = tell(manager, office, office.person, once=number, confirm="1")

    assert first.url == second.url
    assert Disclosure.objects.count() == 1
    assert tell(manager, office, office.person, confirm="1").url != first.url


def test_a_form_that_was_refused_is_sent_again(office, manager):
    number = "a" * 32
    refused = tell(manager, office, office.person, once=number, confirm="1", called_back="")
    assert refused.status_code == 422

    assert tell(manager, office, office.person, once=number, confirm="1").status_code == 302


def test_a_second_click_makes_no_second_letter(office, manager):
    notice = office.recipient_notice

    first = post(manager, "recipient_notice_letter", notice.pk, language="fi")
    second = post(manager, "recipient_notice_letter", notice.pk, language="fi")

    assert first.url == second.url
    assert Disclosure.objects.filter(what="notified").count() == 1


def test_a_form_is_done_also_when_the_cache_does_not_answer(office, manager, settings, tmp_path):
    assert office.management
    nowhere = settings.CACHES["default"] | {"LOCATION": f"unix://{tmp_path}/nobody.sock"}
    settings.CACHES = {"default": nowhere}

    assert tell(manager, office, office.person, once="b" * 32, confirm="1").status_code == 302
    assert Disclosure.objects.count() == 1


def test_the_desk_opens_also_when_the_cache_does_not_answer(office, officer, settings, tmp_path):
    nowhere = settings.CACHES["default"] | {"LOCATION": f"unix://{tmp_path}/nobody.sock"}
    settings.CACHES = {"default": nowhere}

    assert officer.get(reverse("admin:index")).status_code == 200
