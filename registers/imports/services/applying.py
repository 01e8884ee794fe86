"""Applying what was accepted: one transaction, whole or not at all."""

import logging
from typing import cast

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone, translation

from accounts.acting import acting, check_may
from accounts.models import User
from accounts.refusals import refusal_of
from registers.imports.apply_residents import write_residents
from registers.imports.apply_shares import leave_excess, write_shares
from registers.imports.places import Place
from registers.imports.progress import Steps
from registers.imports.replan import plan_again
from registers.imports.services.runs import RIGHT, State, actor_of, begun, claimed, fail
from registers.imports.tables import drop, execute, fetch
from registers.models import HousingCompany, ImportRow, ImportRun
from registers.queries.visibility import may_see_protected
from registers.signals import people_arrived

logger = logging.getLogger(__name__)
_STEPS = 9

LOCK_PEOPLE = """
SELECT id FROM registers_person WHERE id IN (
    SELECT person_id FROM registers_importrow WHERE run_id = %(run)s AND accepted) ORDER BY id FOR NO KEY UPDATE
"""
LOCK_TARGETS = """
SELECT id FROM {table} WHERE id IN (
    SELECT target_key FROM registers_importrow WHERE run_id = %(run)s AND accepted) ORDER BY id FOR NO KEY UPDATE
"""
# Only what is still as it was shown. An order is honoured even where nothing else of the row may be written.
CHOSEN = """
CREATE TEMP TABLE chosen ON COMMIT DROP AS
SELECT s.*, {more} p.spelled_last, p.spelled_first, p.who, p.person_id, p.target_key, p.differences,
       NOT %(may_see)s AND p.differences ? 'non_disclosure' AS order_alone,
       count(*) OVER (PARTITION BY p.who) > 1 AS who_is_repeated
FROM registers_importrow r JOIN planned p ON p.row = r.position JOIN staged s ON s.row = p.row
WHERE r.run_id = %(run)s AND r.accepted AND r.change IN ('new', 'changed') AND r.change = p.change
  AND r.person_id IS NOT DISTINCT FROM p.person_id AND r.target_key IS NOT DISTINCT FROM p.target_key
  AND r.differences = p.differences AND (%(may_see)s OR NOT p.is_protected)
"""
GONE_RESIDENTS = """
CREATE TEMP TABLE gone ON COMMIT DROP AS
SELECT r.id AS staged_row, x.id AS target_key, %(ended_on)s::date AS on_day
FROM registers_importrow r JOIN registers_residency x ON x.id = r.target_key AND x.person_id = r.person_id
JOIN registers_person p ON p.id = x.person_id
WHERE r.run_id = %(run)s AND r.accepted AND r.change = 'moved_out' AND x.moved_out IS NULL
  AND (x.moved_in IS NULL OR x.moved_in <= %(ended_on)s) AND (%(may_see)s OR NOT p.is_protected)
  AND NOT EXISTS (SELECT FROM planned n WHERE n.target_key = x.id)
"""
GONE_OWNERS = """
CREATE TEMP TABLE gone ON COMMIT DROP AS
SELECT r.id AS staged_row, x.id AS target_key, e.on_day
FROM registers_importrow r JOIN registers_ownership x ON x.id = r.target_key
    AND x.person_id IS NOT DISTINCT FROM r.person_id
CROSS JOIN LATERAL (SELECT coalesce((r.differences -> 'owned_until' ->> 1)::date, %(ended_on)s) AS on_day) e
LEFT JOIN registers_person p ON p.id = x.person_id
WHERE r.run_id = %(run)s AND r.accepted AND r.change = 'moved_out' AND x.owned_until IS NULL
  AND (x.owned_from IS NULL OR x.owned_from <= e.on_day) AND (%(may_see)s OR p.is_protected IS NOT TRUE)
  AND NOT EXISTS (SELECT FROM planned n WHERE n.target_key = x.id)
"""
SKIP = """
UPDATE registers_importrow r SET skipped = true,
    problems = r.problems || jsonb_build_array(jsonb_build_array(NULL, '', 'changed_meanwhile', '{}'::jsonb, 'reject'))
WHERE r.run_id = %(run)s AND r.accepted
  AND NOT EXISTS (SELECT FROM chosen c WHERE c.row = r.position AND r.change <> 'moved_out')
  AND NOT EXISTS (SELECT FROM gone g WHERE g.staged_row = r.id)
"""
# Of somebody who is to be protected, the rest of the row is for those who may see protected people.
LEAVE_TO_OTHERS = """
UPDATE registers_importrow r SET skipped = true,
    problems = r.problems || jsonb_build_array(jsonb_build_array(r.position, '', 'order_alone', '{}'::jsonb, 'note'))
FROM chosen c WHERE r.run_id = %(run)s AND r.position = c.row AND r.change <> 'moved_out' AND c.order_alone
  AND (c.target_key IS NULL OR c.differences - 'non_disclosure' <> '{}')
"""

