"""The plan of a run made anew from its staged rows: what the review would say if it were made now."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from registers.imports import resident_plan, share_plan
from registers.imports.share_groups import FileGroup, known_groups, new_differences
from registers.imports.tables import execute
from registers.models import Building, ImportRun

_STALE = """
UPDATE incoming SET group_differences = '{"stale": [null, null]}'
WHERE group_differences IS NOT NULL AND group_id = %(known)s OR new_group = %(new)s
"""


def load(columns: Sequence[str], condition: str = "") -> str:
    """SQL that fills `incoming` from the staged rows of a run; what was rejected takes no part any more."""
    own = ("row", "linked", "code_index", "sealed_code")
    said = [name for name in columns if name not in own]
    return (
        f"INSERT INTO incoming ({', '.join(own)}, {', '.join(said)})"  # noqa: S608
        " SELECT r.position, CASE WHEN r.linked THEN r.suggested_id END, r.code_index, r.sealed_code,"
        f" {', '.join(f'v.{name}' for name in said)}"
        " FROM registers_importrow r CROSS JOIN LATERAL jsonb_populate_record(NULL::incoming, r.values) v"
        f" WHERE r.run_id = %(run)s AND r.change IN ('new', 'changed', 'unchanged') {condition}"
    )


def plan_again(run: ImportRun, *, today: date, suggested: int | None = None) -> None:
    """Fills `planned`; with `suggested`, for the rows of that probable person alone."""
    condition = "AND r.suggested_id = %(suggested)s" if suggested else ""
    company = run.housing_company_id
    assert company is not None
    if run.kind == ImportRun.Kind.RESIDENTS:
        resident_plan.prepare_incoming()
        execute(load(resident_plan.INCOMING, condition), run=run.pk, suggested=suggested)
        _find_places(run)
        resident_plan.plan_residents(company, today=today)
    else:
        share_plan.prepare_incoming()
        execute(load(share_plan.INCOMING, condition), run=run.pk, suggested=suggested)
        _find_groups(run)
        share_plan.plan_shares(company, today=today)


def _find_places(run: ImportRun) -> None:
    """Buildings that were new at the review, and that somebody has made since."""
    for place in run.options.get("places", []):
        known = Building.objects.filter(
            housing_company=run.housing_company, name=place["name"], street_address=place["street_address"]
        ).first()
        if known is not None and place["number"] is not None:
            statement = (
                "UPDATE incoming SET building_id = %(known)s, new_building = NULL WHERE new_building = %(number)s"
            )
            execute(statement, known=known.pk, number=place["number"])


def _find_groups(run: ImportRun) -> None:
    """Groups that changed or were made since the review: the plan of their rows is marked as another one."""
    assert run.housing_company is not None
    register = {known.key: known for known in known_groups(run.housing_company)}
    names = {known.name for known in register.values()}
    for group in run.options.get("groups", []):
        if _is_stale(group, register, names):
            execute(_STALE, known=group["known"], new=None if group["known"] else group["number"])


def _is_stale(group: dict[str, Any], register: dict[int, Any], names: set[str]) -> bool:
    if group["known"] is None:
        return group["name"] in names
    known = register.get(group["known"])
    file_group = FileGroup(**group | {"ranges": [(first, last) for first, last in group["ranges"]]})
    return known is None or new_differences(file_group, known) != group["differences"]
