"""Which purposes apply to a person, since when, on which legal basis: derived from the registers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from consent.models import LegalBasis, PurposeVersion
from consent.queries.conditions import Belongs, belonging, concerned, managed, own_purposes
from consent.queries.purposes import in_force
from consent.words import Article, SubjectClass
from registers.models import Person


@dataclass(frozen=True)
class Applies:
    """A purpose that applies to a person; `since` is None where the registers do not know."""

    version: PurposeVersion
    bases: list[LegalBasis]
    classes: list[str]
    since: date | None

    @property
    def class_names(self) -> str:
        return ", ".join(str(SubjectClass(code).label) for code in self.classes)


def purposes_of(person: Person, on: date) -> list[Applies]:
    found = applying(Person.objects.filter(pk=person.pk), on)
    return found.get(person.pk, [])


def applying(people: QuerySet[Person], on: date) -> dict[int, list[Applies]]:
    """person's key → purposes, in a fixed number of queries; whoever has none is not there.

    Whom a purpose concerns: `concerned` in conditions.py.
    """
    versions = in_force(on)
    subjects = {subject for version in versions for subject in version.subjects}
    found_rows = belonging(people.order_by().values("pk"), on, sorted(subjects))
    houses = {row.company_id for row in found_rows if row.company_id is not None}
    own_ones = own_purposes(houses, {version.purpose.code for version in versions})
    companies = managed(on)
    rows: dict[int, list[Belongs]] = {}
    for row in found_rows:
        rows.setdefault(row.person_id, []).append(row)
    return {
        person: found
        for person, own in rows.items()
        if (found := [applies for v in versions if (applies := _applies(v, own, companies, own_ones)) is not None])
    }


def _applies(
    version: PurposeVersion, rows: Iterable[Belongs], companies: set[int], own: set[tuple[str, int]]
) -> Applies | None:
    fit = [row for row in concerned(version, rows, companies, own) if row.subject in version.subjects]
    if not fit:
        return None
    classes = {row.subject for row in fit}
    bases = [
        basis
        for basis in version.bases.all()
        if basis.article != Article.CONSENT and classes & set(basis.classes(version))
    ]
    if not bases:  # consent alone: it applies to nobody before they have given it
        return None
    starts = [row.since for row in fit if row.since is not None]
    ordered = [code for code in SubjectClass.values if code in classes]
    return Applies(version, bases, ordered, min(starts) if starts else None)
