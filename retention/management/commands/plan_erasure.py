"""What would end on a day, and what holds the rest: the real run, rolled back."""

from typing import Any

from django.db import transaction

from accounts.acting import Program
from retention.management.commands._answers import Answering, said_of
from retention.models import Sweep, SweepBatch
from retention.queries.keep_until import holds_of
from retention.services.planning import OPEN, look_ahead, plan_sweep
from retention.services.sweeping import rehearse


class Command(Answering):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        on = self.day_of(options)
        with transaction.atomic():
            # Beside a sweep that is open: it is taken out of sight for the length of this rehearsal.
            open_now = Sweep.objects.filter(state__in=OPEN)
            SweepBatch.objects.filter(sweep__in=open_now).delete()
            open_now.update(state=Sweep.State.CANCELLED)
            found = look_ahead(on)
            sweep = plan_sweep(on=on, by=Program("plan_erasure"))
            rows = rehearse(sweep).rows
            held = {person: [said_of(hold) for hold in holds_of(person)] for person in found.held}
            brake, records = sweep.brake, sweep.records
            transaction.set_rollback(True)
        said = {
            "on": on,
            "persons": found.whole,
            "categories": found.partly,
            "rows": rows,
            "records": records,
            "held": {str(person): reasons for person, reasons in held.items()},
            "brake": brake,
        }
        lines = [
            f"On {on}: {len(found.whole)} people end whole, a part of {len(found.people) - len(found.whole)} more."
        ]
        lines += [f"  {table}: {number}" for table, number in rows.items()]
        lines += [f"  {code}: {number} by their own period" for code, number in records.items()]
        lines.append(f"Held: {len(found.held)}.")
        if brake:
            lines.append(f"The brake would stop it: {brake}. Two persons would have to approve it.")
        self.answer(options, said, lines)
