"""Refuses: Django's own dump would carry the registers out past the door, readable and without a record."""

from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("anything", nargs="*")

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError(
            "Personal data leaves by the office's pages, with a record. For a backup use pg_dump: docs/operations.md."
        )
