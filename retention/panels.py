"""What this room shows on a person's page and on the desk."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.classification import Category
from accounts.models import User
from registers.admin.views.people import staff
from registers.models import Person
from registers.panels import register_panel
from registers.queries.access_log import say_how_long
from registers.queries.cards import hidden_from
from registers.queries.desk import Task, register_tasks
from retention.charts import share_until
from retention.explain import Words, category_name, hold_words, length, need_until, need_why, until_words, why_words
from retention.queries.explained import explained
from retention.queries.keep_until import Kept
from retention.queries.rules import faults, newest_rules
from retention.records import LOOKED

VIEW = "retention.view_retention"


def kept_panel(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """Until when each category of the person's data is kept, why, and what stops its end."""
    if not staff(request).has_perm(VIEW):
        return None
    if hidden_from(staff(request), person):
        return {"hidden": True}
    on = timezone.localdate()
    kept, words = explained(person.pk)
    last = max((need.until for held in kept for need in held.needs if need.until), default=on)
    return {"lines": [_line(held, words, on, last) for held in kept], "on": on, "last": last if last > on else None}


def _line(held: Kept, words: Words, on: date, last: date) -> dict[str, Any]:
    over = held.until is not None and held.until <= on
    others = [need for need in held.needs if need is not held.decisive]
    return {
        "name": category_name(held.category),
        "until": until_words(held, words, on),
        "why": why_words(held, words),
        "share": share_until(held.until, on, last),
        "state": "over" if over else "open" if held.until is None else "",
        "holds": [hold_words(hold, reasons=True) for hold in held.holds],
        "others": [f"{need_why(need, words)} – {need_until(need, words)}" for need in others],
    }


register_panel("person", 42, "retention/panels/kept.html", kept_panel)


@say_how_long
def looks_are_kept() -> str:
    """For how long the log of looks is kept, by the longest rule that speaks of it."""
    periods = [rule.period for rule in newest_rules(event=LOOKED, category=Category.USAGE) if rule.in_force]
    today = timezone.localdate()
    return length(max(periods, key=lambda period: period.end_of(today))) if periods else ""


@register_tasks
def rule_tasks(user: User, on: date) -> list[Task]:
    """Data of which no rule says when it ends."""
    if not user.has_perm("retention.change_rules"):
        return []
    missing = len(faults())
    if not missing:
        return []
    text = ngettext("%(n)d retention rule is missing", "%(n)d retention rules are missing", missing)
    return [Task(text % {"n": missing}, reverse("admin:retention_rules"))]
