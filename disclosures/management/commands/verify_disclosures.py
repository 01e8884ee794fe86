"""Verify the log of disclosures: exit code 1 and the first broken record when it is not as it was sealed."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from disclosures.services.sealing import verify_now


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_now()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(verdict) | {"whole": verdict.is_whole}))
        elif verdict.is_whole:
            self.stdout.write(f"{verdict.sealed} disclosures are as they were sealed. Head: {verdict.head}")
        elif not verdict.broken:
            self.stdout.write(f"The log is broken: {verdict.fault}.")
        else:
            self.stdout.write(
                f"Disclosure {verdict.broken} is broken: {verdict.fault}. {verdict.sealed} before it are whole."
            )
        if not verdict.is_whole:
            sys.exit(1)
