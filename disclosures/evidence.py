"""What other rooms write into the evidence of a record: its names and values, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Words:
    label: Any
    values: Mapping[str, Any] = field(default_factory=dict)


WORDS: dict[str, Words] = {}


def register_evidence(name: str, label: Any, values: Mapping[str, Any] | None = None) -> None:
    """`values`: what stands for each code; anything else is shown as it is."""
    WORDS[name] = Words(label, values or {})
