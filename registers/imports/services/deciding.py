"""Accepting what a run would change: all, some, or none of it."""

from collections.abc import Collection, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may
from accounts.models import User
from registers.imports.services.runs import RIGHT, State, locked
from registers.models import ImportRow, ImportRun
from registers.queries.visibility import may_see_protected

Change = ImportRow.Change
WITHOUT_ASKING = (Change.NEW, Change.CHANGED)


def decidable(run: ImportRun, by: User | Program) -> QuerySet[ImportRow]:
    """Rows that `by` may accept: those of protected people only with the right to see them.

    A row of the file that brings a person's order is no such row: the order is what protects.
    """
    rows = run.rows.exclude(change__in=[Change.UNCHANGED, Change.REJECTED])
    return rows if may_see_protected(by) else rows.exclude(person__is_protected=True)


@transaction.atomic
def decide_all(*, run: ImportRun, accepted: bool, by: User | Program, changes: Sequence[str] = WITHOUT_ASKING) -> int:
    """Accept or refuse every row with these kinds of change. Nobody is moved out by accepting "all"."""
    check_may(by, RIGHT)
    run = locked(run, State.REVIEW)
    rows = decidable(run, by).filter(change__in=changes)
    return int(rows.exclude(accepted=accepted).update(accepted=accepted))


@transaction.atomic
def decide_rows(*, run: ImportRun, shown: Collection[int], accepted: Collection[int], by: User | Program) -> int:
    """Of the rows that were `shown`, those in `accepted` are accepted and the others are not."""
    check_may(by, RIGHT)
    run = locked(run, State.REVIEW)
    rows = decidable(run, by).filter(pk__in=shown)
    rows.exclude(pk__in=accepted).update(accepted=False)
    return int(rows.filter(pk__in=accepted).update(accepted=True))


@transaction.atomic
def start_applying(*, run: ImportRun, by: User | Program, ended_on: date | None = None) -> ImportRun:
    """A worker applies what is accepted. `ended_on` is the last thing to say: the day for those who are missing."""
    check_may(by, RIGHT)
    run = locked(run, State.REVIEW)
    if not run.rows.filter(accepted=True).exists():
        raise ValidationError(_("Nothing is accepted yet: accept something, or discard the import."))
    run.move_to(
        State.APPLYING,
        applied_by=by if isinstance(by, User) else None,
        applied_at=timezone.now(),
        ended_on=ended_on or run.ended_on,
        attempts=0,
    )
    return run
