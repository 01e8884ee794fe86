"""The plan: what would end on a day, in batches, and what holds the rest. Asked once, claimed from then on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Avg
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.services.making import made_by
from registers.models import Person
from retention.models import ComingEnd, Sweep, SweepBatch
from retention.queries.needs import verdicts_sql
from retention.queries.records import all_due
from retention.queries.rules import BITS, Scheme, limits, scheme
from retention.queries.targets import Target, targets_of
from retention.records import RECORDS
from retention.services.locks import stop_erasing
from retention.services.recipients import tell_recipients
from retention.words import WHOLE

RIGHT = "retention.run_sweeps"
BATCH = 900  # people; larger ones keep their rows locked for longer than a page should wait
PARTS = 2000  # of one category: fewer rows go
USUAL_OF = 30  # nightly sweeps
OPEN = ("planned", "waiting", "running", "verifying")

# Who has something that ended: by person, and for what is kept through a company by person and company.
DUE = """
CREATE TEMP TABLE retention_due ON COMMIT DROP AS
{verdicts}
SELECT person_id, NULL::bigint AS company_id, ruled & ~needed AS ended, held,
       needed = 0 AND ruled & {identity} <> 0 AS whole
FROM person_verdict WHERE ruled & ~needed <> 0
UNION ALL
SELECT v.person_id, v.company_id, v.ruled & ~v.needed & {of_companies}, v.held | p.held_anywhere,
       p.needed = 0 AND p.held = 0 AND p.ruled & {identity} <> 0  -- held elsewhere: this ends without the rest
FROM verdict v JOIN person_verdict p USING (person_id)
WHERE v.company_id IS NOT NULL AND v.ruled & ~v.needed & {of_companies} <> 0
"""
# By thing: who was told of for their contact details was not told of as a whole.
GRACED = """
 AND EXISTS (SELECT FROM retention_comingend e WHERE e.person_key = d.person_id AND e.told_on <= %(told_by)s
             AND e.what IN (%(what)s, 'whole'))
"""
INTO_BATCHES = """
INSERT INTO retention_sweepbatch (sweep_id, what, people, companies, erased, spared)
SELECT %(sweep)s, %(what)s, array_agg(person_id ORDER BY person_id), {companies}, 0, 0
FROM (SELECT d.person_id, d.company_id, (row_number() OVER (ORDER BY d.person_id) - 1) / %(size)s AS batch
      FROM retention_due d WHERE {condition}) chosen
GROUP BY batch ORDER BY batch
"""


@dataclass
class Found:
    """What a plan found: people by what would end, and people whom a hold keeps."""

    whole: list[int] = field(default_factory=list)
    partly: dict[str, list[int]] = field(default_factory=dict)
    held: list[int] = field(default_factory=list)

    @property
    def people(self) -> set[int]:
        return set(self.whole).union(*self.partly.values())


@service
def plan_sweep(
    *,
    on: date,
    by: User | Program,
    kind: str = Sweep.Kind.MANUAL,
    graced: bool = False,
    people: Sequence[int] | None = None,
) -> Sweep:
    """An open sweep with its batches. `graced`: only what the desk was told of long enough ago. `people`: theirs alone.

    Raises ValidationError while another one is open.
    """
    check_may(by, RIGHT)
    stop_erasing()
    if Sweep.objects.filter(state__in=OPEN).exists():
        raise ValidationError(_("Another erasure is open: finish or cancel it first."))
    speaks = scheme()
    sweep = Sweep.objects.create(
        kind=kind, on=on, rules=[rule.key for rule in speaks.rules], register_size=Person.objects.count(), **made_by(by)
    )
    find_due(speaks, on, people)
    told_by = on - timedelta(days=limits().grace_days)
    with connection.cursor() as cursor:
        for what, condition, by_company in chosen():
            companies = "array_agg(company_id ORDER BY person_id)" if by_company else "NULL::bigint[]"
            sql = INTO_BATCHES.format(companies=companies, condition=condition + (GRACED if graced else ""))
            size = BATCH if what == WHOLE else PARTS
            cursor.execute(sql, {"sweep": sweep.pk, "what": what, "size": size, "told_by": told_by})
        _count(cursor, sweep)
    if people is None:
        _plan_records(sweep, speaks)
    sweep.usual = usual()
    sweep.brake = stopped_by(sweep)
    sweep.save()
    return sweep


def _plan_records(sweep: Sweep, speaks: Scheme) -> None:
    """Records whose own period has ended: no person's data, so that no notice to the desk comes before."""
    for code, keys in all_due(speaks, sweep.on).items():
        sweep.records[code] = len(keys)
        SweepBatch.objects.bulk_create(
            SweepBatch(sweep=sweep, what=code, people=[], records=chunk) for chunk in _chunks(keys, BATCH)
        )