ARRIVED = """
SELECT id FROM newcomers UNION SELECT id FROM corrections
UNION SELECT person_id FROM chosen WHERE person_id IS NOT NULL
"""


def apply_import(*, run: int) -> None:
    """The work of a worker. A failure of any kind leaves the registers as they were."""
    if not begun(run, State.APPLYING):
        return
    try:
        with transaction.atomic():
            found = claimed(run, State.APPLYING)
            if found is not None:
                with acting(actor_of(found)), translation.override(found.options.get("language", "fi")):
                    _apply(found)
    except IntegrityError as error:
        refusal = refusal_of(error)
        if refusal is None:
            logger.exception("Import %s broke a constraint", run)
        fail(run, State.APPLYING, "constraint" if refusal else "unexpected", {"text": str(refusal)} if refusal else {})
    except OperationalError:
        # A deadlock, or the database went away: the run stays as it is, and the schedule takes it up again.
        raise
    except Exception:
        logger.exception("Import %s could not be applied", run)
        fail(run, State.APPLYING, "unexpected")


def _apply(run: ImportRun) -> None:
    by = actor_of(run)
    check_may(by, RIGHT)
    if run.identity_code_ground:
        check_may(by, "registers.store_identity_code")
    # One import of a company after the other, so that each sees what the one before has made.
    assert run.housing_company_id is not None
    HousingCompany.objects.select_for_update(no_key=True).get(pk=run.housing_company_id)
    step = Steps(run.pk, _STEPS)
    fetch(LOCK_PEOPLE, run=run.pk)
    residents = run.kind == ImportRun.Kind.RESIDENTS
    fetch(LOCK_TARGETS.format(table="registers_residency" if residents else "registers_ownership"), run=run.pk)
    plan_again(run, today=timezone.localdate())
    step()
    drop("chosen", "gone", "newcomers", "corrections", "new_homes", "new_bodies", "new_groups")
    may_see = may_see_protected(by)
    chosen = CHOSEN.format(more="" if residents else "p.organisation_id, p.splits,")
    execute(chosen, run=run.pk, may_see=may_see)
    gone = GONE_RESIDENTS if residents else GONE_OWNERS
    execute(gone, run=run.pk, may_see=may_see, ended_on=run.ended_on)
    execute("CREATE UNIQUE INDEX ON chosen (row)")
    execute("ANALYZE chosen (row, who, place, person_id, target_key)")
    execute(SKIP, run=run.pk)
    if not may_see:
        execute(LEAVE_TO_OTHERS, run=run.pk)
    step()
    user = by.pk if isinstance(by, User) else None
    if residents:
        places = [Place(**place) for place in run.options.get("places", [])]
        write_residents(run=run, places=places, user=user, step=step)
    else:
        leave_excess(run.pk, run.ended_on)
        write_shares(run=run, groups=run.options.get("groups", []), user=user, ended_on=run.ended_on, step=step)
    arrived = [key for (key,) in fetch(ARRIVED)]
    heard = people_arrived.send(ImportRun, person_ids=arrived, by=by)
    remarks: dict[str, int] = {}
    for _receiver, answer in heard:
        remarks |= cast(dict[str, int], answer or {})
    applied = fetch("SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM gone)")[0]
    # What was applied stands in the registers and their trail; a second copy has no purpose.
    rows = run.rows.exclude(change=ImportRow.Change.REJECTED).exclude(skipped=True)
    rows.delete()
    skipped = run.rows.filter(skipped=True).count()
    counts = {"applied": applied[0], "applied_moved_out": applied[1], "skipped": skipped}
    run.move_to(State.DONE, counts=run.counts | counts | remarks)
    step()
