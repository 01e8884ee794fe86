"""What privacy notices and the record of processing say of retention: the rules in force, in every language."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consent.models import PurposeVersion
from consent.notices.facts import Facts, register_retention
from consent.queries.purposes import end_of
from consent.texts import LANGUAGES
from retention.explain import rule_words, standing
from retention.models import RetentionRule
from retention.queries.rules import newest_rules


def lines(current: Collection[PurposeVersion], on: date) -> dict[int, list[Facts]]:
    """purpose's key → a line for each category, in the purpose's order; one query."""
    spoke: dict[str, Any] = {"at__lt": end_of(on)} if on < timezone.localdate() else {}
    rules: dict[tuple[int, str], list[RetentionRule]] = {}
    for rule in newest_rules(purpose__in=[version.purpose_id for version in current], **spoke):
        if rule.in_force:
            rules.setdefault((rule.purpose_id, rule.category), []).append(rule)
    said: dict[Any, dict[str, str]] = {}  # most controllers say the same
    found: dict[int, list[Facts]] = {}
    for version in current:
        for category in version.categories:
            own = sorted(rules.get((version.purpose_id, category), []), key=lambda rule: rule.event)
            key = tuple(_says(rule) for rule in own)
            if key:
                if key not in said:
                    said[key] = _in_all_languages(own)
                found.setdefault(version.purpose_id, []).append({"category": category, "says": said[key]})
    return found


def _says(rule: RetentionRule) -> tuple[Any, ...]:
    exempt = tuple(sorted(rule.exempt_because.items()))
    return (rule.event, rule.period, rule.action, exempt, rule.citation, rule.mark)


def _in_all_languages(rules: list[RetentionRule]) -> dict[str, str]:
    texts = {}
    for code in LANGUAGES:
        with translation.override(code):
            texts[code] = "; ".join(_with_source(rule) for rule in rules)
    return texts


def _with_source(rule: RetentionRule) -> str:
    says = rule_words(rule) if rule.event else _("nothing ends by it: %(why)s") % {"why": rule_words(rule).rstrip(".")}
    return f"{says} ({standing(rule.citation, rule.mark)})"


def stamp() -> int:
    return RetentionRule.objects.aggregate(last=Max("pk"))["last"] or 0


register_retention(lines, stamp)
