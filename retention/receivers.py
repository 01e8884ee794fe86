"""What this room does when others write."""

from typing import Any

from django.dispatch import receiver

from consent.signals import purpose_written
from retention.services.rules import adopt_rules


@receiver(purpose_written)
def rules_come_with_their_purpose(sender: Any, version: Any, by: Any, **kwargs: Any) -> None:
    adopt_rules(version, by)
