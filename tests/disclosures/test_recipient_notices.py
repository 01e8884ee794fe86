"""GDPR Art. 19: whoever was told a datum is told when it is rectified, erased or restricted."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pypdf import PdfReader

from disclosures.extracts import Selection
from disclosures.models import Artefact, ChangeSeen, Disclosure, RecipientNotice
from disclosures.queries.verifying import verify
from disclosures.services.files import take
from disclosures.services.noticing import close_notices, reopen_notice, take_changes, write_letter
from disclosures.services.sealing import seal_new
from registers.models import Ownership, Residency
from registers.services.identity_codes import remove_identity_code, store_identity_code
from registers.services.people import correct_person, merge_persons
from registers.services.protection import restrict_processing, set_non_disclosure
from tests.disclosures.telling import BY, tells
from tests.factories import PersonFactory, identity_code

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

    assert ChangeSeen.objects.count() == 0
    assert waiting() == []


def test_an_emptied_field_is_erased(told):
    corrects(told.people[1], phone="")

    assert waiting() == [("erased", firm(told), ["phone"])]


def test_a_deleted_row_is_erased(told):
    home = Residency.objects.get(person=told.people[1])
    from accounts.acting import acting

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
    from accounts.acting import acting
    from registers.imports.trail import altered
    from registers.models import Person

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
    from django.db import transaction

    with transaction.atomic():
        corrects(told.people[1], phone="+358501112222")
        assert ChangeSeen.objects.count() == 1
        transaction.set_rollback(True)

    assert ChangeSeen.objects.count() == 0


def test_owners_who_were_told_of_are_covered_too(office):
    tells(office, "entitled", fields=["name", "fraction"], of="owners")
    share = Ownership.objects.filter(person=office.people[0]).get()
    from accounts.acting import acting

    with acting(BY):
        share.delete()

    assert waiting() == [("erased", office.people[1].pk, ["fraction"])]
    assert Disclosure.objects.count() == 1
