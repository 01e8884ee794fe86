"""The staged rows of a run, as people review them: made from a plan, and from what could not be understood."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registers.imports.problems import Problem, Severity
from registers.imports.table import BadCell, Cell, Table
from registers.imports.tables import copy_rows, execute, fetch, script
from registers.imports.values.text import text_of, without_identity_codes

# (row, column, code, parameters, severity), as ImportRow.problems holds them.
Stored = list[Any]
LISTED_NOTES = 500


def stored(problem: Problem) -> Stored:
    return [problem.row, problem.column, problem.code, dict(problem.params), str(problem.severity)]


def restored(entry: Stored) -> Problem:
    row, column, code, params, severity = entry
    return Problem(row, column, code, params, Severity(severity))


@dataclass
class Findings:
    """Everything found on the way besides the plan. `problems` of rows by row number; `notes` of the file."""

    problems: dict[int, list[Stored]] = field(default_factory=dict)
    rejected: set[int] = field(default_factory=set)
    protected: frozenset[int] = frozenset()
    notes: list[Stored] = field(default_factory=list)

    def add(self, problem: Problem, *, of_no_row: Iterable[int] = ()) -> None:
        if problem.row is None or problem.row in of_no_row:
            self.notes.append(stored(problem))
            return
        self.problems.setdefault(problem.row, []).append(stored(problem))
        if problem.severity is Severity.REJECT:
            self.rejected.add(problem.row)


class Cells:
    """The cells of rows to correct, as text; identity codes are left out of them."""

    def __init__(self, table: Table, columns: Mapping[int, str]) -> None:
        self._rows = dict(table.numbered())
        self._hidden = {index for index, name in columns.items() if name == "identity_code"}

    def of(self, row: int) -> list[str]:
        return ["" if i in self._hidden else _shown(cell) for i, cell in enumerate(self._rows[row])]


def _shown(cell: Cell) -> str:
    if isinstance(cell, BadCell):
        return cell.text
    return without_identity_codes(text_of(cell))[:500]


CREATE_REMARKS = """
CREATE TEMP TABLE remarks (row integer, problems jsonb, cells jsonb, is_protected boolean) ON COMMIT DROP
"""

SAVE_PLANNED = """
INSERT INTO registers_importrow (run_id, position, numbers, change, skipped, protected, values, differences, problems,
    person_id, suggested_id, linked, target_key, sealed_code, code_index)
SELECT %(run)s, p.row, {numbers}, p.change, false, p.is_protected OR {ordered},
    CASE WHEN p.change = 'rejected' THEN jsonb_build_object('cells', m.cells)
         ELSE jsonb_strip_nulls(to_jsonb(i) - '{{row,linked,code_index,sealed_code}}'::text[])
              || CASE WHEN {known} THEN '{{}}'::jsonb ELSE '{{"apartment_known": false}}' END END,
    p.differences,
    coalesce(m.problems, '[]')
    || CASE WHEN p.code IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_array(
        p.row, '', p.code, jsonb_strip_nulls(jsonb_build_object('about', p.about)), 'reject')) END
    || CASE WHEN p.ended_in_register IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_array(
        p.row, '', 'ended_in_register',
        jsonb_build_object('day', to_char(p.ended_in_register, 'FMDD.FMMM.YYYY')), 'note')) END,
    CASE WHEN p.change <> 'rejected' THEN p.person_id END, CASE WHEN p.change = 'new' THEN p.suggested END, false,
    p.target_key,
    CASE WHEN p.change <> 'rejected' THEN i.sealed_code END, CASE WHEN p.change <> 'rejected' THEN i.code_index END
FROM planned p JOIN incoming i USING (row) LEFT JOIN remarks m USING (row)
ORDER BY p.row
"""
SAVE_REJECTED = """
INSERT INTO registers_importrow (run_id, position, numbers, change, skipped, protected, values, differences,
    problems, linked)
SELECT %(run)s, m.row, ARRAY[m.row], 'rejected', false, m.is_protected, jsonb_build_object('cells', m.cells), '{}',
    m.problems, false
FROM remarks m WHERE m.row = ANY(%(rejected)s) ORDER BY m.row
"""


def remark(findings: Findings, cells: Cells) -> None:
    """Fill `remarks` for rows that are rejected, by their reader or by the plan, and for those with a note."""
    script(["DROP TABLE IF EXISTS pg_temp.remarks", CREATE_REMARKS])
    planned = {row for (row,) in fetch("SELECT row FROM planned WHERE change = 'rejected'")}
    rows = sorted(planned | findings.rejected | set(findings.problems))
    copy_rows(
        "remarks",
        ("row", "problems", "cells", "is_protected"),
        (
            (
                row,
                json.dumps(findings.problems.get(row, [])),
                json.dumps(cells.of(row)) if row in planned or row in findings.rejected else None,
                "t" if row in findings.protected else "f",
            )
            for row in rows
        ),
    )
    execute("ANALYZE remarks")


def save_planned(run: int, *, numbers: str, ordered: str, known: str) -> None:
    """The row's numbers, its order, whether its place is known: SQL over a planned row `p` and its incoming one `i`."""
    execute(SAVE_PLANNED.format(numbers=numbers, ordered=ordered, known=known), run=run)


def save_rejected(run: int, findings: Findings) -> None:
    execute(SAVE_REJECTED, run=run, rejected=sorted(findings.rejected))


def counts_of(run: int, understood: int, rejected: int) -> dict[str, int]:
    """The keys that the command prints. Rows count once each, whatever they share; who is missing counts apart."""
    found = dict(
        fetch(
            "SELECT change, sum(greatest(cardinality(numbers), 1)) FROM registers_importrow"
            " WHERE run_id = %(run)s GROUP BY change",
            run=run,
        )
    )
    located = fetch(
        "SELECT coalesce(sum(jsonb_array_length(problems)), 0) FROM registers_importrow"
        " WHERE run_id = %(run)s AND problems <> '[]'",
        run=run,
    )
    late = int(found.get("rejected", 0)) - rejected
    return {
        "rows": understood + rejected,
        "understood": understood - late,
        "rejected": rejected + late,
        "new": int(found.get("new", 0)),
        "changed": int(found.get("changed", 0)),
        "moved_out": int(found.get("moved_out", 0)),
        "unchanged": int(found.get("unchanged", 0)),
        "problems": int(located[0][0]),
    }
