"""What left, sealed in a chain; files on their way; approvals; notices of changes; breaches."""

from disclosures.models.artefact import Artefact
from disclosures.models.breach import Breach, BreachDisclosure
from disclosures.models.changes import ChangeSeen, RecipientNotice
from disclosures.models.checkpoint import Checkpoint
from disclosures.models.disclosure import Channel, DisclosedPerson, Disclosure, Seal
from disclosures.models.name_board import NameBoardRemoval
from disclosures.models.recipient import OutsideRecipient
from disclosures.models.request import (
    APPROVALS_NEEDED,
    LAPSES_AFTER,
    Approval,
    DisclosureRequest,
    RequestedPerson,
)

__all__ = [
    "APPROVALS_NEEDED",
    "LAPSES_AFTER",
    "Approval",
    "Artefact",
    "Breach",
    "BreachDisclosure",
    "ChangeSeen",
    "Channel",
    "Checkpoint",
    "DisclosedPerson",
    "Disclosure",
    "DisclosureRequest",
    "NameBoardRemoval",
    "OutsideRecipient",
    "RecipientNotice",
    "RequestedPerson",
    "Seal",
]
