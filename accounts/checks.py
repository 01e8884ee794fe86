"""Checks at start: the demo's accounts stay in the demo."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections


@register(Tags.database)
def no_demo_accounts_outside_the_demo(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO or "default" not in (databases or []):
        return []
    from accounts.models import User

    try:
        if "accounts_user" not in connections["default"].introspection.table_names():
            return []
        found = User.objects.filter(is_demo=True).count()
    except DatabaseError:
        return []
    if not found:
        return []
    return [
        Error(
            f"{found} account(s) of the demo office exist in a database that is not a demo.",
            hint="They cannot sign in. Delete them: manage.py remove_demo_accounts",
            id="accounts.E001",
        )
    ]
