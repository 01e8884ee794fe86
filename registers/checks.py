"""System checks of the registers: every field of every model is classified."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from registers.inventory import faults


@register()
def every_field_is_classified(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return [Error(fault, hint="See accounts/classification.py.", id="registers.E001") for fault in faults()]
