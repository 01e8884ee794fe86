"""What other rooms write into the evidence of a record: its names and values, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User

Leads = Callable[[str, User], str]  # the value, for whom → an address, or "" where nothing is to be seen


@dataclass(frozen=True)
class Words:
    label: Any
    values: Mapping[str, Any] = field(default_factory=dict)
    leads_to: Leads | None = None


WORDS: dict[str, Words] = {}


def register_evidence(
    name: str, label: Any, values: Mapping[str, Any] | None = None, leads_to: Leads | None = None
) -> None:
    """`values`: what stands for each code; anything else is shown as it is."""
    WORDS[name] = Words(label, values or {}, leads_to)
