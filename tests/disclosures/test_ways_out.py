"""Lists and cards: of whom, with which fields, to whom; each from its register, all by the one door."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.acting import Program
from disclosures.asking import LogFilter
from disclosures.extracts import Selection
from disclosures.models import Artefact, Disclosure, OutsideRecipient
from disclosures.queries import answering
from disclosures.queries.answering import lines, log, told_about
from disclosures.queries.verifying import heads_file
from disclosures.services.files import take
from disclosures.services.name_boards import leave_off_name_boards, put_on_name_boards
from disclosures.services.telling import Refused
from disclosures.tasks import write_head
from mail.letter import letter_of
from mail.models import OutgoingMessage
from registers.services.people import correct_person, merge_persons
from registers.services.protection import set_non_disclosure
from tests.consent.pdf_structure import faults, text_of
from tests.disclosures.telling import BY, tells
from tests.factories import (
    ApartmentFactory,
    BoardSeatFactory,
    HousingCompanyFactory,
    OrganisationFactory,
    OwnershipFactory,
    PersonFactory,
    ResidencyFactory,
    ShareGroupFactory,
)

pytestmark = pytest.mark.django_db
EVERYTHING = (
    "name",
    "email",
    "apartment",
    "residency_role",
    "moved_in",
    "moved_out",
    "share_group",
    "fraction",
    "board_role",
)


def card(office, person, **facts):
    selection = Selection(
        "people", people=(person.pk,), **{k: facts.pop(k) for k in ("company", "former") if k in facts}
    )
    return tells(office, "authority", selection=selection, **{"fields": EVERYTHING} | facts)


def texts(told) -> list[dict]:
    return [{name: text for name, text in row.items() if name != "person"} for row in told.extract.rows]


def test_a_card_says_details_then_homes_shares_and_seats(office):
    person = office.people[0]

    rows = texts(card(office, person))

    assert rows[0] == {"name": person.full_name, "email": person.email}
    assert rows[1]["apartment"] == "As Oy Kaislaranta, A 1"
    assert rows[1]["moved_in"] == "1.1.2020"
    assert rows[2]["fraction"] == "1/1"
    assert rows[3]["board_role"].startswith("As Oy Kaislaranta")
    assert {row["name"] for row in rows} == {person.full_name}


def test_a_card_says_former_homes_and_those_of_other_houses_only_when_asked(office):
    person = office.people[1]
    elsewhere = ResidencyFactory(person=person, moved_in=date(2010, 1, 1), moved_out=date(2015, 1, 1))
    old = elsewhere.apartment.housing_company.name

    def homes(**facts):
        return [row["apartment"] for row in texts(card(office, person, **facts)) if "apartment" in row]

    assert homes() == ["As Oy Kaislaranta, B 2"]
    assert homes(former=True)[0].startswith(old)
    assert homes(former=True, company=office.company) == ["B 2"]


def test_a_record_of_a_card_names_the_fields_that_said_something(office):
    record = card(office, office.people[1]).record

    assert record.about.get().fields == [
        "name", "email", "apartment", "residency_role", "moved_in", "share_group", "fraction"
    ]  # fmt: skip


def test_cards_of_many_take_the_same_queries(office, django_assert_num_queries):
    def all_of():
        tells(office, "authority", selection=Selection("people", people=everybody), fields=EVERYTHING)

    everybody = (office.people[0].pk,)
    with django_assert_num_queries(60, exact=False) as first:
        all_of()
    everybody = tuple(person.pk for person in office.people)
    BoardSeatFactory(person=office.people[1], housing_company=office.company)
    with django_assert_num_queries(len(first)):
        all_of()


def test_a_card_is_a_tagged_pdf(office, staff):
    manager = staff("manager")
    told = card(office, office.people[0], file="pdf", channel="file", title="Viranomaiselle", by=manager)

    content = take(artefact=Artefact.objects.get(disclosure=told.record), by=manager)

    assert faults(content) == []
    says = text_of(content)
    assert office.people[0].email in says
    assert "As Oy Kaislaranta, A 1" in says
    assert f"Disclosure {told.record.pk}" in says


def test_present_homes_alone_are_for_a_firm(office):
    selection = Selection("people", company=office.company, people=(office.people[1].pk,), former=True)
    with pytest.raises(Refused) as said:
        tells(office, "maintenance", selection=selection, fields=["name"])
    assert [refusal.about for refusal in said.value.refusals] == ["former"]


def test_former_owners_of_ten_years_are_for_a_proven_right_alone(office):
    group = ShareGroupFactory(housing_company=office.company)
    today = timezone.localdate()
    for name, days in (("Vanha", 365 * 9), ("Muinainen", 365 * 11)):
        OwnershipFactory(
            person=PersonFactory(last_name=name), share_group=group,
            owned_from=today - timedelta(days=days + 10), owned_until=today - timedelta(days=days),
        )  # fmt: skip

    def names(**facts):
        return {row["name"].split()[0] for row in tells(office, fields=["name"], of="owners", **facts).extract.rows}

    former = Selection("owners", company=office.company, former=True)
    assert "Vanha" not in names(kind="entitled")
    assert "Vanha" in names(kind="entitled", selection=former)
    assert "Muinainen" not in names(kind="entitled", selection=former)
    with pytest.raises(Refused):
        names(kind="anyone", selection=former)


def test_a_recipient_outside_the_registers_is_named_beside_the_log(office):
    reader = OutsideRecipient.objects.create(name="Lukija Liisa", contact="Kuja 1")

    record = tells(office, "anyone", recipient=reader, fields=["name"], of="owners").record

    assert lines([record])[0].recipient == "Lukija Liisa"
    assert "Lukija" not in str(list(Disclosure.objects.values()))
    assert [row.pk for row in log(LogFilter(outside=reader.pk))] == [record.pk]
    reader.delete()
    assert lines([Disclosure.objects.get()])[0].recipient == "no longer in the register"


def test_a_firm_is_no_outsider(office):
    reader = OutsideRecipient.objects.create(name="Huolto Oy")
    with pytest.raises(Refused) as said:
        tells(office, "maintenance", recipient=reader)
    assert [refusal.about for refusal in said.value.refusals] == ["recipient"]


def test_a_contact_list_is_for_the_firm_with_an_open_order(office):
    rows = texts(tells(office, "maintenance", fields=["name", "apartment", "phone"]))

    assert [row["phone"] for row in rows] == [person.phone for person in (office.people[n] for n in (0, 2, 1, 3))]


def test_who_asked_for_it_stands_on_no_name_board_but_on_other_lists(office, staff):
    service = staff("customer_service")
    leave_off_name_boards(person=office.people[1], by=service)
    leave_off_name_boards(person=office.people[1], by=service)

    told = tells(office, "residents")

    assert office.people[1].pk not in told.extract.told()
    assert told.record.left_out_removed == 1
    assert office.people[1].pk in tells(office).extract.told()
    put_on_name_boards(person=office.people[1], by=service)
    assert office.people[1].pk in tells(office, "residents").extract.told()


def test_the_log_is_exported_as_a_disclosure_of_its_own(office):
    first = tells(office).record
    told = tells(
        office, "controller", selection=Selection("told", log=LogFilter(kind="board")),
        fields=["name", "told_at", "told_to", "told_fields", "told_why"],
    )  # fmt: skip

    rows = texts(told)
    assert {row["name"] for row in rows} == {person.full_name for person in office.people}
    assert {row["told_to"] for row in rows} == {str(office.people[0])}
    assert {row["told_fields"] for row in rows} == {"name, apartment"}
    assert told.record.pk != first.pk
    assert told.record.persons == 4
    assert [line.record.kind for line in told_about(office.people[1])] == ["controller", "board"]


def test_protected_people_are_left_out_of_an_export_of_the_log(office, staff):
    tells(office)
    set_non_disclosure(
        person=office.people[1], since=date(2026, 1, 1), until=None, reported_by="dvv", by=staff("privacy_officer")
    )

    told = tells(office, "controller", selection=Selection("told"), fields=["name", "told_to"])

    assert told.record.left_out_protected == 1
    assert office.people[1].pk not in told.extract.told()


def test_the_person_concerned_is_told_who_got_what_also_after_a_merging(office):
    tells(office)
    keep = PersonFactory(last_name=office.people[2].last_name, first_names=office.people[2].first_names)
    merge_persons(keep=keep, remove=office.people[2], by=BY)
    selection = Selection("people", people=(keep.pk,))

    rows = texts(
        tells(office, "subject", recipient=keep, selection=selection, fields=["name", "told_to", "told_fields"])
    )

    assert rows[1]["told_fields"] == "name, apartment"


def test_an_export_of_too_many_rows_is_refused(office, monkeypatch):
    tells(office)
    monkeypatch.setattr("disclosures.services.telling.MOST_EXPORTED", 3)
    with pytest.raises(Refused) as said:
        tells(office, "controller", selection=Selection("told"), fields=["told_to"])
    assert [refusal.about for refusal in said.value.refusals] == ["log"]


@pytest.mark.parametrize(
    ("chosen", "many"),
    [
        ({}, 3), ({"kind": "board"}, 2), ({"company": "own"}, 3), ({"company": "other"}, 0), ({"about": "member"}, 3),
        ({"recipient": "member"}, 2), ({"organisation": "firm"}, 1), ({"since": "today"}, 3), ({"until": "yesterday"}, 0),
        ({"what": "recalled"}, 0),
    ],
)  # fmt: skip
def test_the_log_is_chosen_by_recipient_house_person_and_days(office, chosen, many):
    tells(office), tells(office), tells(office, "maintenance")
    today = timezone.localdate()
    values = {
        "own": office.company.pk, "other": HousingCompanyFactory().pk, "member": office.people[0].pk,
        "firm": office.recipients["maintenance"].pk, "today": today, "yesterday": today - timedelta(days=1),
    }  # fmt: skip

    found = answering.log(LogFilter(**{name: values.get(value, value) for name, value in chosen.items()}))

    assert len(found) == many


def test_the_daily_head_goes_by_email_where_an_address_is_set(office, settings, tmp_path):
    settings.DATA_DIR, settings.DISCLOSURE_HEADS_TO = tmp_path, ""
    tells(office)
    write_head()
    assert not OutgoingMessage.objects.exists()
    settings.DISCLOSURE_HEADS_TO = "heads@example.com"

    write_head()

    message = OutgoingMessage.objects.get()
    assert (message.kind, message.program) == ("system", "log of disclosures")
    letter = letter_of(message)
    assert letter.to == "heads@example.com"
    assert heads_file().read_text().splitlines()[-1] in letter.text


def test_an_unknown_address_for_heads_is_said_and_the_file_is_written(office, settings, tmp_path):
    settings.DATA_DIR, settings.DISCLOSURE_HEADS_TO = tmp_path, "nowhere"
    tells(office)
    with pytest.raises(ValidationError):
        write_head()
    assert (tmp_path / "disclosure-heads.txt").read_text().split()[1] == "1"


def test_djangos_own_dump_refuses(db):
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("dumpdata", "registers.person")


def test_a_program_tells_on_a_schedule_too(office):
    assert tells(office, by=Program("evening")).record.program == "evening"


def test_the_share_register_names_companies_and_estates_too(office):
    estate = OrganisationFactory(name="Eino Esimerkin kuolinpesä", street_address="Kuja 1")
    group = ShareGroupFactory(housing_company=office.company)
    OwnershipFactory(person=None, organisation=estate, share_group=group)

    told = tells(office, "entitled", fields=["name", "address", "fraction"])

    assert {"name": str(estate), "address": "Kuja 1", "fraction": "1/1"} in texts(told)
    assert told.record.persons == 4


def test_who_has_no_other_address_is_reached_at_home(office):
    correct_person(person=office.people[1], changes={"street_address": "Muualla 3"}, source="phone", by=BY)

    rows = {row["name"]: row["address"] for row in texts(tells(office, "entitled", fields=["name", "address"]))}

    assert rows[office.people[0].full_name].startswith("Rantatie 5 A 1")
    assert rows[office.people[1].full_name] == "Muualla 3"


def test_nothing_to_tell_is_no_disclosure(office, staff):
    selection = Selection("people", people=(office.people[1].pk,))
    with pytest.raises(Refused) as said:
        tells(office, "authority", selection=selection, fields=["identity_code"], by=staff("manager"))
    assert [refusal.about for refusal in said.value.refusals] == ["people"]


def test_a_firm_is_told_of_nobody_who_has_moved_out(office):
    office.people[1].residencies.update(moved_out=date(2024, 1, 1))
    office.people[1].ownerships.update(owned_until=date(2024, 1, 1))
    selection = Selection("people", company=office.company, people=(office.people[1].pk,))
    with pytest.raises(Refused) as said:
        tells(office, "maintenance", selection=selection, fields=["name", "phone"])
    assert [refusal.about for refusal in said.value.refusals] == ["people"]


def test_a_tenant_stands_in_no_share_register(office):
    tenant = ResidencyFactory(apartment=office.people[0].residencies.get().apartment).person
    selection = Selection("people", company=office.company, people=(tenant.pk,))
    with pytest.raises(Refused) as said:
        tells(office, "entitled", selection=selection, fields=["name", "date_of_birth"])
    assert [refusal.about for refusal in said.value.refusals] == ["people"]


@pytest.mark.parametrize(
    ("kind", "of"), [("entitled", "residents"), ("residents", "owners"), ("collection", "residents")]
)
def test_each_class_is_told_of_its_own_registers_alone(office, kind, of):
    with pytest.raises(Refused) as said:
        tells(office, kind, selection=Selection(of, company=office.company), fields=["name"])
    assert [refusal.about for refusal in said.value.refusals] == ["people"]


def test_the_person_concerned_gets_former_and_coming_homes_too(office):
    person = office.people[2]
    for start, end in ((date(2001, 1, 1), date(2005, 1, 1)), (date(2099, 1, 1), None)):
        ResidencyFactory(person=person, moved_in=start, moved_out=end)

    def many(**facts):
        selection = Selection("people", people=(person.pk,), **facts)
        return len(texts(tells(office, "subject", selection=selection, fields=["apartment"])))

    assert many() == 1
    assert many(former=True) == 2
    assert many(former=True, whole=True) == 3


def test_an_export_about_one_person_tells_of_that_person_alone(office):
    tells(office)
    chosen = Selection("told", log=LogFilter(about=office.people[1].pk))

    told = tells(office, "controller", selection=chosen, fields=["name", "told_to"])

    assert {row["name"] for row in texts(told)} == {office.people[1].full_name}
    assert set(told.record.about.values_list("person_key", flat=True)) == {office.people[0].pk, office.people[1].pk}
    assert told.record.about.get(person_key=office.people[0].pk).fields == ["told_to"]


def test_a_protected_recipient_is_named_to_nobody_outside(office, staff):
    tells(office)
    member = office.people[0]
    set_non_disclosure(
        person=member, since=date(2026, 1, 1), until=None, reported_by="dvv", by=staff("privacy_officer")
    )
    chosen = Selection("told", log=LogFilter(kind="board"))

    told = tells(office, "controller", selection=chosen, fields=["name", "told_to"])

    assert {row["told_to"] for row in texts(told)} == {"board member"}
    assert member.pk not in told.record.about.values_list("person_key", flat=True)


def test_an_identity_code_is_no_name_of_a_recipient(office):
    reader = OutsideRecipient.objects.create(name="Koodi 010190-999W")
    with pytest.raises(ValidationError, match="identity code"):
        tells(office, "anyone", recipient=reader, fields=["name"])


def test_a_rehearsal_asks_everything_and_takes_no_number(office, staff):
    manager = staff("manager")
    first = tells(office).record
    for _round in range(3):
        assert tells(office, rehearsal=True, by=manager, channel="file", file="pdf").record.pk is None
    with pytest.raises(Refused):
        tells(office, rehearsal=True, evidence={})

    assert Disclosure.objects.get() == first
    assert tells(office).record.pk == first.pk + 1


def test_an_export_takes_the_same_queries_for_any_number(office, django_assert_num_queries):
    def export():
        tells(office, "controller", selection=Selection("told"), fields=["name", "told_to"])

    tells(office)
    export()
    with django_assert_num_queries(60, exact=False) as first:
        export()
    for number in range(6):
        ResidencyFactory(apartment=ApartmentFactory(building=office.building, number=60 + number))
    tells(office)
    with django_assert_num_queries(len(first)):
        export()
