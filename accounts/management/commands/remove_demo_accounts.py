"""Delete the demo office's accounts from a database that is not a demo."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.acting import Program, acting
from accounts.models import User


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(Program("remove_demo_accounts")):
            count, _rows = User.objects.filter(is_demo=True).delete()
        self.stdout.write(f"{count} row(s) deleted.")
