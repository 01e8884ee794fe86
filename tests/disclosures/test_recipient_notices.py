"""GDPR Art. 19: whoever was told a datum is told when it is rectified, erased or restricted."""

from datetime import date, timedelta
from io import BytesIO
from threading import Event, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from accounts.acting import acting
from disclosures.extracts import Selection
from disclosures.models import Artefact, ChangeSeen, Disclosure, NameBoardRemoval, RecipientNotice
from disclosures.queries.answering import told_about
from disclosures.queries.verifying import verify
from disclosures.services.files import purge_files, take
from disclosures.services.following import follow_up
from disclosures.services.name_boards import leave_off_name_boards
from disclosures.services.noticing import close_notices, reopen_notice, take_changes, write_letter
from disclosures.services.sealing import seal_new
from registers.imports.trail import altered
from registers.models import BoardSeat, Ownership, Person, Residency
from registers.services.identity_codes import remove_identity_code, store_identity_code
from registers.services.people import correct_person, merge_persons
from registers.services.protection import lift_restriction, restrict_processing, set_non_disclosure
from tests.disclosures.telling import BY, tells
from tests.factories import PersonFactory, ResidencyFactory, identity_code

pytestmark = pytest.mark.django_db


def waiting() -> list[tuple[str, int | None, list[str]]]:
    take_changes()
    rows = RecipientNotice.objects.filter(state="waiting").order_by("pk").select_related("disclosure")
    return [
        (row.change, row.disclosure.organisation_key or row.disclosure.recipient_person_key, row.fields) for row in rows
    ]


def corrects(person, **changes):
    correct_person(person=person, changes=changes, source="phone", by=BY)


def firm(office) -> int:
    return office.recipients["maintenance"].pk


@pytest.fixture
def told(office):
    """The firm got names, apartments and phones, the board names and apartments."""
    tells(office, "maintenance", fields=["name", "phone", "apartment"])
    tells(office)
    assert waiting() == []
    return office


def test_a_rectified_phone_concerns_whoever_got_the_phone(told):
    corrects(told.people[1], phone="+358501112222")

    assert waiting() == [("rectified", firm(told), ["phone"])]
    assert RecipientNotice.objects.get().person_key == told.people[1].pk


def test_a_rectified_name_concerns_everybody_who_got_it(told):
    corrects(told.people[1], last_name="Uusinimi")

    assert waiting() == [
        ("rectified", firm(told), ["name"]),
        ("rectified", told.people[0].pk, ["name"]),
    ]


def test_what_nobody_was_told_concerns_nobody(told):
    corrects(told.people[1], email="new@example.com")

    assert waiting() == []


def test_who_was_never_told_of_concerns_nobody(told):
    stranger = PersonFactory(phone="+358401231239")
    corrects(stranger, phone="+358501112222")

    assert ChangeSeen.objects.count() == 1
    assert waiting() == []
    assert ChangeSeen.objects.count() == 0


def test_an_emptied_field_is_erased(told):
    corrects(told.people[1], phone="")

    assert waiting() == [("erased", firm(told), ["phone"])]


def test_a_deleted_row_is_erased(told):
    home = Residency.objects.get(person=told.people[1])
    with acting(BY):
        home.delete()

    assert waiting() == [("erased", firm(told), ["apartment"]), ("erased", told.people[0].pk, ["apartment"])]


def test_a_restriction_concerns_everybody_who_was_told_anything(told, staff):
    restrict_processing(person=told.people[1], reason="contested", by=staff("privacy_officer"))

    assert waiting() == [
        ("restricted", firm(told), ["name", "phone", "apartment"]),
        ("restricted", told.people[0].pk, ["name", "apartment"]),
    ]


def test_another_identity_code_is_rectified_and_a_removed_one_erased(office, staff):
    debtor, manager = office.people[3], staff("manager")
    facts = {"person": debtor, "ground": "collection", "source": "phone", "by": BY}
    store_identity_code(code=identity_code(date(1980, 1, 4)), **facts)
    selection = Selection("people", company=office.company, people=(debtor.pk,))
    tells(office, "collection", fields=["name", "identity_code"], selection=selection, by=manager)
    agency = office.recipients["collection"].pk
    assert waiting() == []

    store_identity_code(code=identity_code(date(1980, 1, 4), 901), **facts)
    assert waiting() == [("rectified", agency, ["identity_code"])]
    RecipientNotice.objects.all().delete()
    remove_identity_code(person=debtor, by=BY)
    assert waiting() == [("erased", agency, ["identity_code"])]


def test_a_change_before_the_telling_concerns_nobody(office):
    corrects(office.people[1], phone="+358501112222")
    tells(office, "maintenance", fields=["name", "phone"])

    assert waiting() == []


def test_one_recipient_gets_one_notice_for_all_that_changed(told):
    corrects(told.people[1], phone="+358501112222")
    assert len(waiting()) == 1
    corrects(told.people[1], phone="+358501113333", last_name="Uusinimi")

    assert waiting()[0] == ("rectified", firm(told), ["name", "phone"])
    assert [row[1] for row in waiting()] == [firm(told), told.people[0].pk]


def test_a_member_who_was_told_of_themself_needs_no_notice(told):
    corrects(told.people[0], last_name="Uusinimi")

    assert waiting() == [("rectified", firm(told), ["name"])]


def test_the_person_concerned_and_the_controller_are_no_recipients(office):
    person = office.people[2]
    tells(office, "subject", fields=["name"], selection=Selection("people", people=(person.pk,)))
    tells(office, "controller", fields=["name"], selection=Selection("people", people=(person.pk,)))
    corrects(person, last_name="Uusinimi")

    assert ChangeSeen.objects.count() == 1
    assert waiting() == []


