"""What the office decides and records about a request, on its pages."""

import pytest
from django.utils import timezone

from accounts.acting import Program
from rights.models import RequestMessage, SubjectRequest
from rights.services.fulfilling import propose
from rights.services.messages import take_message
from tests.pages.test_requests import confirmed, now, office_client, text, url  # noqa: F401
from tests.retention.conftest import house, management  # noqa: F401
from tests.rights.asking import pdf, picture, upload
from tests.rights.conftest import case, letter, officer, resident  # noqa: F401

pytestmark = pytest.mark.django_db


def test_another_datum_is_written_down_and_told_when_it_was_corrected(office_client, case):  # noqa: F811
    request = case("rectification")
    page, add = url("request_corrections", request.pk), url("request_propose", request.pk)
    assert office_client.post(add, {"phone": ""}).status_code == 422
    assert office_client.post(add, {"other": "Muutin 1.6., en 1.5."})["Location"] == page
    row = request.proposals.get()
    shown = text(office_client.get(page))
    done = url("request_accept_other", request.pk, row.pk)
    assert "Muutin 1.6., en 1.5." in shown
    assert done in shown
    assert 'name="proposal"' not in shown

    assert office_client.post(done, {"note": ""}).status_code == 422
    assert office_client.post(done, {"note": "muuttopäivä 1.6.2024"})["Location"] == page

    choose, how = url("request_close", request.pk), {"outcome": "fulfilled"}
    initial = office_client.post(choose, how).context["form"].initial
    confirmed(office_client, choose, initial | how | {"chosen": "1"})
    assert now(request).outcome == "fulfilled"
    assert "muuttopäivä 1.6.2024" in RequestMessage.objects.get().text.reveal()


def test_a_field_of_the_person_is_not_told_as_corrected_elsewhere(office_client, case, officer):  # noqa: F811
    request = case("rectification")
    (row,) = propose(request=request, changes={"last_name": "Virta"}, by=officer)

    assert office_client.get(url("request_accept_other", request.pk, row.pk)).status_code == 404


RECORDED = {
    "channel": "letter", "received_on": timezone.localdate().isoformat(), "right": "access", "whom": "proxy",
    "name": "Aino Virtanen", "about_name": "Eino Virtanen", "answer_by": "paper", "language": "fi",
}  # fmt: skip


def test_a_letter_on_paper_and_its_authorisation_are_kept_with_the_request(office_client):  # noqa: F811
    files = [upload(pdf()), upload(picture("PNG"), "b.png", "image/png")]

    assert 'enctype="multipart/form-data"' in text(office_client.get(url("request_new")))
    office_client.post(url("request_new"), RECORDED | {"attachments": files})

    request = SubjectRequest.objects.get()
    kept = request.attachments.order_by("pk")
    assert [row.media_type for row in kept] == ["application/pdf", "image/png"]
    assert url("request_attachment", request.pk, kept[0].pk) in text(office_client.get(url("request", request.pk)))


def test_a_file_that_is_not_taken_records_nothing(office_client):  # noqa: F811
    response = office_client.post(url("request_new"), RECORDED | {"attachments": upload(b"MZ", "a.exe")})

    assert response.status_code == 422
    assert "File 1 is not taken" in text(response)
    assert not SubjectRequest.objects.exists()


def test_what_came_with_an_answer_stands_with_it(office_client, case):  # noqa: F811
    request = case(identified=False)

    office_client.post(url("request_answer", request.pk), {"text": "Tässä se on", "attachments": upload(pdf())})

    assert request.attachments.get().message == request.messages.get(direction="in")


def test_five_large_files_come_to_the_office_at_once(office_client):  # noqa: F811
    heavy = pdf(b"% " + b"x" * (9 * 2**20))
    files = [upload(heavy) for _ in range(5)]

    office_client.post(url("request_new"), RECORDED | {"attachments": files})

    assert SubjectRequest.objects.get().attachments.count() == 5


def test_what_right_to_act_was_seen_is_written_down(office_client, case):  # noqa: F811
    request = case(identified=False, whom="child", about_name="Eino Virtanen")
    page = url("request_identify", request.pk)
    refused = office_client.post(page, {"means": "proxy", "note": ""})
    assert refused.status_code == 422
    assert "What right to act was seen" in text(refused)

    office_client.post(page, {"means": "proxy", "note": "huoltajuus väestötiedoista"})

    assert (now(request).means, now(request).state) == ("proxy", "working")


def test_a_letter_that_lost_its_reason_is_not_sent_and_says_how_it_comes_back(office_client, case):  # noqa: F811
    request = case()
    page = url("request_extend", request.pk)
    facts = office_client.get(page).context["form"].initial | {"because": "many registers"}
    facts["text"] = facts["text"].replace("{details}", "")

    response = office_client.post(page, facts)

    assert "The letter does not say: reason. Write it in, or open the letter anew" in text(response)
    assert now(request).extended_at is None


def filled(form) -> dict[str, object]:
    """As the browser posts it."""
    return {name: "" if (value := form[name].value()) is None else value for name in form.fields}


@pytest.mark.parametrize("how", [{"outcome": "fulfilled"}, {"outcome": "withdrawn"}])
def test_a_message_that_comes_while_the_case_is_being_closed_is_read_first(office_client, case, how):  # noqa: F811
    request = case("other")
    page = url("request_close", request.pk)
    seen = {"seen": office_client.get(page).context["form"]["seen"].value()}
    asked = office_client.post(page, how | seen).context["form"]
    facts = filled(asked) | how
    take_message(request=request, text="Vielä yksi asia", by=Program("web form"))

    response = office_client.post(page, facts | {"confirm": "1"})

    assert "The person has written meanwhile: read it first." in text(response)
    assert now(request).is_open
    begun_anew = office_client.post(page, how).context["form"]
    office_client.post(page, filled(begun_anew) | how | {"confirm": "1"})
    assert now(request).state == "closed"


def test_what_was_recorded_is_corrected_with_a_reason(office_client, case):  # noqa: F811
    request = case("other", channel="phone", matched=False)
    page = url("request_recorded", request.pk)
    assert page in text(office_client.get(url("request", request.pk)))
    facts = filled(office_client.get(page).context["form"]) | {
        "right": "access",
        "received_on": RECORDED["received_on"],
    }
    assert office_client.post(page, facts).status_code == 422

    assert office_client.post(page, facts | {"because": "pyytää kopiota"})["Location"] == url("request", request.pk)

    assert now(request).right == "access"
    assert "pyytää kopiota" in text(office_client.get(url("request", request.pk)))


def test_the_day_on_which_a_form_was_sent_is_not_asked(office_client, case):  # noqa: F811
    shown = office_client.get(url("request_recorded", case(channel="form").pk)).context["form"]

    assert "received_on" not in shown.fields


def test_a_second_request_is_opened_from_the_first(office_client, case):  # noqa: F811
    request = case()
    page = url("request_second", request.pk)
    assert page in text(office_client.get(url("request", request.pk)))
    assert office_client.post(page, {"right": "access"}).status_code == 422

    response = office_client.post(page, {"right": "erasure"})

    second = SubjectRequest.objects.get(right="erasure")
    assert response["Location"] == url("request", second.pk)
    assert request.reference in text(office_client.get(url("request", second.pk)))
