"""Correcting a mistake: a disclosure is never edited, a row follows it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.services.making import made_by
from disclosures.models import Artefact, Disclosure
from disclosures.models.disclosure import CORRECTIONS
from disclosures.queries.answering import VIEW
from disclosures.services.recording import RIGHT
from registers.validation import refuse_identity_code

# What a follow-up row repeats, so that it is found where the record is found.
REPEATED = (
    "kind",
    "organisation_key",
    "recipient_person_key",
    "outside_id",
    "company_key",
    "purpose_id",
    "purpose_version_id",
    "ground",
    "fields",
    "channel",
)
MOST_NOTE = 300


def may_follow(by: User | Program, record: Disclosure) -> bool:
    """One's own record; others' for who may read the log."""
    if isinstance(by, Program):
        return True
    return by.is_active and by.has_perm(RIGHT) and (record.user_key == by.pk or by.has_perm(VIEW))


@service
def follow_up(*, record: Disclosure, what: str, note: str, by: User | Program) -> Disclosure:
    """The row that follows `record`: "recalled" (asked back) or "in_error" (it should not have left so).

    It names no persons: they stand in the row that it follows. A file not taken out yet does not leave any more.
    """
    check_may(by, RIGHT)
    if not may_follow(by, record):
        raise PermissionDenied
    note = note.strip()
    if record.what in CORRECTIONS:
        raise ValidationError(_("A correction is not corrected again."))
    if what not in CORRECTIONS:
        raise ValidationError({"what": _("Say what is corrected: recalled, or sent in error.")})
    if not note or len(note) > MOST_NOTE:
        raise ValidationError({"note": _("Write in at most 300 characters what was wrong.")})
    _refuse_code("note", note)
    if record.followed_by.filter(what=what).exists():
        raise ValidationError({"what": _("This disclosure was corrected in this way already.")})
    says: dict[str, Any] = {name: getattr(record, name) for name in REPEATED}
    made = Disclosure(what=what, follows=record, persons=0, note=note, **says, **made_by(by))
    made.save(force_insert=True)
    Artefact.objects.filter(disclosure=record, taken_at=None).update(content=None)
    made.refresh_from_db()
    return made


def _refuse_code(name: str, text: str) -> None:
    try:
        refuse_identity_code(text)
    except ValidationError as refusal:
        raise ValidationError({name: refusal}) from None
