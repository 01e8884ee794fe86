"""Geometry of the room's charts: plain numbers for SVG attributes, so that no style is needed."""

from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 360, 60
GAP = 2


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


def bars_of(values: list[int], most: int) -> list[Bar]:
    """One bar for each value on a canvas of WIDTH × HEIGHT; what is not 0 stays visible."""
    step = WIDTH / max(len(values), 1)
    found = []
    for number, value in enumerate(values):
        height = max(2.0, round(HEIGHT * value / most, 1)) if value and most else 0.0
        if height:
            found.append(Bar(round(number * step, 1), round(HEIGHT - height, 1), round(step - GAP, 1), height))
    return found


def share_until(until: date | None, on: date, last: date) -> int:
    """How far a bar from today reaches, in hundredths of the way to the last day; all of it without an end."""
    if until is None:
        return 100
    days = (last - on).days
    return max(1, min(100, round(100 * (until - on).days / days))) if days > 0 and until > on else 0
