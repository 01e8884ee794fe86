"""Who made a row of an append-only table."""

from typing import Any

from accounts.acting import Program
from accounts.models import User


def made_by(by: User | Program) -> dict[str, Any]:
    if isinstance(by, Program):
        return {"user_key": None, "user_email": "", "program": by.name}
    return {"user_key": by.pk, "user_email": by.email, "program": ""}
