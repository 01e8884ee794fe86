"""Stages a resident list: who is new, who changed, who is not listed any more."""

from datetime import date
from typing import Any

from registers.designation import Designation
from registers.imports.headers import HeaderMatch
from registers.imports.places import Place, Places
from registers.imports.problems import Problem, Severity
from registers.imports.records import ResidentRow
from registers.imports.resident_plan import INCOMING, plan_residents, prepare_incoming
from registers.imports.resident_rows import apartment_of
from registers.imports.residents import incoming_residents
from registers.imports.review import Cells, Findings, remark, save_planned, save_rejected
from registers.imports.row_reader import Options, RowReader
from registers.imports.rows import Understanding
from registers.imports.table import Table
from registers.imports.tables import copy_rows, execute, fetch

# Apartments of which some row was rejected: who seems to be missing there may be the one on that row.
MISSING = """
INSERT INTO registers_importrow (run_id, position, numbers, change, skipped, protected, values, differences, problems,
    person_id, linked, target_key)
SELECT %(run)s, %(after)s + row_number() OVER (ORDER BY a.building_id, a.staircase, a.number, a.suffix, p.sort_key),
    '{}', 'moved_out', false, p.is_protected,
    jsonb_strip_nulls(jsonb_build_object('building_id', a.building_id, 'staircase', nullif(a.staircase, ''),
        'number', a.number, 'suffix', nullif(a.suffix, ''), 'last_name', p.last_name, 'first_names', p.first_names,
        'born', p.date_of_birth, 'role', r.role, 'moved_in', r.moved_in)),
    jsonb_build_object('moved_out', jsonb_build_array(NULL, NULL)), '[]', p.id, false, r.id
FROM registers_residency r
JOIN registers_apartment a ON a.id = r.apartment_id
JOIN registers_person p ON p.id = r.person_id
WHERE a.building_id IN (SELECT DISTINCT building_id FROM staged)
  AND r.moved_out IS NULL AND (r.moved_in IS NULL OR r.moved_in <= %(today)s)
  AND NOT EXISTS (SELECT FROM planned n WHERE n.target_key = r.id)
  AND NOT EXISTS (SELECT FROM planned n WHERE n.apartment_id = a.id AND n.change = 'rejected')
  AND NOT (concat_ws(' ', nullif(a.staircase, ''), a.number, nullif(a.suffix, '')) = ANY(%(uncertain)s))
"""
NEW_PLACES = """
SELECT count(DISTINCT (p.place)), count(DISTINCT i.new_building)
FROM planned p JOIN incoming i USING (row) WHERE p.apartment_id IS NULL AND p.change <> 'rejected'
"""


def stage_residents(
    run: Any, table: Table, match: HeaderMatch, understanding: Understanding, findings: Findings, *, today: date
) -> tuple[list[Place], dict[str, int]]:
    """Save the staged rows. Returns the buildings that would be new, and how many places would."""
    rows = [row for row in understanding.rows if isinstance(row, ResidentRow)]
    places = Places(run.housing_company, rows, default=run.options.get("building_address", ""))
    uncertain = _rejected_apartments(table, match, understanding)
    prepare_incoming()
    apartments = {row.row: row.apartment for row in rows}

    def report(problem: Problem) -> None:
        findings.add(problem)
        uncertain.append(apartments[problem.row or 0])

    copy_rows("incoming", INCOMING, incoming_residents(rows, places, run.housing_company, report))
    plan_residents(run.housing_company_id, today=today)
    remark(findings, Cells(table, match.columns))
    is_known = "p.apartment_id IS NOT NULL"
    save_planned(run.pk, numbers="ARRAY[p.row]", ordered="coalesce(i.ordered, false)", known=is_known)
    save_rejected(run.pk, findings)
    if None in uncertain:
        findings.add(Problem(None, "", "nobody_taken_as_moved_out", {}, Severity.NOTE))
    else:
        known = [apartment.text for apartment in uncertain if apartment]
        after = max(table.row_numbers, default=0)
        execute(MISSING, run=run.pk, after=after, today=today, uncertain=known)
    apartments_made, buildings_made = fetch(NEW_PLACES)[0]
    new = {place.number: place for place in places.new.values()}
    return list(new.values()), {"new_apartments": apartments_made, "new_buildings": buildings_made}


def _rejected_apartments(table: Table, match: HeaderMatch, understanding: Understanding) -> list[Designation | None]:
    """Of rows that are not understood; None for one that can't be read. A repeated row says what another says."""
    repeated = {problem.row for problem in understanding.problems if problem.code == "duplicate_row"}
    reader = RowReader(match, Options(today=date.max))
    found = []
    for number, cells in table.numbered():
        if number in understanding.rejected_rows and number not in repeated:
            reader.start(number, cells)
            found.append(apartment_of(reader))
    return found
