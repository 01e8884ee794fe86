"""After a restore from backup: erase again what the ledger says was erased. Until then the application is closed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from retention.management.commands._answers import Answering
from retention.models import Sweep
from retention.services.ledger import LedgerBroken
from retention.services.replaying import replay


class Command(Answering):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("ledger", type=Path, nargs="?", default=Path(settings.ERASURE_LEDGER))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sweep = replay(options["ledger"], on=self.day_of(options))
        except FileNotFoundError:
            raise CommandError(f"There is no ledger at {options['ledger']}.") from None
        except LedgerBroken as broken:
            raise CommandError(f"{broken} Nothing was erased.") from None
        if sweep is None:
            self.answer(options, {"replayed": 0, "persons": 0}, ["The database has seen every erasure of the ledger."])
            return
        said = {
            "replayed": sweep.batches.count(),
            "sweep": sweep.pk,
            "persons": sweep.persons,
            "partly": sweep.partly,
            "rows": sweep.counts,
            "state": sweep.state,
        }
        self.answer(options, said, [f"Erased again: {sweep.persons} people whole, {sweep.partly} in part."])
        if sweep.state == Sweep.State.FAILED:
            raise CommandError("Something was found after it: open the erasure in the office.")
