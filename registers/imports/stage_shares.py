"""Stages a share register: new and changed groups, owners, fractions, and owners who are not listed any more."""

import json
from datetime import date
from typing import Any

from registers.imports.headers import HeaderMatch
from registers.imports.owners import business_ids, fill_fractions, holdings, incoming_owners, other_company
from registers.imports.problems import Problem, Severity
from registers.imports.records import ShareRow
from registers.imports.review import Cells, Findings, remark, save_planned, save_rejected
from registers.imports.row_reader import Options, RowReader
from registers.imports.rows import Understanding
from registers.imports.share_groups import FileGroup, file_groups
from registers.imports.share_plan import INCOMING, plan_shares, prepare_incoming
from registers.imports.share_rows import group_of
from registers.imports.table import Table
from registers.imports.tables import copy_rows, execute

# An owner whose group is in the file, and who is not on its rows. The shares ended when the new owner's began, if the
# file says one day for that; else on the day that is given when it is applied.
MISSING = """
INSERT INTO registers_importrow (run_id, position, numbers, change, skipped, protected, values, differences, problems,
    person_id, linked, target_key)
SELECT %(run)s, %(after)s + row_number() OVER (ORDER BY g.id, o.id), '{}', 'moved_out', false,
    coalesce(p.is_protected, false),
    jsonb_strip_nulls(jsonb_build_object('group', g.name, 'last_name', p.last_name, 'first_names', p.first_names,
        'born', p.date_of_birth, 'organisation_name', b.name, 'fraction', o.numerator || '/' || o.denominator,
        'owned_from', o.owned_from)),
    jsonb_build_object('owned_until', jsonb_build_array(NULL, starts.on_day)), '[]', p.id, false, o.id
FROM registers_ownership o
JOIN registers_sharegroup g ON g.id = o.share_group_id
LEFT JOIN registers_person p ON p.id = o.person_id
LEFT JOIN registers_organisation b ON b.id = o.organisation_id
LEFT JOIN LATERAL (
    SELECT min(s.owned_from) AS on_day FROM planned n JOIN staged s USING (row)
    WHERE s.group_id = g.id AND n.change = 'new' AND s.owned_until IS NULL
    HAVING count(DISTINCT s.owned_from) = 1 AND count(*) = count(s.owned_from)
        AND min(s.owned_from) >= coalesce(o.owned_from, '-infinity')
) starts ON true
WHERE g.id = ANY(%(groups)s) AND o.owned_until IS NULL AND (o.owned_from IS NULL OR o.owned_from <= %(today)s)
  AND NOT EXISTS (SELECT FROM planned n WHERE n.target_key = o.id)
  AND NOT EXISTS (SELECT FROM planned n WHERE n.group_id = g.id AND n.change = 'rejected')
"""
NAMES = """
UPDATE registers_importrow r SET values = r.values || names.added
FROM jsonb_to_recordset(%(names)s::jsonb) AS names(position integer, added jsonb)
WHERE r.run_id = %(run)s AND r.position = names.position AND r.change <> 'rejected'
"""


def stage_shares(
    run: Any, table: Table, match: HeaderMatch, understanding: Understanding, findings: Findings, *, today: date
) -> tuple[list[FileGroup], dict[str, int]]:
    """Save the staged rows. Returns the groups of the file, and how many of them would be new."""
    every = [row for row in understanding.rows if isinstance(row, ShareRow)]
    rows = []
    for row in every:
        if other_company(row, run.housing_company):
            findings.add(Problem(row.row, "", "other_company"))
        else:
            rows.append(row)
    groups, hindered = file_groups(run.housing_company, rows)
    for number, (code, about) in hindered.items():
        findings.add(Problem(number, "", code, {"about": about}))
    found = holdings([row for row in rows if row.row not in hindered])
    wrong = fill_fractions(found)
    for number, code in wrong.items():
        findings.add(Problem(number, "", code))
    found = [h for h in found if not any(row.row in wrong for row in h.rows)]
    prepare_incoming()
    copy_rows("incoming", INCOMING, incoming_owners(found, groups, business_ids(rows)))
    plan_shares(run.housing_company_id, today=today)
    remark(findings, Cells(table, match.columns))
    save_planned(run.pk, numbers="i.numbers", ordered="coalesce(i.ordered, false)", known="true")
    save_rejected(run.pk, findings)
    _name_groups(run.pk, found, groups)
    uncertain = _rejected_groups(table, match, findings)
    if None in uncertain:
        findings.add(Problem(None, "", "nobody_taken_as_ended", {}, Severity.NOTE))
    else:
        sure = [group.known for key, group in groups.items() if group.known and key not in uncertain]
        execute(MISSING, run=run.pk, after=max(table.row_numbers, default=0), today=today, groups=sure)
    used = {groups[holding.group].number for holding in found}
    kept = [group for group in groups.values() if group.number in used]
    return kept, {"new_share_groups": sum(1 for group in kept if group.known is None)}


def _name_groups(run: int, found: list[Any], groups: dict[str, FileGroup]) -> None:
    """What the pages show: the group's name, and of a new one its numbers."""
    names = []
    for holding in found:
        group = groups[holding.group]
        fraction = f"{holding.fraction.numerator}/{holding.fraction.denominator}"
        names.append({"position": holding.first.row, "added": {"group": group.name, "fraction": fraction}})
    execute(NAMES, run=run, names=json.dumps(names))


def _rejected_groups(table: Table, match: HeaderMatch, findings: Findings) -> set[str | None]:
    """Keys of the groups of rejected rows; None for one that can't be read."""
    reader = RowReader(match, Options(today=date.max))
    found: set[str | None] = set()
    for number, cells in table.numbered():
        if number in findings.rejected:
            reader.start(number, cells)
            identifier, name, apartment = group_of(reader)
            key = identifier or name or (apartment.text if apartment else "")
            found.add(key.casefold() if key else None)
    return found
