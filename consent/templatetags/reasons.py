"""Words of this room in its pages."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.classification import Category
from consent.citations import cited
from consent.models import PurposeVersion
from consent.services.purposes import SHIPPED
from consent.texts import in_language
from consent.words import Channel, Mark, RecipientClass, SubjectClass
from registers.models.base import Source

register = template.Library()
register.filter("in_language", in_language)
register.filter("cited", cited)


def _names(choices: Any) -> Any:
    return lambda values: ", ".join(str(choices(value).label) for value in values)


for name, choices in (
    ("category_names", Category),
    ("subject_names", SubjectClass),
    ("recipient_names", RecipientClass),
    ("source_names", Source),
    ("channel_names", Channel),
):
    register.filter(name, _names(choices))


@register.filter(name="str")
def text(value: Any) -> str:
    return str(value)


@register.filter
def consent_sentence(version: PurposeVersion) -> str:
    return version.consent_sentence((get_language() or "fi")[:2])


@register.filter
def reason_text(reason: str) -> str:
    """The software's own reason in the reader's language; everybody else's as they wrote it."""
    return _("Shipped default") if reason == SHIPPED else reason


@register.simple_tag
def mark(code: str) -> str:
    """What stands behind a default: a statute, guidance, or nothing but our own judgement."""
    return format_html('<span class="badge">{}</span>', Mark(code).label)
