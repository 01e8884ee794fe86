"""Small pieces of the office's pages."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.roles import REGISTER_NAMES, RIGHT_NAMES
from registers.dates import day, span
from registers.models import AccessEntry
from registers.models.base import Source
from registers.phones import phone_number

register = template.Library()


register.filter("day", day)
register.filter("span", span)
register.filter("phone_number", phone_number)


@register.filter
def source_name(value: str) -> str:
    return str(dict(Source.choices).get(value, value))


@register.filter
def means_name(value: str) -> str:
    return str(dict(AccessEntry.Means.choices).get(value, value))


@register.simple_tag
def protected_badge() -> str:
    return format_html('<span class="badge warn">{}</span>', _("Non-disclosure order"))


@register.filter
def get(mapping: Any, key: Any) -> Any:
    return mapping.get(key)


@register.simple_tag
def not_shown() -> str:
    """A row that the user may not see: the same mark whatever the reason."""
    return format_html('<span class="badge">{}</span>', _("Not shown to you"))


@register.filter
def verbose_plural(model: Any) -> str:
    return str(model._meta.verbose_name_plural)


@register.filter
def field_label(item: Any) -> str:
    return str(getattr(item.field, "verbose_name", item.name))


@register.filter
def register_name(name: str) -> str:
    return str(REGISTER_NAMES[name])


@register.filter
def right_name(right: str) -> str:
    return str(RIGHT_NAMES[right])
