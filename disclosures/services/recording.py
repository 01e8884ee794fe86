"""Writing the record: its number, its persons and its file, always together."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from disclosures.asking import Recipient
from disclosures.files import FORMATS
from disclosures.models import Artefact, DisclosedPerson, Disclosure, OutsideRecipient
from registers.models import Organisation, Person

RIGHT = "disclosures.disclose"
RETURN = "disclosures.return_registers"  # of a whole housing company
READING = 0x0A19  # held, shared, by who reads for a disclosure; whoever looks for changes waits for it
TAKEN_WITHIN = timedelta(hours=24)


def next_number() -> int:
    """The number under which a record will stand, so that its file can name it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('disclosures_disclosure', 'id'))")
        return int(cursor.fetchone()[0])


def begin_reading() -> str:
    """What is running now, for the record: "own xmin:xmax:running". Changes that it does not show are found later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s), pg_current_xact_id()::text || ' ' || pg_current_snapshot()::text",
            [READING],
        )
        return str(cursor.fetchone()[1])


def recipient_columns(recipient: Recipient) -> dict[str, Any]:
    return {
        "organisation_key": recipient.pk if isinstance(recipient, Organisation) else None,
        "recipient_person_key": recipient.pk if isinstance(recipient, Person) else None,
        "outside": recipient if isinstance(recipient, OutsideRecipient) else None,
    }


def write_record(record: Disclosure, told: Mapping[int, tuple[str, ...]], file: str = "", content: bytes = b"") -> None:
    """`told`: person's key → fields. With `file` ("pdf", …), `content` can be taken out once, within a day."""
    if file:
        record.artefact_sha256 = hashlib.sha256(content).hexdigest()
    record.persons = len(told)
    record.save(force_insert=True)
    DisclosedPerson.objects.bulk_create(
        [DisclosedPerson(disclosure=record, person_key=key, fields=list(names)) for key, names in sorted(told.items())],
        batch_size=5000,
    )
    if file:
        expires = timezone.now() + TAKEN_WITHIN
        Artefact.objects.create(
            disclosure=record, content=content, media_type=FORMATS[file], extension=file, expires_at=expires
        )
