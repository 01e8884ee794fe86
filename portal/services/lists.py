"""A list as a file: asked for with a reason, told by the one door, and taken out at once."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from disclosures.asking import Kind
from disclosures.extracts import Selection
from disclosures.models import Artefact
from disclosures.models.disclosure import Channel
from disclosures.services.files import take_for_board
from disclosures.services.looking import board_version
from disclosures.services.telling import disclose
from portal.mandates import OWNERS, RESIDENTS, SHOWN
from portal.services.looking import PROGRAM, NoPurpose
from registers.models import HousingCompany, Person


@dataclass(frozen=True)
class Taken:
    content: bytes
    media_type: str
    name: str


@transaction.atomic
def take_list(*, member: int, company: int, register: str, reason: str, file: str) -> Taken:
    """Raises `NoPurpose`, or `Refused` by the door."""
    version = board_version(company, SHOWN[register])
    if version is None:
        raise NoPurpose
    house = HousingCompany.objects.get(pk=company)
    person = Person.objects.get(pk=member)
    told = disclose(
        kind=Kind.BOARD,
        recipient=person,
        selection=Selection(register, company=house),
        fields=SHOWN[register],
        purpose=version.purpose,
        evidence={"reason": reason},
        channel=Channel.FILE,
        file=file,
        title=f"{title_of(register)}: {house}",
        by=PROGRAM,
    )
    return take_document(artefact=Artefact.objects.get(disclosure=told.record), member=person)


@transaction.atomic
def take_document(*, artefact: Artefact, member: Person) -> Taken:
    """Raises `AlreadyTaken`, `NoLongerAllowed`, PermissionDenied."""
    content = take_for_board(artefact=artefact, member=member, by=PROGRAM)
    return Taken(content, artefact.media_type, f"disclosure-{artefact.disclosure_id}.{artefact.extension}")


def title_of(register: str) -> str:
    return {RESIDENTS: _("Resident list for the board"), OWNERS: _("Share register")}[register]
