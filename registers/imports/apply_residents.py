"""Writes the accepted rows of a resident list. Set-based, in the transaction of whoever calls.

Works on `planned`, made anew, and on `chosen`: the accepted rows whose plan is still the one that was reviewed.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from registers.imports.places import Place
from registers.imports.tables import execute, fetch, script
from registers.imports.trail import altered, made
from registers.models import Apartment, Building, IdentityCode, Person, Residency
from registers.fields import MASK

PERSON_FIELDS = (
    "last_name", "first_names", "date_of_birth", "phone", "email", "street_address", "postal_code", "post_office",
    "language",
)  # fmt: skip
HOME_FIELDS = ("role", "moved_in", "moved_out")
_TEXTS = ("phone", "email", "street_address", "postal_code", "post_office")

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


def _first(column: str) -> str:
    return f"(array_agg({column} ORDER BY row) FILTER (WHERE {column} IS NOT NULL))[1]"


# One person of the file may stand on several rows; most stand on one, which needs no sorting.
NEW_PEOPLE = f"""
CREATE TEMP TABLE newcomers ON COMMIT DROP AS
SELECT nextval('registers_person_id_seq') AS id, said.* FROM (
    SELECT who, row, last_name, first_names, born, ordered, language, {", ".join(_TEXTS)}
    FROM chosen c WHERE person_id IS NULL AND NOT who_is_repeated
    UNION ALL
    SELECT who, min(row), (array_agg(last_name ORDER BY row))[1], (array_agg(first_names ORDER BY row))[1], min(born),
        bool_or(ordered), {_first("language")}, {", ".join(map(_first, _TEXTS))}
    FROM chosen c WHERE person_id IS NULL AND who_is_repeated GROUP BY who
    ORDER BY 2
) said
"""
PEOPLE = f"""
INSERT INTO registers_person (id, last_name, first_names, date_of_birth, language, {", ".join(_TEXTS)}, country,
    field_sources, non_disclosure_from, non_disclosure_source, restriction_reason, source, obtained_on)
SELECT id, last_name, coalesce(first_names, ''), born, coalesce(language, 'fi'),
    {", ".join(f"coalesce({c}, '')" for c in _TEXTS)}, '', '{{}}',
    CASE WHEN ordered THEN %(on)s::date END, CASE WHEN ordered THEN 'import' ELSE '' END, '', 'system', %(on)s
FROM newcomers ORDER BY id
"""
RESIDENCIES = """
INSERT INTO registers_residency (person_id, apartment_id, role, moved_in, moved_out, source, obtained_on)
SELECT coalesce(c.person_id, n.id), c.apartment_id, coalesce(c.role, 'other'), c.moved_in, c.moved_out, 'system', %(on)s
FROM chosen c LEFT JOIN newcomers n USING (who)
WHERE c.target_key IS NULL AND NOT c.order_alone ORDER BY c.row
"""
CODES = """
INSERT INTO registers_identitycode (person_id, code, code_index, ground, ground_note, minor_when_collected, source,
    collected_at, collected_by_id)
SELECT DISTINCT ON (c.code_index) coalesce(c.person_id, n.id), c.sealed_code, c.code_index, %(ground)s, '', false,
    'system', statement_timestamp(), %(user)s::bigint
FROM chosen c LEFT JOIN newcomers n USING (who)
WHERE c.code_index IS NOT NULL AND NOT c.order_alone AND (c.person_id IS NULL OR c.differences ? 'identity_code')
"""

# Per person, and per field the first row that says it; an order alone when the person may not be changed otherwise.
PERSON_CHANGES = """
CREATE TEMP TABLE corrections ON COMMIT DROP AS
SELECT person_id AS id, jsonb_object_agg(field, pair) AS pairs FROM (
    SELECT DISTINCT ON (c.person_id, d.key) c.person_id, d.key AS field, d.value AS pair
    FROM chosen c CROSS JOIN LATERAL jsonb_each(c.differences) d
    WHERE c.person_id IS NOT NULL AND (d.key = 'non_disclosure' OR d.key = ANY(%(fields)s) AND NOT c.order_alone)
    ORDER BY c.person_id, d.key, c.row
) said GROUP BY person_id
"""
_SOURCES = """
(SELECT coalesce(jsonb_object_agg(k.key, jsonb_build_array('system', %(on)s::text)), '{}')
 FROM jsonb_object_keys(c.pairs) AS k(key) WHERE k.key <> 'non_disclosure')
