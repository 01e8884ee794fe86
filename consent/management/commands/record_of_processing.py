"""Write the record of processing activities (GDPR Art. 30) to a file: the management company's, or one controller's."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from consent.queries.purposes import controllers
from consent.records.documents import FORMATS
from consent.texts import LANGUAGES
from registers.models import Controller
from registers.validation import clean_business_id


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=list(FORMATS), required=True)
        parser.add_argument("--controller", metavar="BUSINESS_ID", help="a housing company's own record")
        parser.add_argument("--language", choices=LANGUAGES, default=settings.LANGUAGE_CODE[:2])
        parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["output"]
        controller = self.controller(options["controller"])
        if path.exists():
            raise CommandError(f"{path} exists already; nothing was written.")
        content = FORMATS[options["format"]].make(controller, options["language"])
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            raise CommandError(f"{path} exists already; nothing was written.") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{path}: {controller.name}, {len(content)} bytes.")

    def controller(self, business_id: str | None) -> Controller:
        if business_id is None:
            found = controllers().filter(housing_company=None).first()
            if found is None:
                raise CommandError("There is no management company in the register yet.")
            return found
        try:
            found = controllers().filter(business_id=clean_business_id(business_id)).first()
        except ValidationError:
            raise CommandError(f"{business_id} is no business ID.") from None
        if found is None:
            raise CommandError(f"No controller has the business ID {business_id}.")
        return found
