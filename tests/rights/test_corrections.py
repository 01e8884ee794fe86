"""Rectification: what the person wrote stays, what stands elsewhere in the registers can be put right and told."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from rights.models import ProposedChange
from rights.queries.closing import what_is_left
from rights.queries.outcomes import details_of
from rights.services.closing import close_request
from rights.services.fulfilling import accept_changes, accept_other, propose, refuse_change
from rights.words import Did
from tests.rights.writing import whole_letter

pytestmark = pytest.mark.django_db


def states(request) -> list[tuple[str, str, str]]:
    rows = request.proposals.order_by("pk")
    return [(row.field, row.wanted.reveal(), row.state) for row in rows]


@pytest.fixture
def other(case, officer):
    """A wrong day of moving in."""
    return propose(request=case("rectification"), changes={}, other="Muutin 1.6., en 1.5.", by=officer)[0]


def test_what_the_person_proposed_stays_when_the_office_writes_it_down_anew(case, officer):
    request = case("rectification")
    ProposedChange.objects.create(request=request, field="phone", wanted="040 555 01")

    propose(request=request, changes={"phone": "+358405550102", "last_name": "Virta"}, by=officer)

    assert states(request) == [
        ("phone", "040 555 01", "replaced"),
        ("phone", "+358405550102", "open"),
        ("last_name", "Virta", "open"),
    ]
    step = request.steps.get(did=Did.NOTE)
    assert (step.user_email, request.proposals.get(state="replaced").decided_by) == (officer.email, officer)
    assert step.note.reveal() == (
        "Correction written down: Phone, Last name. In place of what was proposed before: Phone."
    )


def test_what_was_replaced_is_neither_decided_nor_in_the_way(case, officer):
    request = case("rectification")
    before = propose(request=request, changes={"phone": "040 555 01"}, by=officer)[0]
    row = propose(request=request, changes={"phone": "+358405550102"}, by=officer)[0]
    with pytest.raises(ValidationError, match="Choose what"):
        accept_changes(request=request, proposals=[before.pk], by=officer)
    with pytest.raises(ValidationError, match="decided already"):
        refuse_change(proposal=before, note="old", by=officer)

    accept_changes(request=request, proposals=[row.pk], by=officer)

    assert what_is_left(request, "fulfilled") == ""
    with pytest.raises(ValidationError, match="decided already"):
        propose(request=request, changes={"phone": "+358405550103"}, by=officer)


def test_postgresql_holds_one_standing_proposal_of_a_field(case, officer):
    request = case("rectification")
    propose(request=request, changes={"phone": "1"}, by=officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedChange.objects.create(request=request, field="phone", wanted="2")


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "closed", "outcome": "withdrawn", "closed_at": timezone.now()},
        {"identified": False},
    ],
)
def test_a_correction_is_refused_only_in_an_open_case_of_somebody_identified(case, officer, facts):
    request = case("rectification", **facts)
    row = ProposedChange.objects.create(request=request, field="phone", wanted="040 555 01")

    with pytest.raises(ValidationError, match="before the person is identified"):
        refuse_change(proposal=row, note="It is right.", by=officer)

    assert states(request) == [("phone", "040 555 01", "open")]


def test_another_datum_that_was_corrected_on_its_own_page_fulfils_the_request(case, officer, other):
    request = other.request
    assert what_is_left(request, "fulfilled") == "Some corrections are not decided yet."
    accept_other(proposal=other, note="muuttopäivä 1.6.2024", by=officer)
    assert what_is_left(request, "fulfilled") == ""

    with pytest.raises(ValidationError, match="decided already"):
        accept_other(proposal=other, note="again", by=officer)
    details = details_of(request, "fulfilled")
    closed = close_request(
        request=request, outcome="fulfilled", by=officer, **whole_letter(request, "answer", details=details)
    )

    assert (closed.outcome, request.steps.filter(did=Did.CORRECTED).count()) == ("fulfilled", 1)
    assert "muuttopäivä 1.6.2024" in closed.messages.get().text.reveal()
    assert "19" in details  # who was told the wrong datum is told of it


def test_accepting_another_datum_says_what_was_corrected_where(officer, other):
    with pytest.raises(ValidationError) as refused:
        accept_other(proposal=other, note=" ", by=officer)
    assert set(refused.value.message_dict) == {"note"}

    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedChange.objects.filter(pk=other.pk).update(
            state="accepted", decided_at=timezone.now(), decided_by=officer
        )


def test_another_datum_is_not_put_right_with_the_fields_and_can_be_refused(case, officer, resident, other):
    with pytest.raises(ValidationError, match="Choose what"):
        accept_changes(request=other.request, proposals=[other.pk], by=officer)

    refuse_change(proposal=other, note="the day was checked", by=officer)

    assert what_is_left(other.request, "partly").startswith("This has not been done yet")
    assert "the day was checked" in details_of(other.request, "partly")


def test_several_other_data_stand_side_by_side(officer, other):
    propose(request=other.request, changes={}, other="Osuuteni on 1/2.", by=officer)

    assert [state for _field, _text, state in states(other.request)] == ["open", "open"]
