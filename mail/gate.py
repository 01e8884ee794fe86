"""The gate: the room above answers whether a message may go for its purpose. Without an answer it may not."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mail.models import OutgoingMessage

# Gives the short code of the reason why the message must not go to this address, or None.
Gate = Callable[[OutgoingMessage, str], str | None]
NO_GATE, NO_PURPOSE = "no_gate", "no_purpose"

_gate: Gate | None = None
_reasons: dict[str, Any] = {NO_GATE: _("nothing allows it"), NO_PURPOSE: _("it has no purpose")}


class MayNotSend(Exception):
    """The gate refused. `reason` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def register_gate(function: Gate, *, reasons: Mapping[str, Any] | None = None) -> None:
    """Called once, in the `ready()` of the room that knows purposes. `reasons`: code → what the office reads."""
    global _gate
    _gate = function
    _reasons.update(reasons or {})


def refusal_of(message: OutgoingMessage, to: str) -> str | None:
    """Why the message must not go, or None. Only what is sent for a purpose is asked about."""
    if message.kind != OutgoingMessage.Kind.PURPOSE:
        return None
    if message.purpose_key is None:
        return NO_PURPOSE
    return NO_GATE if _gate is None else _gate(message, to)


def reason_name(code: str) -> str:
    return str(_reasons.get(code, code))
