"""The defaults that the software ships: purposes with their citations, profiles, controllers of known installations."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from registers.models import Controller

FOLDER = Path(__file__).resolve().parent / "defaults"


@lru_cache(maxsize=8)
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def kind_of(controller: Controller) -> str:
    return "management" if controller.housing_company_id is None else "housing_company"


def shipped_purposes(kind: str, register: str = "general") -> list[dict[str, Any]]:
    """The purposes that such a controller begins with, as they stand in purposes.toml."""
    found = _read("purposes.toml")["purpose"]
    return [purpose for purpose in found if kind in purpose["controllers"] and purpose["register"] == register]


def shipped_profile(kind: str) -> dict[str, dict[str, str]]:
    return dict(_read("profile.toml")[kind])


def shipped_controller(name: str) -> dict[str, str]:
    """The details of a controller whose installation loads them. Raises FileNotFoundError."""
    return dict(_read(f"controllers/{name}.toml"))


def shipped_controllers() -> list[str]:
    return sorted(path.stem for path in (FOLDER / "controllers").glob("*.toml"))


def promises() -> list[dict[str, str]]:
    """The published policy's promises, each with the words by which a notice makes it."""
    return list(_read("promises.toml")["promise"])
