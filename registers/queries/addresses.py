"""Whose an email address is."""

from registers.models import Person


def only_person_with(email: str) -> Person | None:
    """The person with this address, if exactly one has it: nobody is guessed."""
    found = list(Person.objects.filter(email=email.strip().lower())[:2])
    return found[0] if len(found) == 1 else None
