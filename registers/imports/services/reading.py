"""Reading a run: from the file to the review. Changes no register."""

import gc
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone, translation
from stdnum.fi import ytunnus

from accounts.acting import acting
from registers.imports.headers import HeaderMatch, match_header
from registers.imports.messages import FIELD_NAMES
from registers.imports.problems import CellProblem, FileRefused, Problem, Severity
from registers.imports.progress import Steps
from registers.imports.reading import read_table
from registers.imports.review import LISTED_NOTES, Findings, counts_of
from registers.imports.row_reader import Options
from registers.imports.rows import understand
from registers.imports.services.runs import State, actor_of, begun, claimed, fail
from registers.imports.stage_residents import stage_residents
from registers.imports.stage_shares import stage_shares
from registers.imports.table import Table
from registers.imports.titles import Kind
from registers.imports.values.official_ids import business_id
from registers.imports.values.text import text_of
from registers.models import HousingCompany, ImportMapping, ImportRun

logger = logging.getLogger(__name__)
_BUSINESS_ID = re.compile(r"(?<!\d)\d{7}-\d(?!\d)")
_STEPS = 4


def read_import(*, run: int) -> None:
    """The work of a worker. Nothing happens when another has it, or when it was done already."""
    if not begun(run, State.READING):
        return
    try:
        with transaction.atomic():
            found = claimed(run, State.READING)
            if found is not None:
                with acting(actor_of(found)), translation.override(found.options.get("language", "fi")):
                    _read(found)
    except FileRefused as refused:
        fail(run, State.READING, refused.code, refused.params)
    except OperationalError:
        # The database went away: the run stays as it is, and the schedule takes it up again.
        raise
    except Exception:
        logger.exception("Import %s could not be read", run)
        fail(run, State.READING, "unexpected")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A million cells hold no cycles: looking for them takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collecting()
def _read(run: ImportRun) -> None:
    step = Steps(run.pk, _STEPS)
    table = read_table(run.file_name, run.unsealed())
    step()
    match = _matched(run, table)
    company = run.housing_company or _company_named(table, match)
    run.kind, run.housing_company = str(match.kind), company
    if _asks(run, match):
        run.options["header"] = _header(table, match)
        run.move_to(State.MAPPING)
        return
    assert company is not None
    today = timezone.localdate()
    options = Options(
        today=today,
        identity_code_ground=run.identity_code_ground,
        allow_temporary_identity_codes=settings.DEMO,
    )
    understanding = understand(table, match, options)
    step()
    findings = Findings(protected=understanding.protected_rows)
    for problem in [*table.notes, *understanding.problems, *_column_notes(run, match), *_other_company(table, company)]:
        findings.add(problem, of_no_row=understanding.skipped_rows)
    run.rows.all().delete()
    if match.kind is Kind.RESIDENTS:
        places, new = stage_residents(run, table, match, understanding, findings, today=today)
        run.options["places"] = [asdict(place) for place in places]
    else:
        groups, new = stage_shares(run, table, match, understanding, findings, today=today)
        run.options["groups"] = [group.as_options() for group in groups]
    step()
    counts = counts_of(run.pk, len(understanding.rows), len(understanding.rejected_rows)) | new
    counts["problems"] += len(findings.notes)
    run.options["titles"] = list(match.titles)
    run.move_to(State.REVIEW, counts=counts, notes=findings.notes[:LISTED_NOTES])
    step()


def _matched(run: ImportRun, table: Table) -> HeaderMatch:
    """By what was answered for this file, else by what was answered for the same header before."""
    kind = Kind(run.kind) if run.kind else None
    mapping = run.options.get("mapping")
    match = match_header(table, kind=kind, mapping=mapping)
    if match.header_row is None:
        raise FileRefused("no_header")
    if mapping is None:
        known = ImportMapping.objects.filter(signature=match.signature, kind__in=[run.kind] if run.kind else list(Kind))
        remembered = known.order_by("-used_at").first()
        if remembered is not None:
            ImportMapping.objects.filter(pk=remembered.pk).update(used_at=timezone.now())
            run.options["mapping"] = remembered.mapping
            match = match_header(table, kind=Kind(remembered.kind), mapping=remembered.mapping)
    return match


def _asks(run: ImportRun, match: HeaderMatch) -> bool:
    """Whether somebody must answer something first. A program has nobody to ask: what is unknown is left out."""
    if run.program:
        if match.missing:
            names = [translation.gettext(FIELD_NAMES[line[0].partition("+")[0]]) for line in match.missing]
            raise FileRefused("columns_missing", columns=", ".join(names))
        return False
    unanswered = bool(match.unknown or match.duplicates) and run.options.get("mapping") is None
    return bool(match.missing) or unanswered or run.housing_company is None


def _header(table: Table, match: HeaderMatch) -> dict[str, Any]:
    """What the page of questions needs. No cells: what they hold is shown to nobody before orders are known."""
    ids = _business_ids(table, match)
    name = _above_header(table, match).partition(",")[0].strip() if ids else ""
    return {
        "signature": match.signature,
        "titles": [title for title in match.titles if title],
        "fields": match.mapping(),
        "unknown": [title for _, title in match.unknown],
        "missing": [list(line) for line in match.missing],
        "business_id": ids[0] if len(ids) == 1 else "",
        "company_name": name[:200] if not _BUSINESS_ID.search(name) else "",
    }


def _company_named(table: Table, match: HeaderMatch) -> HousingCompany | None:
    ids = _business_ids(table, match)
    return HousingCompany.objects.filter(business_id=ids[0]).first() if len(ids) == 1 else None


def _business_ids(table: Table, match: HeaderMatch) -> list[str]:
    """Of the housing company: in a column of its own, else above the header."""
    assert match.header_row is not None
    column = next((index for index, name in match.columns.items() if name == "company_business_id"), None)
    found: set[str] = set()
    if column is not None:
        for cell in {row[column] for row in table.rows[match.header_row + 1 :] if row[column] is not None}:
            try:
                found.add(business_id(cell))
            except CellProblem:
                continue
    else:
        found = {text for text in _BUSINESS_ID.findall(_above_header(table, match)) if ytunnus.is_valid(text)}
    return sorted(found - {""})


def _above_header(table: Table, match: HeaderMatch) -> str:
    rows = table.rows[: match.header_row]
    return "\n".join(cell for row in rows for cell in row if isinstance(cell, str))


def _other_company(table: Table, company: HousingCompany) -> list[Problem]:
    """The title names another housing company of ours than the one that was chosen."""
    match = match_header(table)
    if match.header_row is None:
        return []
    named = set(_BUSINESS_ID.findall(_above_header(table, match))) - {company.business_id}
    other = HousingCompany.objects.filter(business_id__in=named).first()
    return [Problem(None, "", "title_names_other_company", {"name": other.name}, Severity.NOTE)] if other else []


def _column_notes(run: ImportRun, match: HeaderMatch) -> list[Problem]:
    left_out = [text_of(title) for _, title in match.unknown] + [text_of(title) for _, title, _ in match.duplicates]
    if not left_out or not run.program:
        return []
    return [Problem(None, "", "columns_left_out", {"columns": ", ".join(left_out)[:300]}, Severity.NOTE)]
