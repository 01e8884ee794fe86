"""The retention rules that the software ships (law.md's table), by purpose."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

RULES = Path(__file__).resolve().parent / "defaults" / "rules.toml"
REASON = "Shipped default"
LIMITS: dict[str, Any] = {
    "most_percent": 5,
    "most_times_usual": 5,
    "always_allowed": 20,
    "grace_days": 14,
    "processor_days": 90,
    "quiet_from": 1,
    "quiet_until": 5,
    "reason": REASON,
}


@lru_cache(maxsize=1)
def _all() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


def shipped_rules(code: str) -> list[dict[str, Any]]:
    """The rules of a purpose as values of `RetentionRule`."""
    return [_values(entry) for entry in _all().get(code, [])]


def _values(entry: dict[str, Any]) -> dict[str, Any]:
    if "exempt" in entry:
        return {"category": entry["category"], "event": "", "action": "keep", "exempt_because": entry["exempt"]}
    return dict(entry)
