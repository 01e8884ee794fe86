"""Imports from rows to registers, as a worker would take them."""

from accounts.acting import Program
from registers.imports.services.applying import apply_import
from registers.imports.services.deciding import decide_all, start_applying
from registers.imports.services.reading import read_import
from registers.imports.services.runs import upload_import
from registers.models import ImportRow, ImportRun

from .spreadsheets import text_file

BY = Program("tests")
RESIDENTS = ["Huoneisto", "Sukunimi", "Etunimet", "Syntymäaika", "Puhelin", "Muuttopäivä"]
SHARES = ["Osakeryhmä", "Osakkeet", "Omistaja", "Syntymäaika", "Omistusosuus", "Alkamispäivä"]


def reviewed(company, *rows, by=BY, data=None, name="a.csv", **options) -> ImportRun:
    """The run after reading; `rows` with their header first."""
    content = text_file(rows) if data is None else data
    run = upload_import(file_name=name, data=content, housing_company=company, by=by, **options)
    read_import(run=run.pk)
    run.refresh_from_db()
    assert run.failure[:1] != ["unexpected"]
    return run


def applied(run: ImportRun, *, by=BY, everybody=False, ended_on=None, accept=True) -> ImportRun:
    """After accepting what is new and changed (`everybody`: and who is missing)."""
    if accept:
        decide_all(run=run, accepted=True, by=by)
        if everybody:
            decide_all(run=run, accepted=True, changes=["moved_out"], by=by)
    start_applying(run=run, ended_on=ended_on, by=by)
    apply_import(run=run.pk)
    run.refresh_from_db()
    assert run.failure[:1] != ["unexpected"]
    return run


def imported(company, *rows, **options) -> ImportRun:
    return applied(reviewed(company, *rows, **options))


def changes(run: ImportRun) -> dict[str, int]:
    """Kind of change → number of staged rows, those that are none left out."""
    found = [run.rows.filter(change=change).count() for change in ImportRow.Change.values]
    return {change: n for change, n in zip(ImportRow.Change.values, found, strict=True) if n}


def only(run: ImportRun, **conditions) -> ImportRow:
    return run.rows.get(**conditions)


def codes_of(row: ImportRow) -> list[str]:
    return [problem[2] for problem in row.problems]