def _count(cursor: Any, sweep: Sweep) -> None:
    cursor.execute(
        "SELECT coalesce(sum(cardinality(people)) FILTER (WHERE what = 'whole'), 0),"
        " coalesce((SELECT count(DISTINCT p) FROM retention_sweepbatch b, unnest(b.people) p"
        "           WHERE b.sweep_id = %(sweep)s AND b.what <> 'whole'), 0)"
        " FROM retention_sweepbatch WHERE sweep_id = %(sweep)s",
        {"sweep": sweep.pk},
    )
    sweep.persons, sweep.partly = cursor.fetchone()
    cursor.execute(f"SELECT count(DISTINCT d.person_id) FROM retention_due d WHERE {HELD}")
    sweep.held = cursor.fetchone()[0]


HELD = "d.company_id IS NULL AND (d.whole AND d.held <> 0 OR d.ended & d.held <> 0)"


def find_due(speaks: Scheme, on: date, people: Sequence[int] | None = None) -> None:
    """Fill the temporary table `retention_due` of this transaction."""
    verdicts, params = verdicts_sql(speaks, on, people=people)
    of_companies = 0
    for category, bit in BITS.items():
        if any(target.entry.company_path for target in targets_of(category)):
            of_companies |= bit
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS retention_due")
        # Everybody is asked: a nested loop, which the planner would choose for the few that it expects, takes for ever.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(DUE.format(verdicts=verdicts, identity=BITS["identity"], of_companies=of_companies), params)
        cursor.execute("SET LOCAL enable_nestloop = on")
        cursor.execute("ANALYZE retention_due")


def chosen() -> list[tuple[str, str, bool]]:
    """(what ends, the condition for rows `d` of `retention_due`, whether by company): of what holds nothing."""
    found = [(WHOLE, "d.company_id IS NULL AND d.whole AND d.held = 0", False)]
    for category, bit in BITS.items():
        ended = f"NOT (d.whole AND d.held = 0) AND d.ended & {bit} <> 0 AND d.held & {bit} = 0"
        plain = [target for target in targets_of(category) if not target.entry.company_path]
        located = [target for target in targets_of(category) if target.entry.company_path]
        if plain:
            found.append((category, f"d.company_id IS NULL AND {ended} AND ({_something(plain)})", False))
        if located:
            found.append((category, f"d.company_id IS NOT NULL AND {ended} AND ({_something(located)})", True))
    return found


def _something(found: list[Target]) -> str:
    """Whether any row of the targets still holds something of the person (and company) of `d`."""
    return " OR ".join(_rows_left(target) for target in found)


def _rows_left(target: Target) -> str:
    filled = "" if target.deletes else f" WHERE {target.filled()}"
    company = " AND x.company = d.company_id" if target.entry.company_path else ""
    return f"EXISTS (SELECT FROM ({target.rows_sql()}{filled}) x WHERE x.person = d.person_id{company})"


def usual() -> float:
    """How many people a nightly sweep usually ends, the last ones counted."""
    last = Sweep.objects.filter(kind=Sweep.Kind.NIGHTLY, state=Sweep.State.DONE).order_by("-pk")[:USUAL_OF]
    return float(Sweep.objects.filter(pk__in=last.values("pk")).aggregate(mean=Avg("persons"))["mean"] or 0)


