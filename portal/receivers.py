"""What the room hears from the registers: the address of somebody who has an account changes."""

from typing import Any

from django.dispatch import receiver

from portal.services.own_accounts import OWN_PAGES, tell_old_address
from registers.models import Person, PersonAccount
from registers.signals import address_changes


@receiver(address_changes)
def address_will_change(sender: Any, person: Person, old: str, **kwargs: Any) -> None:
    if PersonAccount.objects.filter(person=person, user__is_active=True, user__is_staff=False).exists():
        tell_old_address(person, old, OWN_PAGES)
