"""Whether anything still leads to erased people, and whether ledger and database agree. Exit code 1 when not."""

import sys
from typing import Any

from retention.management.commands._answers import Answering
from retention.models import ErasureRecord
from retention.services import ledger
from retention.services.verifying import left_of


class Command(Answering):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        left = left_of(until=options["on"])
        records = ErasureRecord.objects.all()
        if options["on"]:
            records = records.filter(at__date__lte=options["on"])
        state = ledger.state()
        broken = 0
        try:
            for _line in ledger.lines():
                pass
        except FileNotFoundError:
            pass
        except ledger.LedgerBroken as found:
            broken = found.number
        whole = not left and not broken and not state.is_behind and not state.is_lost
        said = {
            "whole": whole,
            "records": records.count(),
            "left": left,
            "ledger": {"in_file": state.in_file, "in_database": state.in_database, "broken_at": broken},
        }
        lines = [f"{said['records']} erasures on record."]
        lines += [f"Left in {row['table']}: {row['rows']} rows." for row in left]
        if broken:
            lines.append(f"The ledger is broken at entry {broken}.")
        if state.is_behind:
            lines.append("The database was restored from a backup: run replay_erasures.")
        if state.is_lost:
            lines.append("The ledger lacks entries that were written to it.")
        if whole:
            lines.append("Nothing leads to erased people; ledger and database agree.")
        self.answer(options, said, lines)
        if not whole:
            sys.exit(1)
