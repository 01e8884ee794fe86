"""What the commands of this room have in common: the day, and JSON or lines."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from retention.models import Hold


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day: write it as 2026-11-22.") from None


class Answering(BaseCommand):
    """`--on DATE` and `--json`."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=day, default=None, help="the day that is asked about (2026-11-22)")
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def day_of(self, options: dict[str, Any]) -> date:
        return options["on"] or timezone.localdate()

    def answer(self, options: dict[str, Any], said: dict[str, Any], lines: list[str]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(said, default=str))
        else:
            for line in lines:
                self.stdout.write(line)


def said_of(hold: Any) -> dict[str, Any]:
    """A hold in an answer: by hand with its number and review, an automatic one with its code."""
    if isinstance(hold, Hold):
        return {"hold": hold.pk, "category": hold.category, "case": hold.case, "review_on": hold.review_on}
    return {"automatic": hold.code}
