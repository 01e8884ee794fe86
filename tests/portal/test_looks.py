"""Every look of a board member stands in the log before it leaves: whom, which fields, once a day."""

import hashlib
import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.urls import reverse

from consent.models import Purpose
from consent.services.purposes import end_purpose
from disclosures.extracts import Selection
from disclosures.models import Artefact, DisclosedPerson, Disclosure, RecipientNotice
from disclosures.queries.answering import told_about
from disclosures.services.noticing import take_changes
from disclosures.services.sealing import verify_now
from disclosures.services.telling import disclose
from portal.services.looking import PROGRAM
from registers.services.people import correct_person
from registers.services.protection import set_non_disclosure
from tests.factories import ResidencyFactory, identity_code
from tests.pages.browsing import text_of
from tests.portal.conftest import BY, TODAY, client_for, member_of

LISTS = ("portal_residents", "portal_owners", "portal_moves")


def looks(**filters):
    return Disclosure.objects.filter(channel="screen", **filters).order_by("pk")


def told(record):
    return dict(record.about.values_list("person_key", "fields"))


@pytest.mark.django_db
def test_a_look_is_one_record_with_everybody_shown(own, member, visitor):
    url = reverse("portal_residents", args=[own.company.pk])
    visitor.get(url)
    visitor.get(url)

    record = looks().get()

    fields = ["name", "apartment", "residency_role"]
    assert told(record) == {person.pk: fields for person in own.people}
    assert record.recipient_person_key == member.person_account.person_id
    assert (record.kind, record.company_key, record.evidence) == ("board", own.company.pk, {"register": "residents"})
    assert record.fields == fields
    assert (record.program, record.user_key) == (PROGRAM.name, None)
    assert record.ground
    assert record.snapshot
    assert verify_now().is_whole


@pytest.mark.django_db
def test_who_comes_into_view_later_the_same_day_stands_in_a_further_record(own, visitor):
    url = reverse("portal_residents", args=[own.company.pk])
    visitor.get(url)
    new = ResidencyFactory(apartment=own.apartment, moved_in=TODAY()).person
    visitor.get(url)

    first, second = looks()

    assert new.pk not in told(first)
    assert told(second) == {new.pk: ["name", "apartment", "residency_role"]}


@pytest.mark.django_db
def test_another_day_another_list_another_member_is_another_record(own, visitor):
    for name in LISTS:
        visitor.get(reverse(name, args=[own.company.pk]))
    client_for(member_of(own.company)).get(reverse("portal_residents", args=[own.company.pk]))
    assert looks().count() == 4

    with connection.cursor() as cursor:  # all of it was yesterday
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE disclosures_disclosure SET at = at - interval '1 day'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    visitor.get(reverse("portal_residents", args=[own.company.pk]))

    assert looks().count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*LISTS, "portal_search"])
def test_whoever_is_named_on_a_page_is_in_its_record(own, other, visitor, name):
    """Planted names, looked for in what the browser gets: shown and recorded are the same people."""
    url = reverse(name, args=[own.company.pk])
    ResidencyFactory(person=own.people[0], apartment=own.apartment, moved_in=TODAY() - timedelta(days=9))
    page = text_of(visitor.post(url, {"words": "kais"}) if name == "portal_search" else visitor.get(url))
    everybody = [*own.people, *other.people, own.protected, own.restricted, own.left, own.former, own.coming]

    shown = {person.pk for person in everybody if person.last_name in page}

    assert shown
    assert set(DisclosedPerson.objects.filter(disclosure__in=looks()).values_list("person_key", flat=True)) == shown


@pytest.mark.django_db
def test_pages_without_people_leave_no_record(own, visitor):
    for name in ("portal_company", "portal_notices", "portal_documents", "portal_search"):
        visitor.get(reverse(name, args=[own.company.pk]))
    visitor.get(reverse("portal"))
    visitor.get(reverse("portal_file", args=[own.company.pk, "residents"]))

    assert not Disclosure.objects.exists()


@pytest.mark.django_db
def test_without_a_purpose_that_names_the_board_nothing_is_shown(own, visitor):
    for purpose in Purpose.objects.filter(code__in=["charges", "feedback"]):
        end_purpose(purpose=purpose, reason="no longer done", by=BY)

    answer = visitor.get(reverse("portal_residents", args=[own.company.pk]))

    assert answer.status_code == 403
    assert "Kaislanen" not in text_of(answer)
    assert not Disclosure.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("register", "file"), [("residents", "pdf"), ("residents", "xlsx"), ("owners", "xlsx")])
def test_a_file_asks_for_a_reason_and_leaves_with_its_record(own, member, visitor, register, file):
    url = reverse("portal_file", args=[own.company.pk, register])
    assert visitor.post(url, {"file": file}).status_code == 422
    assert not Disclosure.objects.exists()

    answer = visitor.post(url, {"reason": "annual meeting", "file": file})

    record = Disclosure.objects.get()
    assert answer.status_code == 200
    assert record.artefact_sha256 == hashlib.sha256(answer.content).hexdigest()
    assert record.evidence == {"reason": "annual meeting"}
    assert record.recipient_person_key == member.person_account.person_id
    assert set(told(record)) == {person.pk for person in own.people}
    assert (record.left_out_protected, record.left_out_restricted) == (1, 1)
    artefact = Artefact.objects.get()
    assert artefact.taken_at is not None
    assert artefact.content is None
    assert record.seal


