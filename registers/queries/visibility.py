"""Who may see whom: people under a non-disclosure order (turvakielto) are masked for everyone without that right.

Masking happens in the query: what may not be seen is not selected (law.md, hard rule 8: deny by default).
"""

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, Model, Q, QuerySet, TextField, Value, When

from accounts.acting import Program
from accounts.models import User
from registers.models import Person, Residency
from registers.models.person import CONTACT_FIELDS

M = TypeVar("M", bound=Model)
RIGHT = "registers.view_protected_person"


def may_see_protected(by: User | Program) -> bool:
    return isinstance(by, Program) or (by.is_active and by.has_perm(RIGHT))


def check_may_handle(by: User | Program, person: Person) -> None:
    """Raises PermissionDenied for a protected person without the right."""
    if person.is_protected and not may_see_protected(by):
        raise PermissionDenied


def people_for(user: User) -> QuerySet[Person]:
    """People with contact data only where `user` may see it: read it from `shown_email`, `shown_phone`, …

    For everyone without the right the plain columns are not even selected.
    """
    if may_see_protected(user):
        return Person.objects.annotate(**{f"shown_{name}": F(name) for name in CONTACT_FIELDS})
    masked: dict[str, Any] = {
        f"shown_{name}": Case(When(is_protected=True, then=Value("")), default=F(name), output_field=TextField())
        for name in CONTACT_FIELDS
    }
    return Person.objects.annotate(**masked).defer(
        *CONTACT_FIELDS,
        "field_sources",
        "non_disclosure_from",
        "non_disclosure_until",
        "non_disclosure_source",
        "restriction_reason",
    )


def without_protected(rows: QuerySet[M], user: User, path: str = "person") -> QuerySet[M]:
    """Leave out rows that would tell where a protected person lives."""
    return rows if may_see_protected(user) else rows.exclude(**{f"{path}__is_protected": True})


def lives_with_protected(person: Person, on: date) -> bool:
    """Whether a home of theirs, of now or before, is where somebody under a non-disclosure order lives.

    Who is told of this person's homes, and is not they themselves, is told where the other one lives.
    """
    living = Residency.objects.filter(person__is_protected=True).exclude(person=person)
    living = living.filter(Q(moved_out=None) | Q(moved_out__gt=on))
    return living.filter(apartment__residencies__person=person).exists()
