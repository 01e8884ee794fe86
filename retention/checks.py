"""manage.py check: every category of every purpose has a retention rule or an exemption with its reason."""

import sys
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError
from django.utils import translation

from consent.shipped import shipped_purposes
from consent.words import RegisterKind
from retention.events import EVENTS
from retention.queries.rules import faults
from retention.shipped import shipped_rules


@register()
def shipped_rules_are_whole(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    kinds = [(kind, register) for kind in ("management", "housing_company") for register in RegisterKind.values]
    for purpose in (purpose for kind, name in kinds for purpose in shipped_purposes(kind, name)):
        rules = shipped_rules(purpose["code"])
        for category in purpose["categories"]:
            if category not in {rule["category"] for rule in rules}:
                found.append(Error(f"No shipped retention rule: {purpose['code']}/{category}.", id="retention.E001"))
        found += [
            Error(f"No such event: {purpose['code']}/{rule['event']}.", id="retention.E002")
            for rule in rules
            if rule["event"] and rule["event"] not in EVENTS
        ]
    return list({message.msg: message for message in found}.values())


@register("database")
def rules_are_whole(app_configs: Any = None, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """With `check --database default`, as all that asks the database. It never stands in the way of a migration."""
    if not databases:
        return []
    try:
        with translation.override("en"):
            found = faults()
    except DatabaseError:  # before the first migration
        return []
    kind = Warning if "migrate" in sys.argv[1:2] else Error
    return [kind(fault.text, id="retention.E003") for fault in found]
