"""GDPR Art. 19: whoever was told a datum is told when it is rectified, erased or restricted."""

from datetime import date, timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.acting import acting
from disclosures.extracts import Selection
from disclosures.models import Artefact, ChangeSeen, Disclosure, NameBoardRemoval, RecipientNotice
from disclosures.queries.answering import told_about
from disclosures.services.files import purge_files, take
from disclosures.services.name_boards import leave_off_name_boards
from disclosures.services.noticing import close_notices
from registers.imports.trail import altered
from registers.models import Ownership, Person, Residency
from registers.services.identity_codes import remove_identity_code, store_identity_code
from registers.services.people import merge_persons
from registers.services.protection import restrict_processing
from tests.disclosures.noticing import corrects, firm, waiting
from tests.disclosures.telling import BY, tells
from tests.factories import PersonFactory, identity_code

pytestmark = pytest.mark.django_db


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
