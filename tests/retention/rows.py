"""A row of every table that ends with a person: a new one must be added here, or the suite fails."""

from datetime import UTC, date, datetime

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from accounts.acting import acting
from accounts.models import AuditEntry
from consent.models import ConsentEvent, Objection, PurposeVersion
from disclosures.models import ChangeSeen, NameBoardRemoval
from registers.models import AccessEntry, Controller, FormerKey, ImportRow, Organisation, PersonAccount
from registers.services.identity_codes import store_identity_code
from retention.models import ComingEnd, Hold
from rights.models import MoveNotification
from tests.factories import (
    BoardSeatFactory,
    ImportRunFactory,
    OrganisationFactory,
    OutgoingMessageFactory,
    OwnershipFactory,
    ResidencyFactory,
    ShareGroupFactory,
    identity_code,
)
from tests.retention.people import BY, LAST_YEAR, LONG_AGO

BORN = date(1980, 5, 5)


def _user():
    user = get_user_model().objects.filter(email="writer@office.example").first()
    with acting(BY):
        return user or get_user_model().objects.create_user("writer@office.example", name="Kirjoittaja")


def identity(person, house):
    number = 900 + person.pk % 99
    store_identity_code(person=person, code=identity_code(BORN, number), ground="law", source="phone", by=BY)


def hold(person, house):
    """Released already: a standing one would stop the erasure."""
    at = datetime(2025, 1, 1, tzinfo=UTC)
    Hold.objects.create(
        person=person, reason="asia", review_on=date(2025, 2, 1), placed_at=at, placed_by=_user(),
        released_at=at, released_by=_user(), released_because="valmis",
    )  # fmt: skip


def import_row(person, house):
    run = ImportRunFactory(housing_company=house.company)
    ImportRow.objects.create(run=run, position=1, change="new", values={"last_name": person.last_name}, person=person)


def name_board(person, house):
    NameBoardRemoval.objects.create(person=person, user_email="writer@office.example")


def ownership(person, house):
    """Sold long ago by whoever has moved out, last year by whoever lives here."""
    sold = date(2010, 1, 1) if has_left(person) else LAST_YEAR
    group = ShareGroupFactory(housing_company=house.company)
    OwnershipFactory(person=person, share_group=group, owned_from=date(2005, 1, 1), owned_until=sold)


def board_seat(person, house):
    ended = date(2018, 1, 1) if has_left(person) else LAST_YEAR
    BoardSeatFactory(person=person, housing_company=house.company, term_from=date(2016, 1, 1), term_until=ended)


def account(person, house):
    """Of somebody who sits on the board, or did."""
    board_seat(person, house)
    with acting(BY):
        user = get_user_model().objects.create_user(person.email, name=person.full_name, is_staff=False)
        PersonAccount.objects.create(user=user, person=person, invited_at=datetime(2024, 1, 1, tzinfo=UTC))
        AuditEntry.objects.filter(content_type__model="user", object_id=user.pk).update(person_key=person.pk)


def has_left(person):
    return not person.residencies.filter(moved_out=None).exists()


def look(person, house):
    AccessEntry.objects.create(
        kind="unmasked", user_key=1, user_email="writer@office.example", person_key=person.pk,
        reason=f"Kysyi {person.last_name} itse",
    )  # fmt: skip


def consent(person, house):
    version = PurposeVersion.objects.filter(purpose__code="marketing").earliest("pk")
    ConsentEvent.objects.create(
        kind="given", purpose=version.purpose, version=version, channel="email", person_key=person.pk, language="fi",
        text="Saa lähettää.", means="phone", evidence=f"Kysyi {person.last_name} itse", program="tests",
    )  # fmt: skip
    with connection.cursor() as cursor:  # so long ago that nothing of it counts any more
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE consent_consentevent SET at = '2021-01-01' WHERE person_key = %s", [person.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def objection(person, house):
    controller = Controller.objects.earliest("pk")
    Objection.objects.create(
        controller=controller, person_key=person.pk, means="phone", note=f"Soitti {person.last_name}", program="tests"
    )


def move(person, house):
    MoveNotification.objects.create(
        person_key=person.pk, kind="out", on=LONG_AGO, message=f"{person.last_name} muuttaa", program="tests"
    )


TEXTS = {
    "registers.accessentry": "reason",
    "consent.consentevent": "evidence",
    "consent.objection": "note",
}  # of logs that keep their rows
MAKERS = {
    "registers.person": lambda person, house: None,
    "registers.identitycode": identity,
    "registers.residency": lambda person, house: ResidencyFactory(
        person=person, apartment=house.other, moved_in=date(2012, 1, 1), moved_out=LONG_AGO
    ),
    "registers.ownership": ownership,
    "registers.boardseat": board_seat,
    "registers.personaccount": account,
    "registers.formerkey": lambda person, house: FormerKey.objects.create(key=person.pk + 1_000_000, person=person),
    "registers.organisation": lambda person, house: OrganisationFactory(kind="estate", deceased=person),
    "registers.importrow": import_row,
    "disclosures.nameboardremoval": name_board,
    "disclosures.changeseen": lambda person, house: ChangeSeen.objects.create(
        entry=10_000_000 + person.pk, person_key=person.pk, at=datetime(2026, 1, 1, tzinfo=UTC), transaction=1
    ),
    "mail.outgoingmessage": lambda person, house: OutgoingMessageFactory(person_key=person.pk),
    "retention.hold": hold,
    "rights.movenotification": move,
    "retention.comingend": lambda person, house: ComingEnd.objects.create(
        person_key=person.pk, what="whole", told_on=date(2026, 1, 1)
    ),
    "registers.accessentry": look,
    "consent.consentevent": consent,
    "consent.objection": objection,
    "accounts.auditentry": lambda person, house: None,  # written with the person
}


def rows_left(label, person):
    """How many rows of the table still say something of the person."""
    if label == "accounts.auditentry":
        entries = AuditEntry.objects.filter(person_key=person.pk, scrubbed_at=None)
        return entries.exclude(changes=None).count()
    if label in TEXTS:
        rows = apps.get_model(label).objects.filter(person_key=person.pk)
        assert rows.exists(), "the log keeps its rows"
        return rows.exclude(**{f"{TEXTS[label]}__in": ("", "–")}).count()
    if label == "registers.organisation":
        return Organisation.objects.filter(deceased=person.pk).count()
    from registers.inventory import about_person, entry_of, inventory

    entry = next(entry for entry in inventory() if entry.label == label)
    assert entry_of(entry.model) is entry
    return entry.model._base_manager.filter(about_person(entry, person.pk)).count()
