"""Evidence in words."""

from typing import Any

from django import template
from django.template import Context
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.conditions import RestrictionGround
from disclosures.evidence import WORDS
from disclosures.forms.evidence import FIELDS_OF_EVIDENCE
from registers.dates import day
from registers.models import BoardSeat

register = template.Library()
# The lists of the board's own pages (`portal.mandates`).
REGISTERS = {
    "residents": gettext_lazy("Residents"),
    "owners": gettext_lazy("Share register"),
    "moves": gettext_lazy("Moves of the last year"),
    "search": gettext_lazy("Search"),
}


@register.filter
def evidence_name(name: str) -> str:
    """The question that it answers."""
    if name == "restriction_ground":
        return _("Ground for using restricted data")
    if name == "register":
        return _("Looked at in the portal")
    if name in WORDS:
        return str(WORDS[name].label)
    return str(FIELDS_OF_EVIDENCE[name]().label) if name in FIELDS_OF_EVIDENCE else _("Evidence")


@register.simple_tag(takes_context=True)
def evidence_value(context: Context, value: Any, name: str) -> str:
    """In words; a link where it leads somewhere."""
    text, words = evidence_text(value, name), WORDS.get(name)
    url = words.leads_to(str(value), context["request"].user) if words and words.leads_to else ""
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def evidence_text(value: Any, name: str) -> str:
    if value is True:
        return _("yes")
    if name == "restriction_ground":
        return str(dict(RestrictionGround.choices).get(value, value))
    if name == "register":
        return str(REGISTERS.get(str(value), value))
    if name in WORDS and str(value) in WORDS[name].values:
        return str(WORDS[name].values[str(value)])
    if name == "instructed_by":
        return _seat_name(str(value))
    on = parse_date(value) if isinstance(value, str) and len(value) == 10 else None
    return day(on) if on else str(value)


def _seat_name(value: str) -> str:
    """The role and its number: whose seat it is stands on the board's own list."""
    seat = BoardSeat.objects.filter(pk=int(value)).first() if value.isdecimal() else None
    role = seat.get_role_display() if seat else _("no longer in the register")
    return _("%(role)s (board seat %(number)s)") % {"role": role, "number": value}
