"""A letter as a file: what was written, tagged, in the letter's language; from the office, and from the person's page."""

import pytest
from django.urls import reverse

from rights.models import RequestMessage
from rights.paper import letter_pdf
from rights.services.messages import take_message, write_message
from tests.consent.pdf_structure import faults, text_of
from tests.rights.asking import ask, give_code, visitor

pytestmark = pytest.mark.django_db


def written(request, officer, **facts) -> RequestMessage:
    said = {"subject": "Vastaus pyyntöösi", "text": "Hei\n\nTietosi ovat <b>tässä</b>.", "sent_by": "paper"}
    return RequestMessage.objects.get(pk=write_message(request=request, by=officer, **said | facts).pk)


@pytest.mark.parametrize(("language", "says"), [("fi", "Pyyntö"), ("sv", "Begäran"), ("en", "Request")])
def test_it_is_tagged_and_says_who_writes_to_whom_about_what(language, says, case, officer, management):
    request = case(language=language, address="Keksittykatu 1\n00100 Helsinki")

    made = letter_pdf(written(request, officer))

    text = text_of(made)
    assert faults(made) == []
    assert f"{says} {request.reference}" in text
    for part in ("Aino Virtanen", "Keksittykatu 1 00100 Helsinki", "Vastaus pyyntöösi", "Tietosi ovat <b>tässä</b>."):
        assert part in text
    assert "aino.virtanen@example.com" not in text


def test_the_office_gets_a_letter_and_not_what_the_person_wrote(case, officer, client_of):
    request, client = case(), client_of(officer)
    letter, answer = written(request, officer), take_message(request=request, text="Kiitos", by=officer)

    def get(number):
        return client.get(reverse("admin:request_message_pdf", args=[request.pk, number]))

    file = get(letter.pk)
    assert file["Content-Type"] == "application/pdf"
    assert "no-store" in file["Cache-Control"]
    assert file["Content-Disposition"] == f'attachment; filename="{request.reference}-{letter.pk}.pdf"'
    assert get(answer.pk).status_code == 404


def test_whoever_has_opened_the_page_gets_its_letters_and_no_others(officer, case):
    client = visitor()
    ask(client, "access")
    give_code(client)
    own = RequestMessage.objects.get(template="received")
    foreign = written(case(name="Veikko Salmivaara"), officer)

    file = client.get(reverse("request_letter", args=[own.pk]))

    assert own.request.reference in text_of(file.content)
    own.refresh_from_db()
    assert own.read_at is not None
    assert client.get(reverse("request_letter", args=[foreign.pk])).status_code == 404
    client.post(reverse("request_leave"))
    assert client.get(reverse("request_letter", args=[own.pk]))["Location"] == reverse("request_status")