def test_merging_two_records_is_no_change(told):
    keep = PersonFactory(last_name=told.people[1].last_name, first_names=told.people[1].first_names)

    merge_persons(keep=keep, remove=told.people[1], by=BY)

    assert waiting() == []
    corrects(keep, last_name="Uusinimi")
    assert len(waiting()) == 2


def test_an_import_that_changes_a_phone_makes_notices_too(told):
    """Set-based writes go by the same audit trail."""
    with acting(BY):
        altered(
            "UPDATE registers_person SET phone = '+358509998888' WHERE id = %(key)s RETURNING *, "
            "jsonb_build_object('phone', jsonb_build_array('old', '+358509998888')) AS trail",
            Person,
            shown="last_name",
            person="id",
            key=told.people[1].pk,
        )

    assert waiting() == [("rectified", firm(told), ["phone"])]


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


def test_a_change_whose_transaction_is_undone_leaves_nothing(told):
    with transaction.atomic():
        corrects(told.people[1], phone="+358501112222")
        assert ChangeSeen.objects.count() == 1
        transaction.set_rollback(True)

    assert ChangeSeen.objects.count() == 0


def test_owners_who_were_told_of_are_covered_too(office):
    tells(office, "entitled", fields=["name", "fraction"], of="owners")
    share = Ownership.objects.filter(person=office.people[0]).get()
    with acting(BY):
        share.delete()

    assert waiting() == [("erased", office.people[1].pk, ["fraction"])]
    assert Disclosure.objects.count() == 1


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


def test_a_file_that_nobody_took_told_nobody(office, staff):
    manager = staff("manager")
    told_of = {"channel": "file", "file": "csv", "title": "List", "by": manager}
    tells(office, "maintenance", fields=["name", "phone"], **told_of)
    taken = tells(office, **told_of).record
    take(artefact=Artefact.objects.get(disclosure=taken), by=manager)
    Artefact.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    purge_files()
    corrects(office.people[1], phone="+358501112222", last_name="Uusinimi")

    assert waiting() == [("rectified", office.people[0].pk, ["name"])]
    assert {line.record.pk for line in told_about(office.people[1])} >= {taken.pk}


def test_a_new_number_of_the_apartment_concerns_its_residents_and_new_shares_the_owners(office):
    tells(office)
    tells(office, "entitled", fields=["name", "shares"])
    share = Ownership.objects.get(person=office.people[2]).share_group
    with acting(BY):
        home = Residency.objects.get(person=office.people[2]).apartment
        home.number = 78
        home.save()
        numbers = share.ranges.get()
        numbers.last = 290
        numbers.save()

    found = waiting()

    assert ("rectified", office.people[0].pk, ["apartment"]) in found
    assert ("rectified", office.people[1].pk, ["shares"]) in found
    assert {*RecipientNotice.objects.values_list("person_key", flat=True)} == {office.people[2].pk}


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


def test_a_value_that_gives_way_in_a_merging_is_rectified_for_who_got_it(told):
    corrects(told.people[1], phone="+358501112222")
    RecipientNotice.objects.all().delete()
    ChangeSeen.objects.all().delete()
    keep = PersonFactory(
        last_name=told.people[1].last_name, first_names=told.people[1].first_names, phone="+358509990000"
    )

    merge_persons(keep=keep, remove=told.people[1], by=BY)

    assert waiting() == [("rectified", firm(told), ["phone"])]


def test_merging_two_who_stand_on_no_name_board(office, staff):
    service, gone = staff("customer_service"), office.people[1]
    keep = PersonFactory(last_name=gone.last_name, first_names=gone.first_names)
    for person in (keep, gone):
        leave_off_name_boards(person=person, by=service)

    merge_persons(keep=keep, remove=gone, by=BY)

    assert NameBoardRemoval.objects.get().person == keep


def test_widening_a_notice_does_not_open_one_that_was_closed_meanwhile(told, staff):
    corrects(told.people[1], phone="+358501112222")
    waiting()
    close_notices(notices=[RecipientNotice.objects.get().pk], state="told", by=staff("manager"))
    corrects(told.people[1], phone="+358501113333")

    assert waiting() == [("rectified", firm(told), ["phone"])]
    assert RecipientNotice.objects.filter(state="told").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_that_a_running_disclosure_did_not_see_is_told_of(office):
    """Begun before the disclosure, committed after it: the list held the old phone."""
    person, begun, go_on = office.people[1], Event(), Event()

    def change():
        with transaction.atomic():
            corrects(person, phone="+358501112222")
            begun.set()
            assert go_on.wait(10)
        connection.close()

    thread = Thread(target=change)
    thread.start()
    assert begun.wait(10)
    told = tells(office, "maintenance", fields=["name", "phone"])
    go_on.set()
    thread.join()
    assert {row["phone"] for row in told.extract.rows} >= {person.phone}

    assert waiting() == [("rectified", firm(office), ["phone"])]


@pytest.mark.django_db(transaction=True)
def test_changes_wait_for_disclosures_that_still_run(office):
    """Read before the change, committed after it: looked for only when the disclosure is through."""
    person, read, go_on = office.people[1], Event(), Event()

    def disclose_slowly():
        with transaction.atomic():
            tells(office, "maintenance", fields=["name", "phone"])
            read.set()
            assert go_on.wait(10)
        connection.close()

    thread = Thread(target=disclose_slowly)
    thread.start()
    assert read.wait(10)
    corrects(person, phone="+358501112222")
    assert waiting() == []
    assert ChangeSeen.objects.count() == 1
    go_on.set()
    thread.join()

    assert waiting() == [("rectified", firm(office), ["phone"])]
