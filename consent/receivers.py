"""What the room hears from the registers: somebody came whose contact is banned from marketing."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.acting import Program
from consent.services.objections import recognise
from registers.models import Person, Residency
from registers.signals import people_arrived

RECOGNITION = Program("recognition of objections")


@receiver(post_save, sender=Person)
def person_saved(sender: Any, instance: Person, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        recognise(person_ids=[instance.pk], by=RECOGNITION)


@receiver(post_save, sender=Residency)
def residency_saved(sender: Any, instance: Residency, raw: bool = False, **kwargs: Any) -> None:
    """A new home is a new postal address."""
    if not raw:
        recognise(person_ids=[instance.person_id], by=RECOGNITION)


@receiver(people_arrived)
def people_came(sender: Any, person_ids: list[int], **kwargs: Any) -> dict[str, int]:
    return {"objected": recognise(person_ids=person_ids, by=RECOGNITION)}
