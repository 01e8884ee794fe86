"""Words of this room in its pages."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from retention.explain import category_name, rule_words
from retention.models import RetentionRule
from retention.records import is_known
from retention.shipped import REASON

register = template.Library()
register.filter("rule_words", rule_words)
register.filter("category_name", category_name)


@register.filter
def change_reason(reason: str) -> str:
    """The software's own reason in the reader's language; everybody else's as they wrote it."""
    return _("Shipped default") if reason == REASON else reason


@register.simple_tag
def no_register(rule: RetentionRule) -> str:
    """A mark where the rule counts from an event of which nothing is recorded yet."""
    if not rule.event or is_known(rule.event):
        return ""
    return format_html(' <span class="badge warn">{}</span>', _("no such register yet"))
