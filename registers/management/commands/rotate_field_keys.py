"""Encrypt every encrypted field with the first key of FIELD_KEYS. Old keys can be dropped afterwards."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.crypto import CannotDecrypt, current_key_id
from registers.services.field_keys import rotate_field_keys


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rotate_field_keys()
        except CannotDecrypt as error:
            raise CommandError(f"{error} Put the old key back into FIELD_KEYS, after the new one.") from None
        self.stdout.write(f"{count} value(s) encrypted anew; all are under key {current_key_id()}.")
