"""What tests of notices to recipients say over and over."""

from disclosures.models import RecipientNotice
from disclosures.services.noticing import take_changes
from registers.services.people import correct_person
from tests.disclosures.telling import BY


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