@pytest.mark.django_db
def test_an_identity_code_in_the_reason_is_refused(own, visitor):
    url = reverse("portal_file", args=[own.company.pk, "residents"])
    answer = visitor.post(url, {"reason": f"for {identity_code(date(1980, 1, 1))}", "file": "pdf"})

    assert answer.status_code == 422
    assert not Disclosure.objects.exists()


@pytest.mark.django_db
def test_files_of_others_and_of_other_lists_are_not_found(own, other, visitor):
    for register in ("moves", "people", "arrears", "house"):
        assert visitor.get(reverse("portal_file", args=[own.company.pk, register])).status_code == 404
    theirs = _made_for(own, member_of(own.company).person_account.person)
    mine_elsewhere = reverse("portal_document", args=[other.company.pk, theirs.pk])

    assert visitor.post(reverse("portal_document", args=[own.company.pk, theirs.pk])).status_code == 404
    assert visitor.post(mine_elsewhere).status_code == 404
    assert visitor.get(reverse("portal_document", args=[own.company.pk, theirs.pk])).status_code == 405
    assert f"Disclosure {theirs.pk}" not in text_of(visitor.get(reverse("portal_documents", args=[own.company.pk])))
    assert Artefact.objects.get().content is not None


@pytest.mark.django_db
def test_what_the_office_made_for_a_member_is_taken_out_once(own, member, visitor):
    record = _made_for(own, member.person_account.person)
    assert f"Disclosure {record.pk}" in text_of(visitor.get(reverse("portal_documents", args=[own.company.pk])))
    url = reverse("portal_document", args=[own.company.pk, record.pk])

    answer = visitor.post(url)

    assert hashlib.sha256(answer.content).hexdigest() == record.artefact_sha256
    assert visitor.post(url).status_code == 410


@pytest.mark.django_db
def test_a_document_in_which_somebody_became_protected_is_deleted(own, member, visitor):
    record = _made_for(own, member.person_account.person)
    set_non_disclosure(person=own.people[0], since=TODAY(), until=None, reported_by="herself", by=BY)

    assert visitor.post(reverse("portal_document", args=[own.company.pk, record.pk])).status_code == 410
    assert Artefact.objects.get().content is None


def _made_for(own, person):
    return disclose(
        kind="board", recipient=person, selection=Selection("residents", company=own.company), fields=["name"],
        purpose=Purpose.objects.get(code="charges", controller__housing_company=None), evidence={"reason": "meeting"},
        channel="file", file="csv", by=BY,
    ).record  # fmt: skip


@pytest.mark.django_db
def test_the_residents_own_answer_names_the_board(own, member, visitor, client_of):
    visitor.get(reverse("portal_residents", args=[own.company.pk]))
    person = own.people[0]

    (line,) = told_about(person)

    assert line.recipient == str(member.person_account.person)
    panel = text_of(client_of("manager").get(reverse("admin:person", args=[person.pk])))
    assert str(member.person_account.person) in panel
    answer = client_of("privacy_officer").get(reverse("admin:disclosure", args=[line.record.pk]))
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_correction_asks_for_no_letter_to_who_has_only_looked(own, visitor):
    visitor.get(reverse("portal_residents", args=[own.company.pk]))
    correct_person(person=own.people[0], changes={"last_name": "Uusinimi"}, source="phone", by=BY)
    take_changes()

    assert not RecipientNotice.objects.exists()
    assert "Uusinimi" in text_of(visitor.get(reverse("portal_residents", args=[own.company.pk])))


@pytest.mark.django_db(transaction=True)
def test_the_same_page_opened_many_times_at_once_leaves_one_record(own, member):
    url = reverse("portal_residents", args=[own.company.pk])
    clients = [client_for(member) for _one in range(6)]
    answers = []

    def open_page(client):
        answers.append(client.get(url).status_code)
        connections.close_all()

    threads = [threading.Thread(target=open_page, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 6
    assert looks().count() == 1


@pytest.mark.django_db
def test_when_the_record_fails_nothing_is_shown(own, member, monkeypatch):
    from portal.services import looking

    def broken(**facts):
        raise RuntimeError("the log is full")

    monkeypatch.setattr(looking, "record_look", broken)
    client = client_for(member)
    client.raise_request_exception = False

    answer = client.get(reverse("portal_residents", args=[own.company.pk]))

    assert answer.status_code == 500
    assert "Kaislanen" not in text_of(answer)


@pytest.mark.django_db
def test_a_person_protected_since_the_last_look_is_gone_at_the_next(own, visitor):
    url = reverse("portal_residents", args=[own.company.pk])
    assert "Kaislanen" in text_of(visitor.get(url))
    set_non_disclosure(person=own.people[0], since=TODAY(), until=None, reported_by="herself", by=BY)

    page = text_of(visitor.get(url))

    assert "Kaislanen" not in page
    assert "2 residents are not shown." in page
