"""The letters of GDPR Art. 19: in the recipient's words, with no more than they may have."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from pypdf import PdfReader

from accounts.acting import acting
from disclosures.models import Artefact, RecipientNotice
from disclosures.queries.verifying import verify
from disclosures.services.files import take
from disclosures.services.following import follow_up
from disclosures.services.notice_letters import write_letter
from disclosures.services.noticing import close_notices, reopen_notice, take_changes
from disclosures.services.sealing import seal_new
from registers.models import BoardSeat, Residency
from registers.services.people import correct_person
from registers.services.protection import lift_restriction, restrict_processing, set_non_disclosure
from tests.disclosures.noticing import corrects, firm, waiting
from tests.disclosures.telling import BY, tells
from tests.factories import ResidencyFactory

pytestmark = pytest.mark.django_db


def text_of_letter(record, by) -> str:
    content = take(artefact=Artefact.objects.get(disclosure=record), by=by)
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_the_letter_gives_what_is_right_now_and_stands_in_the_log(told, staff):
    manager = staff("manager")
    corrects(told.people[1], phone="+358501112222")
    waiting()
    notice = RecipientNotice.objects.get()

    record = write_letter(notice=notice, language="en", by=manager)

    assert (record.what, record.follows_id, record.ground) == ("notified", notice.disclosure_id, "GDPR Art. 19")
    assert [(row.person_key, row.fields) for row in record.about.all()] == [(told.people[1].pk, ["name", "phone"])]
    text = text_of_letter(record, manager)
    assert "+358501112222" in text.replace(" ", "")
    assert told.people[1].full_name in text
    assert "have since been rectified: phone" in text
    assert f"disclosure {notice.disclosure_id}" in text
    notice.refresh_from_db()
    assert notice.notice_id == record.pk
    seal_new()
    assert verify().is_whole


@pytest.mark.parametrize("hindrance", ["protected", "restricted"])
def test_the_letter_tells_nothing_new_of_who_is_protected_or_restricted(told, staff, hindrance):
    officer = staff("privacy_officer")
    corrects(told.people[1], phone="+358501112222")
    waiting()
    if hindrance == "protected":
        set_non_disclosure(person=told.people[1], since=date(2026, 1, 1), until=None, reported_by="dvv", by=officer)
    else:
        restrict_processing(person=told.people[1], reason="contested", by=officer)

    record = write_letter(notice=RecipientNotice.objects.get(), language="en", by=officer)

    assert [row.fields for row in record.about.all()] == [["name"]]
    assert "501112222" not in text_of_letter(record, officer).replace(" ", "")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_letter_speaks_its_language(told, staff, language):
    manager = staff("manager")
    corrects(told.people[1], phone="+358501112222")
    waiting()

    record = write_letter(notice=RecipientNotice.objects.get(), language=language, by=manager)

    says = {"fi": "puhelin", "sv": "telefon", "en": "phone"}
    assert says[language] in text_of_letter(record, manager).lower()


def test_a_notice_is_done_or_not_with_a_reason_and_opened_again(told, staff):
    manager = staff("manager")
    corrects(told.people[1], last_name="Uusinimi")
    waiting()
    first, second = RecipientNotice.objects.order_by("pk")
    with pytest.raises(ValidationError, match="impossible"):
        close_notices(notices=[second.pk], state="disproportionate", by=manager)
    with pytest.raises(ValidationError, match="identity code"):
        close_notices(notices=[second.pk], state="disproportionate", reason="010190-999W", by=manager)

    assert close_notices(notices=[first.pk], state="told", by=manager) == 1
    assert close_notices(notices=[second.pk, first.pk], state="disproportionate", reason="firm ended", by=manager) == 1

    first.refresh_from_db()
    assert (first.state, first.done_by) == ("told", manager.email)
    with pytest.raises(ValidationError, match="done already"):
        write_letter(notice=first, language="fi", by=manager)
    reopen_notice(notice=first, by=manager)
    assert len(waiting()) == 1
    with pytest.raises(PermissionDenied):
        close_notices(notices=[first.pk], state="told", by=staff("accountant"))


def test_a_firm_reads_of_its_own_house_alone(office, staff):
    """Hard rule 10: another company's homes are none of its business."""
    manager, person = staff("manager"), office.people[1]
    ResidencyFactory(person=person)
    tells(office, "maintenance", fields=["name", "apartment"])
    home = Residency.objects.get(person=person, apartment__housing_company=office.company)
    with acting(BY):
        home.apartment.number = 77
        home.apartment.save()
    assert waiting() == [("rectified", firm(office), ["apartment"])]

    record = write_letter(notice=RecipientNotice.objects.get(), language="en", by=manager)

    text = text_of_letter(record, manager)
    assert "77" in text
    other = person.residencies.exclude(pk=home.pk).get().apartment.housing_company
    assert other.name not in text


