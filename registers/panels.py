"""Panels: what rooms show on the desk and on the pages of a person, an apartment and a company.

A room registers its panels in its apps.py, so that these pages gather from rooms that the registers do not know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

# Gives the template's context, or None when there is nothing to show to this user.
Fill = Callable[[HttpRequest, Any], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    place: str  # "desk", "person", "apartment", "company"
    order: int
    template: str
    fill: Fill


_panels: list[Panel] = []


def register_panel(place: str, order: int, template: str, fill: Fill) -> None:
    _panels.append(Panel(place, order, template, fill))


def panels_for(place: str, request: HttpRequest, subject: Any = None) -> list[dict[str, Any]]:
    """The filled panels of a page, in their order: dicts with `template` and what it needs."""
    filled = []
    for panel in sorted((p for p in _panels if p.place == place), key=lambda p: p.order):
        context = panel.fill(request, subject)
        if context is not None:
            filled.append({"template": panel.template} | context)
    return filled
