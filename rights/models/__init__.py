"""What people ask of us, and what became of it."""

from rights.models.attachment import Attachment
from rights.models.letter import LetterTemplate
from rights.models.link import OneTimeLink
from rights.models.message import RequestMessage
from rights.models.move import MoveNotification
from rights.models.package import Package, ReviewItem
from rights.models.proposal import ProposedChange
from rights.models.request import RequestStep, SubjectRequest, Suspension

__all__ = [
    "Attachment",
    "LetterTemplate",
    "MoveNotification",
    "OneTimeLink",
    "Package",
    "ProposedChange",
    "RequestMessage",
    "RequestStep",
    "ReviewItem",
    "SubjectRequest",
    "Suspension",
]
