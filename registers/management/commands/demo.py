"""Fill empty registers with the invented demo office and make its accounts."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registers.demo.accounts import ensure_accounts
from registers.demo.office import PEOPLE_PER_COMPANY, is_empty, load

DEFAULT_COMPANIES = 12


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--companies", type=int, help="housing companies (one for 50 people)")
        parser.add_argument("--persons", type=int, help="people, former residents and owners included (50 per company)")
        parser.add_argument("--seed", type=int, default=1, help="another number makes another office")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are registers already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo office is invented data: it is loaded only with DEMO=true, never in production."
            )
        if not is_empty():
            if not options["if_empty"]:
                raise CommandError("There are registers already: the demo office is loaded into empty ones alone.")
            ensure_accounts()
            self.stdout.write("There are registers already.")
            return
        people = options["persons"] or (options["companies"] or DEFAULT_COMPANIES) * PEOPLE_PER_COMPANY
        companies = options["companies"] or max(1, people // PEOPLE_PER_COMPANY)
        if not 1 <= companies <= people:
            raise CommandError("There must be at least one company, and at least one person for each.")
        started = time.monotonic()
        load(people=people, companies=companies, seed=options["seed"], today=timezone.localdate(), say=self.say)
        self.stdout.write(f"Loaded in {time.monotonic() - started:.1f} s.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
