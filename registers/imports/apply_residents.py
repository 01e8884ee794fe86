"""Writes the accepted rows of a resident list. Set-based, in the transaction of whoever calls.

Works on `planned`, made anew, and on `chosen`: the accepted rows whose plan is still the one that was reviewed.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from registers.imports.apply_people import numbered, write_codes, write_people
from registers.imports.places import Place
from registers.imports.tables import fetch, script
from registers.imports.trail import altered, made
from registers.models import Apartment, Building, Residency

NEW_HOMES = """
CREATE TEMP TABLE new_homes ON COMMIT DROP AS
SELECT nextval('registers_apartment_id_seq') AS id, homes.* FROM (
    SELECT DISTINCT c.place, coalesce(c.building_id, m.building) AS building_id, c.staircase, c.number, c.suffix
    FROM chosen c LEFT JOIN jsonb_to_recordset(%(made)s::jsonb) AS m(number integer, building bigint)
        ON m.number = c.new_building
    WHERE c.apartment_id IS NULL AND NOT c.order_alone
) homes
"""
APARTMENTS = """
INSERT INTO registers_apartment (id, building_id, housing_company_id, staircase, number, suffix, kind, rooms,
    source, obtained_on)
SELECT id, building_id, %(company)s, coalesce(staircase, ''), number, coalesce(suffix, ''), 'home', '', 'system', %(on)s
FROM new_homes ORDER BY id
"""
RESIDENCIES = """
INSERT INTO registers_residency (person_id, apartment_id, role, moved_in, moved_out, source, obtained_on)
SELECT coalesce(c.person_id, n.id), coalesce(c.apartment_id, h.id), coalesce(c.role, 'other'), c.moved_in, c.moved_out,
    'system', %(on)s
FROM chosen c LEFT JOIN newcomers n USING (who) LEFT JOIN new_homes h ON h.place = c.place AND c.apartment_id IS NULL
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
    script([NEW_HOMES, "ANALYZE new_homes"], made=json.dumps(make_buildings(places, run.housing_company, on)))
    designation = "concat_ws(' ', nullif(staircase, ''), number, nullif(suffix, ''))"
    made(APARTMENTS, Apartment, shown=designation, company=run.housing_company_id, on=on)
    step()
    write_people(on=on, step=step)
    named = numbered(Residency)
    made(RESIDENCIES, Residency, shown=named, person="person_id", on=on)
    step()
    altered(MOVE, Residency, shown=named, person="person_id")
    write_codes(run, user)
    step()


def make_buildings(places: list[Place], company: Any, on: date) -> list[dict[str, int]]:
    """Those that an accepted row needs: number → key. By the model, for they are few."""
    needed = fetch("SELECT DISTINCT new_building FROM chosen WHERE new_building IS NOT NULL AND NOT order_alone")
    numbers, keys = {number for (number,) in needed}, []
    for place in places:
        if place.number is None or place.number not in numbers:
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
        keys.append({"number": place.number, "building": building.pk})
    return keys
