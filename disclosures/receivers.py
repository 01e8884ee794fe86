"""What the room hears from the registers: two records became one."""

from typing import Any

from django.db.models import DateTimeField, Func
from django.dispatch import receiver

from disclosures.models import ChangeSeen
from registers.signals import people_merged


@receiver(people_merged)
def no_notice_of_merging(sender: Any, keep: int, former: int, **kwargs: Any) -> None:
    """Rows that moved from one record to the other were neither rectified nor erased."""
    moment = Func(function="transaction_timestamp", output_field=DateTimeField())
    ChangeSeen.objects.filter(person_key__in=[keep, former], at=moment).delete()
