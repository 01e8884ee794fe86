"""Erase what has ended on a day: plan, run, verify. Without --yes it says what it would do.

What is open already, planned or left by a killed worker, goes on before anything new is planned. What the brake has
stopped (exit code 2) waits for two persons in the office; the same command starts it when they have approved it.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from accounts.acting import Program
from retention.management.commands._answers import Answering
from retention.models import Sweep
from retention.services.planning import cancel_sweep, plan_sweep
from retention.services.rewriting import rewrite
from retention.services.sweeping import LedgerBehind, open_sweep, run_sweep, start_sweep

BY = Program("sweep")


class Command(Answering):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="erase")
        parser.add_argument("--no-rewrite", action="store_true", help="leave the files of the tables as they are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._sweep(options)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        except LedgerBehind:
            raise CommandError("The database was restored from a backup: run replay_erasures first.") from None

    def _sweep(self, options: dict[str, Any]) -> None:
        sweep = open_sweep() or plan_sweep(on=self.day_of(options), by=BY)
        if not options["yes"]:
            self._answer(options, sweep)
            if sweep.program == BY.name and sweep.state == Sweep.State.PLANNED:
                cancel_sweep(sweep=sweep, by=BY)
            return
        if sweep.state == Sweep.State.PLANNED:
            sweep = start_sweep(sweep=sweep, by=BY)
        if sweep.state == Sweep.State.WAITING:
            self._answer(options, sweep)
            sys.exit(2)
        sweep = run_sweep(sweep.pk, rewrite=None if options["no_rewrite"] else rewrite)
        self._answer(options, sweep)
        if sweep.state == Sweep.State.FAILED:
            sys.exit(1)

    def _answer(self, options: dict[str, Any], sweep: Sweep) -> None:
        said = {
            "sweep": sweep.pk,
            "state": sweep.state,
            "on": sweep.on,
            "persons": sweep.persons,
            "partly": sweep.partly,
            "held": sweep.held,
            "rows": sweep.counts,
            "records": sweep.records,
            "brake": sweep.brake,
            "verification": sweep.verification,
            "on_disk": sweep.rewriting,
        }
        lines = [
            f"Erasure {sweep.pk}, {sweep.state}: {sweep.persons} people whole, {sweep.partly} in part,"
            f" {sweep.held} held."
        ]
        if sweep.brake and sweep.state == Sweep.State.WAITING:
            lines.append(f"The brake has stopped it: {sweep.brake}. Two persons must approve it in the office.")
        self.answer(options, said, lines)
