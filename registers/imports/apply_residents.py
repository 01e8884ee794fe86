"""Writes the accepted rows of a resident list. Set-based, in the transaction of whoever calls.

Works on `planned`, made anew, and on `chosen`: the accepted rows whose plan is still the one that was reviewed.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from registers.imports.apply_people import numbered, write_codes, write_people
from registers.imports.places import Place
from registers.imports.tables import execute, fetch, script
from registers.imports.trail import altered, made
from registers.models import Apartment, Building, Residency

APARTMENTS = """
INSERT INTO registers_apartment (building_id, housing_company_id, staircase, number, suffix, kind, rooms,
    source, obtained_on)
SELECT building_id, %(company)s, coalesce(staircase, ''), number, coalesce(suffix, ''), 'home', '', 'system', %(on)s
FROM (SELECT DISTINCT building_id, staircase, number, suffix FROM chosen WHERE apartment_id IS NULL) missing
"""
FIND_APARTMENTS = """
UPDATE chosen c SET apartment_id = a.id FROM registers_apartment a
WHERE c.apartment_id IS NULL AND a.building_id = c.building_id AND a.staircase = coalesce(c.staircase, '')
    AND a.number = c.number AND a.suffix = coalesce(c.suffix, '')
"""
RESIDENCIES = """
INSERT INTO registers_residency (person_id, apartment_id, role, moved_in, moved_out, source, obtained_on)
SELECT coalesce(c.person_id, n.id), c.apartment_id, coalesce(c.role, 'other'), c.moved_in, c.moved_out, 'system', %(on)s
FROM chosen c LEFT JOIN newcomers n USING (who)
WHERE c.target_key IS NULL AND NOT c.order_alone ORDER BY c.row
"""
MOVE = """
UPDATE registers_residency r SET
    role = coalesce(d.differences -> 'role' ->> 1, r.role),
    moved_in = coalesce((d.differences -> 'moved_in' ->> 1)::date, r.moved_in),
    moved_out = coalesce((d.differences -> 'moved_out' ->> 1)::date, r.moved_out)
FROM (
    SELECT target_key, jsonb_strip_nulls(jsonb_build_object(
        'role', differences -> 'role', 'moved_in', differences -> 'moved_in', 'moved_out', differences -> 'moved_out'
    )) AS differences FROM chosen WHERE target_key IS NOT NULL AND NOT order_alone
    UNION ALL
    SELECT target_key, jsonb_build_object('moved_out', jsonb_build_array(NULL, on_day)) FROM gone
) d
WHERE r.id = d.target_key AND d.differences <> '{}'
RETURNING r.*, (
    SELECT jsonb_object_agg(e.key, jsonb_build_array(coalesce(e.value ->> 0, 'None'), e.value ->> 1))
    FROM jsonb_each(d.differences) e
) AS trail
"""


def write_residents(*, run: Any, places: list[Place], user: int | None, step: Callable[[], None]) -> None:
    """`step` is called after each part, for the progress bar."""
    on = run.obtained_on
    make_buildings(places, run.housing_company, on)
    designation = "concat_ws(' ', nullif(staircase, ''), number, nullif(suffix, ''))"
    made(APARTMENTS, Apartment, shown=designation, company=run.housing_company_id, on=on)
    script([FIND_APARTMENTS])
    step()
    write_people(on=on, step=step)
    named = numbered(Residency)
    made(RESIDENCIES, Residency, shown=named, person="person_id", on=on)
    step()
    altered(MOVE, Residency, shown=named, person="person_id")
    write_codes(run, user)
    step()


def make_buildings(places: list[Place], company: Any, on: date) -> None:
    """Those that an accepted row needs; by the model, for they are few."""
    needed = {number for (number,) in fetch("SELECT DISTINCT new_building FROM chosen WHERE new_building IS NOT NULL")}
    for place in places:
        if place.number not in needed:
            continue
        building = Building(
            housing_company=company,
            name=place.name,
            street_address=place.street_address,
            postal_code=company.postal_code,
            post_office=company.post_office,
            permanent_building_id=place.permanent_building_id or None,
            source="system",
            obtained_on=on,
        )
        building.save()
        statement = "UPDATE chosen SET building_id = %(building)s WHERE new_building = %(number)s"
        execute(statement, building=building.pk, number=place.number)
