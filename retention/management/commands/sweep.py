"""Erase what has ended on a day: plan, run, verify. Without --yes it says what it would do."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError

from accounts.acting import Program
from accounts.models import User
from retention.management.commands._answers import Answering
from retention.models import Sweep
from retention.services.approving import approve_sweep
from retention.services.planning import cancel_sweep, plan_sweep
from retention.services.rewriting import rewrite
from retention.services.sweeping import LedgerBehind, open_sweep, run_sweep, start_sweep

BY = Program("sweep")


class Command(Answering):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="erase")
        parser.add_argument(
            "--approved-by", nargs=2, metavar="EMAIL", help="two persons who may release the brake, by their accounts"
        )
        parser.add_argument("--no-rewrite", action="store_true", help="leave the files of the tables as they are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._sweep(options)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        except PermissionDenied:
            raise CommandError("One of these accounts may not approve erasures.") from None
        except LedgerBehind:
            raise CommandError("The database was restored from a backup: run replay_erasures first.") from None

    def _sweep(self, options: dict[str, Any]) -> None:
        going_on = open_sweep()
        if going_on is not None and going_on.state in (Sweep.State.RUNNING, Sweep.State.VERIFYING):
            sweep = going_on  # a killed run is finished first
        else:
            if going_on is not None and not options["approved_by"]:
                raise ValidationError(f"Erasure {going_on.pk} is open: approve or cancel it first.")
            sweep = going_on or plan_sweep(on=self.day_of(options), by=BY)
            if not options["yes"]:
                self._answer(options, sweep)
                cancel_sweep(sweep=sweep, by=BY)
                return
            for email in options["approved_by"] or ():
                if sweep.brake:
                    approve_sweep(sweep=sweep, by=self._user(email))
            sweep.refresh_from_db()
            sweep = start_sweep(sweep=sweep, by=BY)
        if sweep.state == Sweep.State.WAITING:
            self._answer(options, sweep)
            sys.exit(2)
        sweep = run_sweep(sweep.pk, rewrite=None if options["no_rewrite"] else rewrite)
        self._answer(options, sweep)
        if sweep.state == Sweep.State.FAILED:
            sys.exit(1)

    def _user(self, email: str) -> User:
        try:
            return User.objects.get(email=email.lower())
        except User.DoesNotExist:
            raise CommandError(f"There is no account {email}.") from None

    def _answer(self, options: dict[str, Any], sweep: Sweep) -> None:
        said = {
            "sweep": sweep.pk,
            "state": sweep.state,
            "on": sweep.on,
            "persons": sweep.persons,
            "partly": sweep.partly,
            "held": sweep.held,
            "rows": sweep.counts,
            "brake": sweep.brake,
            "verification": sweep.verification,
            "on_disk": sweep.rewriting,
        }
        lines = [
            f"Erasure {sweep.pk}, {sweep.get_state_display()}: {sweep.persons} people whole, {sweep.partly} in part,"
            f" {sweep.held} held."
        ]
        if sweep.brake and sweep.state == Sweep.State.WAITING:
            lines.append(f"The brake has stopped it: {sweep.brake}. Two persons must approve it.")
        self.answer(options, said, lines)
