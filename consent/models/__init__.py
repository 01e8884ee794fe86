"""Why data may be kept, what people said to it, who receives it, and what people were told."""

from consent.models.consent import ConsentEvent, ConsentRequest, Objection, Suppression
from consent.models.notice import NoticeVersion, PrivacyNotice
from consent.models.profile import ControllerProfile
from consent.models.purpose import LegalBasis, Purpose, PurposeVersion
from consent.models.recipient import Recipient, SubProcessor

__all__ = [
    "ConsentEvent",
    "ConsentRequest",
    "ControllerProfile",
    "LegalBasis",
    "NoticeVersion",
    "Objection",
    "PrivacyNotice",
    "Purpose",
    "PurposeVersion",
    "Recipient",
    "SubProcessor",
    "Suppression",
]
