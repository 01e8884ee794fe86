"""Load a known management company's details with the shipped purposes and a first privacy notice."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.acting import Program
from consent.models import PrivacyNotice
from consent.services.controllers import load_controller
from consent.services.notices import publish
from consent.shipped import shipped_controllers
from consent.words import RegisterKind

INSTALLATION = Program("installation")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=shipped_controllers(), help="whose installation this is")
        parser.add_argument("--publish", action="store_true", help="publish the notice at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            controller = load_controller(name=options["name"], by=INSTALLATION)
            notice = PrivacyNotice.objects.get(controller=controller, register=RegisterKind.GENERAL)
            if options["publish"]:
                publish(notice=notice, by=INSTALLATION)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(f"{controller.name} is loaded; its notice is at /privacy/{notice.slug}/ when published.")