def stopped_by(sweep: Sweep) -> list[list[Any]]:
    """Why the brake stops it: [code, number] each; empty: it may run. Our own default (D), `SweepLimits`."""
    brake = limits()
    people = sweep.persons + sweep.partly
    reasons = _records_beyond(sweep, float(brake.most_percent), brake.always_allowed)
    if people <= brake.always_allowed:
        return reasons
    share = 100 * people / max(sweep.register_size, 1)
    if share > float(brake.most_percent):
        reasons.append(["share", round(share, 1)])
    if sweep.usual and people > float(sweep.usual) * brake.most_times_usual:
        reasons.append(["usual", round(people / float(sweep.usual), 1)])
    return reasons


def _records_beyond(sweep: Sweep, most_percent: float, always_allowed: int) -> list[list[Any]]:
    """Kinds of which more than the share of the brake would end at once."""
    reasons: list[list[Any]] = []
    for code, number in sweep.records.items():
        if number > always_allowed:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {RECORDS[code].table}")
                share = 100 * number / max(cursor.fetchone()[0], 1)
            if share > most_percent:
                reasons.append(["records", round(share, 1), code])
    return reasons


@transaction.atomic
def look_ahead(on: date) -> Found:
    """Who would end on a day, and who is held; writes nothing."""
    find_due(scheme(), on)
    found = Found()
    with connection.cursor() as cursor:
        for what, condition, _by_company in chosen():
            cursor.execute(f"SELECT DISTINCT d.person_id FROM retention_due d WHERE {condition} ORDER BY 1")
            people = [row[0] for row in cursor.fetchall()]
            if what == WHOLE:
                found.whole = people
            elif people:
                found.partly[what] = sorted({*found.partly.get(what, ()), *people})
        cursor.execute(f"SELECT DISTINCT d.person_id FROM retention_due d WHERE {HELD} ORDER BY 1")
        found.held = [row[0] for row in cursor.fetchall()]
    return found


@service
def announce_ends(*, on: date, by: Program) -> int:
    """Tell the desk of what ends within the days of notice; how many are new. Notices of what no longer ends go."""
    ahead = on + timedelta(days=limits().grace_days)
    found = look_ahead(ahead)
    coming = {(person, WHOLE) for person in found.whole}
    coming |= {(person, what) for what, people in found.partly.items() for person in people}
    known = set(ComingEnd.objects.values_list("person_key", "what"))
    for what in sorted({what for _person, what in known - coming}):
        ComingEnd.objects.filter(what=what, person_key__in=[p for p, w in known - coming if w == what]).delete()
    new = [ComingEnd(person_key=person, what=what, told_on=on) for person, what in sorted(coming - known)]
    ComingEnd.objects.bulk_create(new, batch_size=5000)
    for what in sorted({row.what for row in new}):  # while the letters can still name them
        tell_recipients([row.person_key for row in new if row.what == what], what)
    return len(new)


def _chunks(rows: list[Any], size: int = 1000) -> list[list[Any]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


@service
def cancel_sweep(*, sweep: Sweep, by: User | Program) -> Sweep:
    """What it has ended already stays ended; the rest is planned anew.

    One that has ended something goes on without the rest: that is verified, written anew on disk and certified.
    """
    check_may(by, RIGHT)
    locked = Sweep.objects.select_for_update().get(pk=sweep.pk)
    if "cancelled" not in Sweep.TRANSITIONS[locked.state]:
        raise ValidationError(_("This erasure can no longer be cancelled."))
    if locked.state == Sweep.State.RUNNING:
        SweepBatch.objects.filter(sweep=locked, done_at=None).delete()  # waits for a batch that is at work
        if locked.batches.filter(erased__gt=0).exists():
            locked.verification = locked.verification | {"stopped": True}
            locked.save(update_fields=["verification"])
            return locked
    locked.state, locked.done_at = Sweep.State.CANCELLED, timezone.now()
    locked.save()
    SweepBatch.objects.filter(sweep=locked, done_at=None).delete()
    return locked
