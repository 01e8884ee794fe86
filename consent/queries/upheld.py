"""Objections to a purpose that were weighed and upheld (GDPR Art. 21(1)): the room that weighs them tells of them."""

from collections.abc import Callable, Mapping
from datetime import datetime

# Of a purpose (its key): person's key, of now where a merge has changed it → since when.
Upheld = Callable[[int], Mapping[int, datetime]]
_told_by: list[Upheld] = []


def register_upheld(upheld: Upheld) -> Upheld:
    _told_by.append(upheld)
    return upheld


def upheld_against(purpose: int) -> dict[int, datetime]:
    return {key: at for told in _told_by for key, at in told(purpose).items()}
