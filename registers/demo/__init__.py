"""An invented office: companies, homes and people, made anew from a seed and today's date."""

from collections.abc import Callable
from datetime import date

# What rooms above add to the demo office, in its transaction, when everything of the registers is there.
Addition = Callable[[date], None]
additions: list[Addition] = []


def add_to_demo(function: Addition) -> Addition:
    additions.append(function)
    return function
