"""What left, sealed in a chain, and files on their way."""

from disclosures.models.artefact import Artefact
from disclosures.models.disclosure import Channel, DisclosedPerson, Disclosure, Seal

__all__ = ["Artefact", "Channel", "DisclosedPerson", "Disclosure", "Seal"]
