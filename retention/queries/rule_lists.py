"""The rules of a controller as they are read: by purpose and category; the versions of one."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.classification import Category
from consent.models import PurposeVersion
from consent.queries.purposes import versions
from registers.models import Controller
from retention.models import RetentionRule
from retention.queries.rules import newest_rules


@dataclass
class OfPurpose:
    """A purpose in force, its rules in force in the order of the categories, and categories without any."""

    version: PurposeVersion
    rules: list[RetentionRule] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)


def rules_of(controller: Controller) -> tuple[list[OfPurpose], list[RetentionRule]]:
    """Purposes with their rules, and the rules that have ended; a fixed number of queries."""
    found = newest_rules(purpose__controller=controller)
    order = {category: number for number, category in enumerate(Category.values)}
    found.sort(key=lambda rule: (order.get(rule.category, 0), rule.pk))
    current = [v for v in versions(purpose__controller=controller).prefetch_related(None) if v.in_force]
    made = []
    for version in current:
        own = [
            r for r in found if r.purpose_id == version.purpose_id and r.in_force and r.category in version.categories
        ]
        bare = [category for category in version.categories if category not in {rule.category for rule in own}]
        made.append(OfPurpose(version, own, bare))
    shown = {rule.pk for purpose in made for rule in purpose.rules}
    return made, [rule for rule in found if rule.pk not in shown]


def versions_of(rule: RetentionRule) -> QuerySet[RetentionRule]:
    """All versions of the rule, the newest first."""
    same = RetentionRule.objects.filter(purpose=rule.purpose_id, category=rule.category, event=rule.event)
    return same.select_related("purpose__controller__housing_company").order_by("-number")
