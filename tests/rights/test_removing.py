"""A correction may be that something should not be there: emptied on own pages, ticked by the office."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from rights.forms.cases import CorrectionsForm
from rights.models import ProposedChange, SubjectRequest
from rights.queries.outcomes import details_of
from rights.services.fulfilling import accept_changes, propose, refuse_change
from tests.pages.browsing import text_of
from tests.portal.conftest import account_of, client_for, own  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(own):  # noqa: F811
    return client_for(account_of(own.people[0]))


@pytest.fixture
def shown(home):
    """What a browser sends back when nothing was changed."""
    form = home.get(reverse("own_ask", args=["rectification"])).context["form"]
    return {field.html_name: field.value() or "" for field in form if field.name != "attachments"}


def send(client, facts):
    return client.post(reverse("own_ask", args=["rectification"]), facts)


def test_what_was_emptied_on_own_pages_is_asked_to_be_removed(home, shown):
    assert shown["correct_phone"].startswith("+358")
    assert send(home, shown).status_code == 422

    assert send(home, shown | {"correct_phone": ""}).status_code == 302

    row = ProposedChange.objects.get()
    assert (row.field, row.wanted.reveal()) == ("phone", "")


@pytest.mark.parametrize("name", ["correct_last_name", "correct_first_names", "correct_language"])
def test_what_the_register_cannot_be_without_is_not_emptied(home, shown, name):
    answer = send(home, shown | {name: "", "correct_phone": ""})

    assert answer.status_code == 422
    assert "This cannot be removed: write what it should be." in text_of(answer)
    assert not SubjectRequest.objects.exists()


def test_accepting_it_empties_the_field_and_the_letter_says_so(case, resident, officer):
    type(resident).objects.filter(pk=resident.pk).update(date_of_birth="1980-05-17")
    request = case("rectification", language="en")
    phone, born = propose(request=request, changes={"phone": "", "date_of_birth": ""}, by=officer)

    accept_changes(request=request, proposals=[phone.pk, born.pk], by=officer)

    resident.refresh_from_db()
    assert (resident.phone, resident.date_of_birth) == ("", None)
    assert ProposedChange.objects.get(field="phone").was.reveal() == "+358405550101"
    assert details_of(request, "fulfilled").splitlines()[:2] == ["Phone: removed.", "Date of birth: removed."]


def test_not_removing_it_says_so_with_its_reason(case, officer):
    request = case("rectification", language="en")
    (row,) = propose(request=request, changes={"phone": ""}, by=officer)

    refuse_change(proposal=row, note="An order is open.", by=officer)

    assert details_of(request, "partly") == "Phone: not removed. An order is open."


def test_a_name_is_not_removed(case, officer):
    with pytest.raises(ValidationError, match="cannot be removed"):
        propose(request=case("rectification"), changes={"last_name": ""}, by=officer)


def test_the_office_ticks_what_is_removed(case, client_of):
    office, request = client_of("privacy_officer"), case("rectification")
    office.cookies["django_language"] = "en"
    page = reverse("admin:request_propose", args=[request.pk])

    assert office.post(page, {"remove": ["phone"], "last_name": "Virta"}).status_code == 302

    wanted = {row.field: row.wanted.reveal() for row in request.proposals.all()}
    assert wanted == {"phone": "", "last_name": "Virta"}
    assert "Phone, remove" in text_of(office.get(reverse("admin:request", args=[request.pk])))
    assert "<dd>remove</dd>" in text_of(office.get(reverse("admin:request_corrections", args=[request.pk])))


def test_removing_and_correcting_one_field_are_not_both_meant():
    form = CorrectionsForm({"phone": "040 555 0100", "remove": ["phone"]})

    assert set(form.errors) == {"phone"}
