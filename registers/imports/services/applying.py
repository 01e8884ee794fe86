"""Applying what was accepted: one transaction, whole or not at all."""

import logging

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts.acting import acting, check_may
from accounts.models import User
from accounts.refusals import refusal_of
from registers.imports.apply_residents import write_residents
from registers.imports.places import Place
from registers.imports.progress import Steps
from registers.imports.resident_plan import INCOMING, plan_residents, prepare_incoming
from registers.imports.services.runs import RIGHT, State, actor_of, claimed, fail
from registers.imports.tables import drop, execute, fetch
from registers.models import Building, HousingCompany, ImportRow, ImportRun
from registers.queries.visibility import may_see_protected

logger = logging.getLogger(__name__)
_STEPS = 8

_FROM_VALUES = [name for name in INCOMING if name not in ("row", "linked", "code_index", "sealed_code")]
LOAD = f"""
INSERT INTO incoming (row, linked, code_index, sealed_code, {", ".join(_FROM_VALUES)})
SELECT r.position, CASE WHEN r.linked THEN r.suggested_id END, r.code_index, r.sealed_code,
    {", ".join(f"v.{name}" for name in _FROM_VALUES)}
FROM registers_importrow r CROSS JOIN LATERAL jsonb_populate_record(NULL::incoming, r.values) v
WHERE r.run_id = %(run)s AND r.change IN ('new', 'changed', 'unchanged')
"""
LOCK_PEOPLE = """
SELECT id FROM registers_person WHERE id IN (
    SELECT person_id FROM registers_importrow WHERE run_id = %(run)s AND accepted) ORDER BY id FOR NO KEY UPDATE
"""
# Only what is still as it was shown. An order is honoured even where nothing else of the row may be written.
CHOSEN = """
CREATE TEMP TABLE chosen ON COMMIT DROP AS
SELECT s.*, p.who, p.person_id, p.target_key, p.differences,
       NOT %(may_see)s AND p.differences ? 'non_disclosure' AS order_alone,
       count(*) OVER (PARTITION BY p.who) > 1 AS who_is_repeated
FROM registers_importrow r JOIN planned p ON p.row = r.position JOIN staged s ON s.row = p.row
WHERE r.run_id = %(run)s AND r.accepted AND r.change IN ('new', 'changed') AND r.change = p.change
  AND r.person_id IS NOT DISTINCT FROM p.person_id AND r.target_key IS NOT DISTINCT FROM p.target_key
  AND r.differences = p.differences AND (%(may_see)s OR NOT p.is_protected)
"""
GONE = """
CREATE TEMP TABLE gone ON COMMIT DROP AS
SELECT r.id AS staged_row, x.id AS target_key
FROM registers_importrow r JOIN registers_residency x ON x.id = r.target_key AND x.person_id = r.person_id
JOIN registers_person p ON p.id = x.person_id
WHERE r.run_id = %(run)s AND r.accepted AND r.change = 'moved_out' AND x.moved_out IS NULL
  AND (x.moved_in IS NULL OR x.moved_in <= %(ended_on)s) AND (%(may_see)s OR NOT p.is_protected)
  AND NOT EXISTS (SELECT FROM planned n WHERE n.target_key = x.id)
"""
SKIP = """
UPDATE registers_importrow r SET skipped = true,
    problems = r.problems || jsonb_build_array(jsonb_build_array(NULL, '', 'changed_meanwhile', '{}'::jsonb, 'reject'))
WHERE r.run_id = %(run)s AND r.accepted
  AND NOT EXISTS (SELECT FROM chosen c WHERE c.row = r.position AND r.change <> 'moved_out')
  AND NOT EXISTS (SELECT FROM gone g WHERE g.staged_row = r.id)
"""


def apply_import(*, run: int) -> None:
    """The work of a worker. A failure of any kind leaves the registers as they were."""
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
    except Exception:
        logger.exception("Import %s could not be applied", run)
        fail(run, State.APPLYING, "unexpected")


def _apply(run: ImportRun) -> None:
    by = actor_of(run)
    check_may(by, RIGHT)
    if run.identity_code_ground:
        check_may(by, "registers.store_identity_code")
    assert run.housing_company is not None
    # One import of a company after the other, so that each sees what the one before has made.
    HousingCompany.objects.select_for_update(no_key=True).get(pk=run.housing_company_id)
    step = Steps(run.pk, _STEPS)
    fetch(LOCK_PEOPLE, run=run.pk)
    places = [Place(**place) for place in run.options.get("places", [])]
    prepare_incoming()
    execute(LOAD, run=run.pk)
    _find_places(run, places)
    plan_residents(run.housing_company_id, today=timezone.localdate())
    step()
    drop("chosen", "gone", "newcomers", "corrections")
    may_see = may_see_protected(by)
    execute(CHOSEN, run=run.pk, may_see=may_see)
    execute(GONE, run=run.pk, may_see=may_see, ended_on=run.ended_on)
    execute("CREATE UNIQUE INDEX ON chosen (row)")
    execute("ANALYZE chosen")
    skipped = execute(SKIP, run=run.pk)
    step()
    user = by.pk if isinstance(by, User) else None
    write_residents(run=run, places=places, user=user, ended_on=run.ended_on, step=step)
    applied = fetch("SELECT (SELECT count(*) FROM chosen), (SELECT count(*) FROM gone)")[0]
    # What was applied stands in the registers and their trail; a second copy has no purpose.
    kept = run.rows.filter(change=ImportRow.Change.REJECTED) | run.rows.filter(skipped=True)
    run.rows.exclude(pk__in=kept.values("pk")).delete()
    counts = run.counts | {"applied": applied[0], "applied_moved_out": applied[1], "skipped": skipped}
    run.move_to(State.DONE, counts=counts)
    step()


def _find_places(run: ImportRun, places: list[Place]) -> None:
    """Buildings that were new at the review, and that somebody has made since."""
    for place in places:
        known = Building.objects.filter(
            housing_company=run.housing_company, name=place.name, street_address=place.street_address
        ).first()
        if known is not None:
            statement = "UPDATE incoming SET building_id = %(known)s, new_building = NULL WHERE new_building = %(number)s"
            execute(statement, known=known.pk, number=place.number)
