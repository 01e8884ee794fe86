"""Retention rules: taking the shipped ones over, changing one, ending one. Each change is a new version."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.models import Purpose, PurposeVersion
from consent.services.making import made_by
from registers.validation import refuse_identity_code
from retention.models import RetentionRule, SweepLimits
from retention.services.locks import stop_erasing
from retention.shipped import REASON, shipped_rules

RIGHT = "retention.change_rules"


@dataclass(frozen=True)
class RuleSays:
    """What a version of a rule is to say."""

    category: str
    event: str
    action: str
    years: int = 0
    months: int = 0
    days: int = 0
    from_year_end: bool = False
    exempt: Any = None  # {language: text}
    citation: str = ""
    mark: str = "D"

    def values(self) -> dict[str, Any]:
        own = dict(vars(self))
        return own | {"exempt_because": own.pop("exempt") or {}}


def adopt_rules(version: PurposeVersion, by: User | Program) -> int:
    """The shipped rules of the purpose become its own, for categories that have none yet; how many are new."""
    ruled = set(RetentionRule.objects.filter(purpose=version.purpose_id).values_list("category", flat=True))
    made = [
        RetentionRule(purpose_id=version.purpose_id, number=1, reason=REASON, **values, **made_by(by))
        for values in shipped_rules(version.purpose.code)
        if values["category"] not in ruled and values["category"] in version.categories
    ]
    RetentionRule.objects.bulk_create(made)
    return len(made)


@service
def write_rule(
    *, purpose: Purpose, says: RuleSays, reason: str, by: User | Program, seen: int | None = None
) -> RetentionRule:
    """The next version of the purpose's rule for this category and event, or its first.

    `seen`: the version that the change was made from (0: none); another one is a conflict.
    """
    check_may(by, RIGHT)
    stop_erasing()
    last = _last(purpose, says.category, says.event)
    if seen is not None and seen != (last.number if last else 0):
        raise ValidationError(_("Somebody else has changed this rule meanwhile. Open it again."))
    if last is not None and last.in_force and all(getattr(last, k) == v for k, v in says.values().items()):
        raise ValidationError(_("Nothing was changed."))
    return _write(purpose, last, says.values(), reason, by)


@service
def end_rule(*, rule: RetentionRule, reason: str, by: User | Program) -> RetentionRule:
    """From now on nothing is counted by it. What it said stays readable."""
    check_may(by, RIGHT)
    stop_erasing()
    last = _last(rule.purpose, rule.category, rule.event)
    if last is None or not last.in_force:
        raise ValidationError(_("This rule has ended already."))
    values = {name: getattr(last, name) for name in RuleSays("", "", "").values()}
    return _write(rule.purpose, last, values, reason, by, in_force=False)


def _last(purpose: Purpose, category: str, event: str) -> RetentionRule | None:
    rows = RetentionRule.objects.filter(purpose=purpose, category=category, event=event)
    return rows.order_by("-number").first()


def _write(
    purpose: Purpose,
    last: RetentionRule | None,
    values: dict[str, Any],
    reason: str,
    by: User | Program,
    in_force: bool = True,
) -> RetentionRule:
    number = last.number + 1 if last else 1
    for text in (reason, values["citation"], *values["exempt_because"].values()):
        refuse_identity_code(str(text))
    if not reason.strip():
        raise ValidationError({"reason": _("Write why the rule is changed.")})
    rule = RetentionRule(
        purpose=purpose, number=number, in_force=in_force, reason=reason.strip(), **values, **made_by(by)
    )
    rule.full_clean()
    rule.save()
    return rule


@service
def set_limits(*, values: dict[str, Any], reason: str, by: User | Program) -> SweepLimits:
    """The brake, the days of notice and the quiet hours from now on."""
    check_may(by, RIGHT)
    stop_erasing()
    if not reason.strip():
        raise ValidationError({"reason": _("Write why the limits are changed.")})
    refuse_identity_code(reason)
    row = SweepLimits(**values, reason=reason.strip(), **made_by(by))
    row.full_clean()
    row.save()
    return row
