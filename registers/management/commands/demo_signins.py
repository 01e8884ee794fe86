"""Print who may sign in to the demo office: role, email, password."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.roles import ROLES
from registers.demo.accounts import ACCOUNTS, BOARD, RESIDENT, read_signins
from registers.models import Person


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo accounts exist only with DEMO=true.")
        known = read_signins()
        rows = [(str(ROLES[role][0]), email, known.get(email, "")) for role, (email, _name) in ACCOUNTS.items()]
        if not any(password for _role, _email, password in rows):
            raise CommandError("There are no demo accounts yet: manage.py demo makes them.")
        width = max(len(role) for role, _email, _password in rows)
        for role, email, password in rows:
            self.stdout.write(f"  {role:{width}}  {email:24}  {password or '(changed)'}")
        self.stdout.write("\nThe second factor, a code that is valid for half a minute:\n")
        self.stdout.write(f"  make code EMAIL={rows[0][1]}")
        outside = [("The board's portal", BOARD), ("A resident's own pages", RESIDENT)]
        there = [(pages, email) for pages, email in outside if Person.objects.filter(email=email).exists()]
        if there:
            outbox = urljoin(settings.BASE_URL, reverse("demo_outbox"))
            self.stdout.write(f"\nBy an emailed code, which {outbox} shows:\n")
            for pages, email in there:
                self.stdout.write(f"  {pages:{width}}  {email}")
