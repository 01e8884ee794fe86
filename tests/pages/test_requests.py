"""Requests of data subjects in the office: the list, a case from its receipt to its letter, letters, figures."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registers.dates import day
from registers.models import AccessEntry
from rights.admin.cases import letter_initial
from rights.models import Attachment, LetterTemplate, RequestMessage, SubjectRequest
from rights.services.fulfilling import propose
from tests.factories import ProtectedPersonFactory, SubjectRequestFactory
from tests.mail.letters import letters
from tests.retention.conftest import house, management  # noqa: F401
from tests.rights.conftest import case, letter, officer, resident  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def office_client(client_of, officer):  # noqa: F811
    made = client_of(officer)
    made.cookies["django_language"] = "en"
    return made


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def now(request) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=request.pk)


def confirmed(client, address, facts):
    """Both steps; by link, where the letter asks how it is sent."""
    facts = {"sent_by": "link"} | facts
    shown = client.post(address, facts)
    assert shown.status_code == 200, text(shown)
    assert "This will happen" in text(shown)
    return client.post(address, facts | {"confirm": "1"})


def test_a_request_by_phone_is_recorded_with_its_day_of_receipt(office_client):
    day = timezone.localdate() - timedelta(days=3)
    facts = {
        "channel": "phone", "received_on": day.isoformat(), "right": "erasure", "whom": "self", "name": "Aino Virtanen",
        "answer_by": "paper", "language": "sv", "message": "Poistakaa tietoni",
    }  # fmt: skip
    response = office_client.post(url("request_new"), facts)

    request = SubjectRequest.objects.get()
    assert response["Location"] == url("request", request.pk)
    assert (request.received_on, request.channel, request.state) == (day, "phone", "received")
    assert "Poistakaa tietoni" in text(office_client.get(url("request", request.pk)))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"received_on": "2999-01-01"}, "between 1850 and 2100"),
        ({"received_on": (timezone.localdate() + timedelta(days=2)).isoformat()}, "not later than now"),
        ({"answer_by": "link"}, "needs an email address"),
        ({"whom": "child"}, "for whom the request is made"),
        ({"right": "everything"}, "not one of the available choices"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_with_a_recorded_request_is_said_at_its_field(office_client, wrong, says):
    facts = {
        "channel": "phone", "received_on": timezone.localdate().isoformat(), "right": "erasure", "whom": "self",
        "name": "Aino Virtanen", "answer_by": "paper", "language": "fi",
    }  # fmt: skip
    response = office_client.post(url("request_new"), facts | wrong)

    assert response.status_code == 422
    assert says in text(response)
    assert not SubjectRequest.objects.exists()


def test_the_list_shows_open_ones_by_their_day_and_overdue_ones_in_words(office_client, case):  # noqa: F811
    late = case(received=timezone.now() - timedelta(days=45))
    fresh = case("erasure")
    closed = case(state="closed", outcome="withdrawn", closed_at=timezone.now())
    waiting = SubjectRequestFactory(state="unconfirmed")

    shown = text(office_client.get(url("requests")))

    assert shown.index(late.reference) < shown.index(fresh.reference)
    assert "overdue" in shown
    assert closed.reference not in shown
    assert waiting.reference not in shown
    assert closed.reference in text(office_client.get(url("requests") + "?show=closed"))
    assert late.reference not in text(office_client.get(url("requests") + "?right=erasure"))
    assert fresh.reference in text(office_client.get(url("requests") + f"?q={fresh.reference.lower()}"))


@pytest.mark.parametrize("query", ["?show=nothing", "?right=x", "?q=%00", "?page=99", "?q=" + "A" * 400, "?page=-1"])
def test_a_strange_query_is_no_fault(office_client, case, query):  # noqa: F811
    case()

    assert office_client.get(url("requests") + query).status_code in {200, 400}


def test_the_list_takes_the_same_queries_for_many(office_client, case, django_assert_max_num_queries):  # noqa: F811
    for _ in range(30):
        case()
    with django_assert_max_num_queries(12):
        office_client.get(url("requests"))


def test_the_way_of_a_request_from_a_name_to_its_refusal(office_client, case, resident, officer):  # noqa: F811
    request = case(matched=False)

    suggested = text(office_client.get(url("request_match", request.pk)))
    assert "same name, same email address" in suggested
    office_client.post(url("request_match", request.pk), {"person": resident.pk, "person_words": ""})
    assert now(request).person_key == resident.pk
    office_client.post(url("request_identify", request.pk), {"means": "contact"})
    assert now(request).state == "working"
    assert "identified" in text(office_client.get(url("request", request.pk)))

    choose = url("request_close", request.pk)
    assert office_client.post(choose, {"outcome": "refused"}).status_code == 422
    how = {"outcome": "refused", "grounds": ["excessive"]}
    form = office_client.post(choose, how)
    assert "Perusteet" in text(form)
    assert "tietosuoja-asetuksen 12 artiklan 5 kohta" in text(form)
    initial = form.context["form"].initial
    response = confirmed(office_client, choose, initial | how | {"chosen": "1"})

    assert response["Location"] == url("request", request.pk)
    assert (now(request).outcome, now(request).refused_because) == ("refused", ["excessive"])
    message = RequestMessage.objects.get()
    assert "tietosuoja.fi" in message.text.reveal()
    shown = text(office_client.get(url("request_message", request.pk, message.pk)))
    assert "Perusteet" in shown


def test_corrections_are_shown_beside_what_the_register_says(office_client, case, resident, officer):  # noqa: F811
    request = case("rectification")
    (row,) = propose(request=request, changes={"last_name": "Virta"}, by=officer)
    page = url("request_corrections", request.pk)
    shown = text(office_client.get(page))
    assert "Virtanen" in shown
    assert "Virta<" in shown

    office_client.post(page, {"proposal": [row.pk]})

    resident.refresh_from_db()
    assert resident.last_name == "Virta"
    assert office_client.post(page, {"proposal": ["x", "9" * 30]}).status_code == 200


def test_more_is_asked_with_the_letter_seen_before(office_client, case):  # noqa: F811
    request = case(identified=False)
    page = url("request_ask", request.pk)
    facts = office_client.get(page).context["form"].initial | {"because": "two people of this name", "suspend": "on"}

    response = confirmed(office_client, page, facts)

    assert response.status_code == 302
    assert now(request).state == "identifying"
    assert "stands still" in text(office_client.get(url("request", request.pk)))
    office_client.post(url("request_resume", request.pk))
    assert "time stands still: waits" not in text(office_client.get(url("request", request.pk)))


def test_time_is_extended_with_its_reason(office_client, case):  # noqa: F811
    request = case()
    page = url("request_extend", request.pk)
    facts = office_client.get(page).context["form"].initial | {"because": "many registers"}

    confirmed(office_client, page, facts)

    assert now(request).extended_because == "many registers"
    assert "extended; first date" in text(office_client.get(url("request", request.pk)))


def test_a_message_is_previewed_kept_and_told_of_by_a_link(office_client, case):  # noqa: F811
    request = case()
    page = url("request_write", request.pk)
    facts = {"subject": "Kysymys", "text": "Missä asuitte?", "sent_by": "link"}

    shown = office_client.post(page, facts)
    assert "Missä asuitte?" in text(shown)
    assert not RequestMessage.objects.exists()
    office_client.post(page, facts | {"confirm": "1"})

    assert RequestMessage.objects.get().text.reveal() == "Missä asuitte?"
    assert "Missä" not in letters()[-1].text


def test_handler_note_and_reopening(office_client, case, officer):  # noqa: F811
    request = case()
    office_client.post(url("request_handler", request.pk), {"handler": officer.pk})
    office_client.post(url("request_note", request.pk), {"note": "Soitettu 12.30"})
    assert now(request).handler == officer
    assert "Soitettu 12.30" in text(office_client.get(url("request", request.pk)))
    assert office_client.post(url("request_note", request.pk), {"note": ""}).status_code == 422

    page, how = url("request_close", request.pk), {"outcome": "withdrawn"}
    asked = office_client.post(page, how)
    assert (asked.status_code, now(request).state) == (200, "working")  # the letter is the second step
    confirmed(office_client, page, asked.context["form"].initial | how | {"chosen": "1"})
    assert now(request).outcome == "withdrawn"
    office_client.post(url("request_reopen", request.pk), {"because": "asks again"})
    assert now(request).state == "working"


def test_the_details_of_an_open_request_are_corrected_in_it_alone(office_client, case, resident):  # noqa: F811
    request = case(confirmed_at=timezone.now())
    page = url("request_details", request.pk)
    assert "aino.virtanen@example.com" in text(office_client.get(page))
    facts = {"name": "Aino Virta", "email": "uusi@example.com", "phone": "", "address": "", "answer_by": "link"}

    assert office_client.post(page, facts | {"email": ""}).status_code == 422
    assert office_client.post(page, facts)["Location"] == url("request", request.pk)

    assert (now(request).email.reveal(), now(request).confirmed_at) == ("uusi@example.com", None)
    resident.refresh_from_db()
    assert resident.email == "aino.virtanen@example.com"


def test_an_answer_by_phone_is_recorded_and_the_time_goes_on(office_client, case):  # noqa: F811
    request = case(identified=False)
    ask = url("request_ask", request.pk)
    facts = {"because": "two of the name", "suspend": "on", "confirm": "1"}
    office_client.post(ask, office_client.get(ask).context["form"].initial | facts)
    assert request.suspensions.filter(until=None).count() == 1

    answer = office_client.post(url("request_answer", request.pk), {"text": "Asui talossa 2015-2019"})

    assert answer["Location"] == url("request", request.pk)
    assert request.messages.get(direction="in").text.reveal() == "Asui talossa 2015-2019"
    assert not request.suspensions.filter(until=None).exists()


def test_the_reason_of_an_extension_is_the_one_that_is_told(office_client, case):  # noqa: F811
    request = case()
    page = url("request_extend", request.pk)
    form = office_client.get(page).context["form"]
    facts = {
        "because": "aineistoa on kymmeneltä vuodelta",
        "subject": form.initial["subject"],
        "text": form.initial["text"],
    }

    office_client.post(page, facts | {"confirm": "1"})

    assert "Syy: aineistoa on kymmeneltä vuodelta" in request.messages.get().text.reveal()
    assert now(request).extended_because == "aineistoa on kymmeneltä vuodelta"


def test_a_request_whose_address_waits_for_its_code_is_not_there(office_client, case):  # noqa: F811
    assert (
        office_client.get(url("request", case(state="unconfirmed", means="", identified_at=None).pk)).status_code == 404
    )


def test_an_attachment_is_a_download_that_runs_nothing_and_can_be_removed(office_client, case):  # noqa: F811
    request = case(identified=False)
    found = Attachment.objects.create(
        request=request, media_type="image/png", size=4, sha256="0" * 64, content=b"\x89PNG"
    )
    page = url("request_attachment", request.pk, found.pk)

    response = office_client.get(page)
    assert response.content == b"\x89PNG"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response["Content-Security-Policy"]
    office_client.post(url("request_attachment_remove", request.pk, found.pk))
    assert office_client.get(page).status_code == 404
    assert office_client.get(url("request_attachment", case().pk, found.pk)).status_code == 404


def test_restricting_marketing_weighing_and_consents_each_have_their_page(office_client, case, resident):  # noqa: F811
    objection, restriction = case("objection"), case("restriction")
    office_client.post(url("request_marketing", objection.pk))
    purpose = office_client.get(url("request_weigh", objection.pk)).context["form"].fields["purpose"].queryset.first()
    facts = {"purpose": purpose.pk, "upheld": "no", "reasoning": "a claim is pending"}
    assert office_client.post(url("request_weigh", objection.pk), facts).status_code == 302
    assert list(objection.steps.values_list("did", flat=True).order_by("pk")) == ["objected", "outweighed"]

    office_client.post(url("request_restrict", restriction.pk), {"because": "contested"})
    resident.refresh_from_db()
    assert resident.restricted_at is not None
    page = url("request_lift", restriction.pk)
    confirmed(office_client, page, office_client.get(page).context["form"].initial)
    assert "has not opened the letter" in text(office_client.post(page))
    resident.refresh_from_db()
    assert resident.restricted_at is not None
    RequestMessage.objects.update(read_at=timezone.now())
    assert "has opened the letter" in text(office_client.get(page))
    office_client.post(page)
    resident.refresh_from_db()
    assert resident.restricted_at is None
    assert "No consent of theirs" in text(office_client.get(url("request_consents", case("consent").pk)))


def test_erasing_on_request_says_what_is_kept_until_when(office_client, case):  # noqa: F811
    request = case("erasure")
    shown = text(office_client.get(url("request_erase", request.pk)))
    assert "while the person lives in" in shown

    response = office_client.post(url("request_erase", request.pk), follow=True)

    assert "Nothing can end yet" in text(response)


def test_opening_a_case_is_a_look_at_its_person(office_client, case, resident, officer):  # noqa: F811
    request = case()
    office_client.get(url("request", request.pk))

    assert AccessEntry.objects.filter(person_key=resident.pk, user_key=officer.pk, page="request").exists()


def test_a_case_of_somebody_protected_is_closed_to_who_may_not_see_them(case, client_of):  # noqa: F811
    hidden = ProtectedPersonFactory()
    request = case(person_key=hidden.pk)
    manager, officers = client_of("manager"), client_of("privacy_officer")

    assert manager.get(url("request", request.pk)).status_code == 403
    assert officers.get(url("request", request.pk)).status_code == 200


def test_letters_are_changed_in_all_languages_or_not_at_all(office_client):
    page = url("letter_change", "refusal")
    facts = {
        f"{field}_{n}": f"{{name}} {{grounds}} {{remedies}} {n}"
        for field in ("subject", "text")
        for n in ("fi", "sv", "en")
    }
    assert office_client.post(page, facts | {"text_sv": ""}).status_code == 422
    assert office_client.post(page, facts | {"text_sv": "{name}"}).status_code == 422
    assert not LetterTemplate.objects.exists()

    assert office_client.post(page, facts).status_code == 302
    assert "version 1" in text(office_client.get(url("letters")))
    assert office_client.get(url("letter_change", "nothing-such")).status_code == 404


def test_figures_and_the_yearly_report(office_client, case):  # noqa: F811
    moment = timezone.now()
    case(received=moment - timedelta(days=10), state="closed", outcome="fulfilled", closed_at=moment)
    case(received=moment - timedelta(days=45), state="closed", outcome="refused", refused_because=["excessive"],
         closed_at=moment)  # fmt: skip
    case("erasure", state="closed", outcome="duplicate", closed_at=moment)
    year = (moment - timedelta(days=10)).year

    page = office_client.get(url("request_figures"))
    found = page.context["figures"]
    assert (found.received, found.closed, found.refused, found.late, found.median_days) == (2, 2, 1, 1, 27.5)
    report = office_client.get(url("request_report", year))
    assert report["Content-Type"] == "application/pdf"
    assert report.content.startswith(b"%PDF")
    assert office_client.get(url("request_report", 9999)).status_code == 404


def test_the_desk_names_what_is_overdue_soon_and_answered(office_client, case):  # noqa: F811
    case(received=timezone.now() - timedelta(days=45))
    case(received=timezone.now() - timedelta(days=27))

    shown = text(office_client.get(reverse("admin:index")))

    assert "1 request is overdue" in shown
    assert "1 request is due within a week" in shown
    assert "2 requests wait for a handler" in shown
    assert "open request is yours" not in shown


def test_the_desk_leads_to_ones_own_requests(office_client, case, officer):  # noqa: F811
    mine, other = case(handler=officer), case()

    assert "1 open request is yours" in text(office_client.get(reverse("admin:index")))

    listed = text(office_client.get(url("requests") + "?show=mine"))
    assert mine.reference in listed
    assert other.reference not in listed


def test_a_button_of_a_page_that_is_out_of_date_says_so(office_client, case):  # noqa: F811
    request = case(state="closed", outcome="withdrawn", closed_at=timezone.now())

    response = office_client.post(url("request_unmatch", request.pk), follow=True)

    assert "This request is not open." in text(response)
    assert now(request).person_key is not None


def test_a_restriction_is_lifted_after_its_case_was_closed(office_client, case, resident):  # noqa: F811
    request = case("restriction")
    office_client.post(url("request_restrict", request.pk), {"because": "contested"})
    SubjectRequest.objects.filter(pk=request.pk).update(state="closed", outcome="fulfilled", closed_at=timezone.now())
    page = url("request_lift", request.pk)
    assert page in text(office_client.get(url("request", request.pk)))

    confirmed(office_client, page, office_client.get(page).context["form"].initial)
    RequestMessage.objects.update(read_at=timezone.now())
    office_client.post(page)

    resident.refresh_from_db()
    assert resident.restricted_at is None
    assert page not in text(office_client.get(url("request", request.pk)))


def test_lifting_is_offered_in_the_case_that_restricted_alone(office_client, case):  # noqa: F811
    restriction, access = case("restriction"), case("access", state="closed", outcome="fulfilled",
                                                    closed_at=timezone.now())  # fmt: skip
    office_client.post(url("request_restrict", restriction.pk), {"because": "contested"})

    assert url("request_lift", access.pk) not in text(office_client.get(url("request", access.pk)))
    assert url("request_lift", restriction.pk) in text(office_client.get(url("request", restriction.pk)))


def test_lifting_is_offered_while_the_restriction_of_the_case_stands(office_client, case, officer):  # noqa: F811
    first, second = case("restriction"), case("restriction")
    page = url("request_lift", second.pk)
    office_client.post(url("request_restrict", first.pk), {"because": "contested"})

    assert url("request_lift", first.pk) in text(office_client.get(url("request", first.pk)))
    assert page not in text(office_client.get(url("request", second.pk)))  # open, and it has restricted nothing


def test_who_was_told_another_date_is_written_to_with_the_new_one(office_client, case):  # noqa: F811
    request = case(channel="letter")
    facts = letter_initial(request, "received") | {"sent_by": "link"}
    confirmed(office_client, url("request_write", request.pk) + "?letter=received", facts)
    received = request.received_on - timedelta(days=9)
    facts = {"right": "access", "whom": "self", "language": "fi", "because": "stamp", "received_on": received}

    answer = office_client.post(url("request_recorded", request.pk), facts)

    assert answer["Location"] == url("request_write", request.pk) + "?letter=dates"
    shown, due = office_client.get(answer["Location"]), day(now(request).due_on)
    assert f"and now it is {due}: tell them." in text(shown)
    assert due in shown.context["form"].initial["text"]


def test_who_was_told_no_date_is_not_written_to_for_another_one(office_client, case):  # noqa: F811
    request = case(channel="letter")
    received = request.received_on - timedelta(days=9)
    facts = {"right": "access", "whom": "self", "language": "fi", "because": "stamp", "received_on": received}

    assert office_client.post(url("request_recorded", request.pk), facts)["Location"] == url("request", request.pk)


def test_what_is_not_done_is_said_before_the_letter_is_written(office_client, case):  # noqa: F811
    request = case("restriction")

    response = office_client.post(url("request_close", request.pk), {"outcome": "fulfilled"})

    assert response.status_code == 422
    assert "This has not been done yet" in text(response)


def test_a_letter_on_paper_leads_to_its_page_to_be_printed(office_client, case):  # noqa: F811
    request = case("other", answer_by="paper")
    page, how = url("request_close", request.pk), {"outcome": "fulfilled"}
    facts = office_client.post(page, how).context["form"].initial | how | {"chosen": "1", "sent_by": "paper"}
    assert "Print it on the next page" in text(office_client.post(page, facts))

    response = office_client.post(page, facts | {"confirm": "1"})

    assert response["Location"] == url("request_message", request.pk, RequestMessage.objects.get().pk)
    assert letters() == []


@pytest.mark.parametrize(("name", "says"), [("request_extend", "Syy: {details}"), ("request_ask", "esimerkiksi")])
def test_what_a_letter_says_by_itself_is_in_the_language_of_the_request(office_client, case, name, says):  # noqa: F811
    form = office_client.get(url(name, case(identified=False).pk)).context["form"]

    assert says in form.initial["text"]


def test_a_case_is_taken_by_one_button(office_client, case, officer):  # noqa: F811
    request = case()
    page = url("request", request.pk)
    assert f'action="{url("request_handler", request.pk)}"' in text(office_client.get(page))

    office_client.post(url("request_handler", request.pk), {"handler": officer.pk})

    assert now(request).handler == officer
    assert f'action="{url("request_handler", request.pk)}"' not in text(office_client.get(page))


def test_nobody_is_offered_what_they_may_not_do(case, client_of):  # noqa: F811
    request, offered = case("erasure"), url("request_erase", case("erasure").pk).rsplit("/", 3)[-2]
    officers, managers = client_of("privacy_officer"), client_of("manager")

    assert f"{request.pk}/{offered}/" in text(officers.get(url("request", request.pk)))
    assert f"{request.pk}/{offered}/" not in text(managers.get(url("request", request.pk)))
