"""What a person may take along (GDPR Art. 20(1)): given by themselves, and kept on consent or agreement alone."""

from datetime import date

from consent.queries.applying import purposes_of
from consent.queries.consents import in_short
from consent.words import Article
from registers.models import Person
from registers.models.base import Source
from rights.package.collect import Collected, Column, Table
from rights.package.values import Cell
from rights.package.ways import PERSON

OF_THE_PERSON = frozenset({Source.IN_PERSON, Source.PHONE, Source.POST, Source.EMAIL, Source.FORM, Source.PORTAL})
# Without a source: what the person told on their own pages.
TOLD_BY_THEM = {"rights.movenotification": ("kind", "on", "enters_as_told", "others", "message", "address")}


def portable(found: Collected, person: Person, on: date) -> Collected:
    """Of what was collected; of typed texts those of TOLD_BY_THEM alone, since nobody reads any for this."""
    covered = covered_categories(person, on)
    tables = [_given(table, person, covered) for table in found.tables]
    return Collected(tables=[table for table in tables if table.rows])


def covered_categories(person: Person, on: date) -> set[str]:
    """Of the purposes that rest on an agreement with the person, or on a consent of theirs that holds."""
    found: set[str] = set()
    for one in purposes_of(person, on):
        if any(basis.article == Article.CONTRACT for basis in one.bases):
            found |= set(one.version.categories)
    for line in in_short(person, on):
        if line.holds:
            found |= set(line.event.version.categories)
    return found


def _given(table: Table, person: Person, covered: set[str]) -> Table:
    columns = [one for one in table.columns if one.category in covered]
    made = Table(
        table.label, table.name, [*columns, *(c for c in table.columns if c.field in ("source", "obtained_on"))]
    )
    for key, cells in table.rows.items():
        given = {one.field: cells[one.field] for one in columns if _is_given(table, one, cells, person)}
        if any(cell.text for cell in given.values()):
            made.rows[key] = {c.field: given.get(c.field, Cell(None, "")) for c in columns} | {
                c.field: cells[c.field] for c in made.columns if c not in columns
            }
    return made


def _is_given(table: Table, column: Column, cells: dict[str, Cell], person: Person) -> bool:
    if table.label == PERSON:
        return person.source_of(column.field)[0] in OF_THE_PERSON
    if table.label in TOLD_BY_THEM:
        return column.field in TOLD_BY_THEM[table.label]
    source = cells.get("source")
    return source is not None and source.value in OF_THE_PERSON
