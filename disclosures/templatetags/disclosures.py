"""Evidence in words."""

from typing import Any

from django import template
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from disclosures.conditions import RestrictionGround
from disclosures.forms.evidence import FIELDS_OF_EVIDENCE
from registers.dates import day

register = template.Library()


@register.filter
def evidence_name(name: str) -> str:
    """The question that it answers."""
    if name == "restriction_ground":
        return _("Ground for using restricted data")
    return str(FIELDS_OF_EVIDENCE[name]().label) if name in FIELDS_OF_EVIDENCE else _("Evidence")


@register.filter
def evidence_text(value: Any, name: str) -> str:
    if value is True:
        return _("yes")
    if name == "restriction_ground":
        return str(dict(RestrictionGround.choices).get(value, value))
    on = parse_date(value) if isinstance(value, str) and len(value) == 10 else None
    return day(on) if on else str(value)
