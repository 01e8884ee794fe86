"""Print the code that a demo account's authenticator app would show now. Exists in the demo alone."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.factors import current_code
from accounts.models import User


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are no such codes: demo accounts exist only with DEMO=true.")
        user = User.objects.filter(email=options["email"].strip().lower(), is_demo=True).first()
        if user is None:
            raise CommandError("No account of the demo office has this address: manage.py demo_signins lists them.")
        try:
            self.stdout.write(current_code(user))
        except Authenticator.DoesNotExist:
            raise CommandError("This account has no authenticator app: sign in with what was added instead.") from None