@pytest.mark.parametrize("what", ["in_error", "recalled", "agreement", "seat"])
def test_who_may_not_have_it_any_more_reads_no_new_value(told, staff, what):
    manager = staff("manager")
    corrects(told.people[1], phone="+358501112222", last_name="Uusinimi")
    waiting()
    kind = "board" if what == "seat" else "maintenance"
    notice = RecipientNotice.objects.get(disclosure__kind=kind)
    if what == "agreement":
        told.recipients["maintenance"].receives.update(ended_on=date(2026, 1, 1))
    elif what == "seat":
        BoardSeat.objects.update(term_until=timezone.localdate())
    else:
        follow_up(record=notice.disclosure, what=what, note="wrong firm", by=BY)

    text = text_of_letter(write_letter(notice=notice, language="en", by=manager), manager)

    assert "501112222" not in text.replace(" ", "")
    assert "Uusinimi" not in text
    assert "have since been rectified" in text


@pytest.mark.parametrize("has_left", [False, True])
def test_new_contact_details_of_who_has_left_the_house_are_told_to_no_firm(told, staff, has_left):
    manager, person = staff("manager"), told.people[1]
    if has_left:
        person.residencies.update(moved_out=date(2024, 1, 1))
        person.ownerships.update(owned_until=date(2024, 1, 1))
    corrects(person, phone="+358501112222")
    waiting()
    notice = RecipientNotice.objects.get(disclosure__kind="maintenance")

    text = text_of_letter(write_letter(notice=notice, language="en", by=manager), manager)

    assert ("501112222" in text.replace(" ", "")) is not has_left
    assert "have since been rectified" in text


def test_a_processor_of_messages_is_told_of_a_new_email_address(office, staff):
    manager, person = staff("manager"), office.people[1]
    tells(office, "messages", fields=["name", "email"])
    corrects(person, email="uusi@example.com")
    assert waiting() == [("rectified", office.recipients["messages"].pk, ["email"])]

    record = write_letter(notice=RecipientNotice.objects.get(), language="en", by=manager)

    assert "uusi@example.com" in text_of_letter(record, manager)


def test_the_letter_names_the_person_as_the_recipient_knows_them(told, staff):
    manager, before = staff("manager"), told.people[1].full_name
    corrects(told.people[1], last_name="Uusinimi")
    waiting()
    notice = RecipientNotice.objects.get(disclosure__kind="maintenance")

    text = text_of_letter(write_letter(notice=notice, language="en", by=manager), manager)

    assert before in text
    assert "Uusinimi" in text


@pytest.mark.parametrize("hindrance", ["protected", "restricted"])
def test_a_new_name_of_who_is_protected_or_restricted_stays_here(told, staff, hindrance):
    officer, before = staff("privacy_officer"), told.people[1].full_name
    if hindrance == "protected":
        set_non_disclosure(person=told.people[1], since=date(2026, 1, 1), until=None, reported_by="dvv", by=officer)
    else:
        restrict_processing(person=told.people[1], reason="contested", by=officer)
    correct_person(person=told.people[1], changes={"last_name": "Salanimi"}, source="phone", by=officer)
    take_changes()
    notice = RecipientNotice.objects.get(disclosure__kind="maintenance", change="rectified")

    text = text_of_letter(write_letter(notice=notice, language="en", by=officer), officer)

    assert "Salanimi" not in text
    assert before in text


def test_a_protected_persons_letter_is_made_by_who_may_see_them(told, staff):
    corrects(told.people[1], phone="+358501112222")
    waiting()
    officer = staff("privacy_officer")
    set_non_disclosure(person=told.people[1], since=date(2026, 1, 1), until=None, reported_by="dvv", by=officer)

    with pytest.raises(PermissionDenied):
        write_letter(notice=RecipientNotice.objects.get(), language="en", by=staff("manager"))


def test_a_name_board_is_made_anew_and_gets_no_letter(office, staff):
    tells(office, "residents")
    corrects(office.people[1], last_name="Uusinimi")
    assert len(waiting()) == 1

    with pytest.raises(ValidationError, match="make the board anew"):
        write_letter(notice=RecipientNotice.objects.get(), language="en", by=staff("manager"))


def test_the_end_of_a_restriction_is_told_to_who_was_told_of_it(told, staff):
    officer = staff("privacy_officer")
    restrict_processing(person=told.people[1], reason="contested", by=officer)
    restrict_processing(person=told.people[2], reason="contested", by=officer)
    waiting()
    close_notices(
        notices=RecipientNotice.objects.filter(person_key=told.people[1].pk).values_list("pk", flat=True),
        state="told", by=officer,
    )  # fmt: skip
    for person in told.people[1:3]:
        lift_restriction(person=person, by=officer)

    assert [row[0] for row in waiting()] == ["lifted", "lifted"]
    assert {*RecipientNotice.objects.filter(state="waiting").values_list("person_key", flat=True)} == {
        told.people[1].pk
    }
    record = write_letter(notice=RecipientNotice.objects.filter(change="lifted").first(), language="en", by=officer)
    assert "lifted" in text_of_letter(record, officer)
