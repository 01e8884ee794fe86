"""What the room hears from the registers: two records became one."""

from typing import Any

from django.db.models import DateTimeField, Func
from django.dispatch import receiver
from django.utils import timezone

from disclosures.fields import FIELDS
from disclosures.models import ChangeSeen, RecipientNotice
from disclosures.services.noticing import HELD, require_notices
from registers.signals import people_merged

Change = RecipientNotice.Change


@receiver(people_merged)
def records_merged(sender: Any, keep: int, former: int, lost: list[str], restricted: bool, **kwargs: Any) -> None:
    """Rows that moved from one record to the other were neither rectified nor erased; values that gave way were."""
    moment = Func(function="transaction_timestamp", output_field=DateTimeField())
    ChangeSeen.objects.filter(person_key__in=[keep, former], at=moment).delete()
    now = timezone.now()
    codes = {code for name in lost for code in HELD.get(f"registers.person.{name}", ())}
    if codes:
        require_notices(person_key=keep, change=Change.RECTIFIED, codes=codes, before=now, told_as=[former])
    if restricted:
        require_notices(person_key=keep, change=Change.RESTRICTED, codes=set(FIELDS), before=now, told_as=[keep])