"""


def _sources_as_text(column: str) -> str:
    return (
        f"(SELECT '{{' || coalesce(string_agg(to_json(key)::text || ': ' || value::text, ', ' ORDER BY key COLLATE \"C\"),"
        f" '') || '}}' FROM jsonb_each({column}))"
    )


def _value(field: str) -> str:
    kind = "::date" if field == "date_of_birth" else ""
    return f"{field} = CASE WHEN c.pairs ? '{field}' THEN (c.pairs -> '{field}' ->> 1){kind} ELSE p.{field} END"


CORRECT = f"""
UPDATE registers_person p SET {", ".join(map(_value, PERSON_FIELDS))},
    field_sources = p.field_sources || {_SOURCES},
    non_disclosure_from = CASE WHEN c.pairs ? 'non_disclosure' THEN %(on)s::date ELSE p.non_disclosure_from END,
    non_disclosure_source = CASE WHEN c.pairs ? 'non_disclosure' THEN 'import' ELSE p.non_disclosure_source END
FROM corrections c WHERE p.id = c.id
RETURNING p.*, (
    SELECT coalesce(jsonb_object_agg(d.key, jsonb_build_array(coalesce(d.value ->> 0, 'None'), d.value ->> 1)), '{{}}')
    FROM jsonb_each(c.pairs - 'non_disclosure') d
) || CASE WHEN old.field_sources = new.field_sources THEN '{{}}'::jsonb ELSE jsonb_build_object('field_sources',
    jsonb_build_array({_sources_as_text("old.field_sources")}, {_sources_as_text("new.field_sources")})) END
|| CASE WHEN c.pairs ? 'non_disclosure' THEN jsonb_build_object(
    'non_disclosure_from', jsonb_build_array('None', %(on)s::text),
    'non_disclosure_source', jsonb_build_array('', 'import')) ELSE '{{}}'::jsonb END AS trail
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
    SELECT target_key, jsonb_build_object('moved_out', jsonb_build_array(NULL, %(ended_on)s::date)) FROM gone
) d
WHERE r.id = d.target_key AND d.differences <> '{}'
RETURNING r.*, (
    SELECT jsonb_object_agg(e.key, jsonb_build_array(coalesce(e.value ->> 0, 'None'), e.value ->> 1))
    FROM jsonb_each(d.differences) e
) AS trail
"""

PERSON_SHOWN = "btrim(last_name || ' ' || first_names)"


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


def write_residents(
    *, run: Any, places: list[Place], user: int | None, ended_on: date, step: Callable[[], None]
) -> None:
    """`step` is called after each part, for the progress bar."""
    on = run.obtained_on
    make_buildings(places, run.housing_company, on)
    designation = "concat_ws(' ', nullif(staircase, ''), number, nullif(suffix, ''))"
    made(APARTMENTS, Apartment, shown=designation, company=run.housing_company_id, on=on)
    script([FIND_APARTMENTS, NEW_PEOPLE, "CREATE UNIQUE INDEX ON newcomers (who)", "ANALYZE newcomers"])
    step()
    made(PEOPLE, Person, shown=PERSON_SHOWN, person="id", on=on)
    step()
    script([PERSON_CHANGES], fields=list(PERSON_FIELDS))
    altered(CORRECT, Person, shown=PERSON_SHOWN, person="id", on=on)
    step()
    made(RESIDENCIES, Residency, shown=_numbered(Residency), person="person_id", on=on)
    step()
    altered(MOVE, Residency, shown=_numbered(Residency), person="person_id", ended_on=ended_on)
    ground = run.identity_code_ground
    if ground:
        made(CODES, IdentityCode, shown=f"'{MASK}'", person="person_id", ground=ground, user=user)
    step()


def _numbered(model: Any) -> str:
    """SQL for the text of rows that are named by their number, in the language of the moment."""
    before, _, after = str(model(pk=987654321)).partition("987654321")
    quoted = [text.replace("'", "''").replace("%", "%%") for text in (before, after)]
    return f"'{quoted[0]}' || id || '{quoted[1]}'"
