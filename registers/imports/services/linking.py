"""Saying that a new row is a person who is known already. Never done by itself."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may
from accounts.models import User
from registers.imports.messages import MESSAGES
from registers.imports.replan import plan_again
from registers.imports.services.runs import RIGHT, State, locked
from registers.imports.tables import execute, fetch
from registers.models import ImportRow, ImportRun
from registers.queries.visibility import check_may_handle

PLAN_AGAIN = """
UPDATE registers_importrow r SET person_id = p.person_id, target_key = p.target_key, differences = p.differences,
    change = p.change, accepted = NULL
FROM planned p WHERE r.run_id = %(run)s AND r.position = p.row AND r.suggested_id = %(person)s
"""


@transaction.atomic
def link_suggested(*, run: ImportRun, row: int, linked: bool, by: User | Program) -> None:
    """The row, and those of the same person in the file, are the suggested person, or (`linked` false) are not."""
    check_may(by, RIGHT)
    run = locked(run, State.REVIEW)
    chosen = run.rows.select_related("suggested").filter(pk=row, suggested__isnull=False).first()
    if chosen is None or chosen.suggested is None:
        raise ValidationError(_("This row has no probable person any more."))
    check_may_handle(by, chosen.suggested)
    person = chosen.suggested.pk
    ImportRow.objects.filter(run=run, suggested=person).update(linked=linked)
    plan_again(run, today=timezone.localdate(), suggested=person)
    hindered = fetch("SELECT code FROM planned WHERE change = 'rejected'")
    if hindered:
        raise ValidationError(MESSAGES[hindered[0][0]])
    execute(PLAN_AGAIN, run=run.pk, person=person)
