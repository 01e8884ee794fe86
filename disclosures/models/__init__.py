"""What left, sealed in a chain, files on their way, and breaches."""

from disclosures.models.artefact import Artefact
from disclosures.models.breach import Breach, BreachDisclosure
from disclosures.models.disclosure import Channel, DisclosedPerson, Disclosure, Seal

__all__ = ["Artefact", "Breach", "BreachDisclosure", "Channel", "DisclosedPerson", "Disclosure", "Seal"]
