"""The log of a case: what happened, who did it, when."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.acting import Program
from accounts.models import User
from consent.models import Purpose
from consent.services.making import made_by
from registers.validation import refuse_identity_code
from rights.models import RequestStep, SubjectRequest
from rights.transitions import may_become
from rights.words import Did


def note_step(
    request: SubjectRequest, did: Did, by: User | Program, note: str = "", purpose: Purpose | None = None
) -> RequestStep:
    """Within the transaction of what happened. Identity codes do not belong into a log."""
    refuse_identity_code(note)
    said = {"note": note.strip() or None, "purpose": purpose}
    return RequestStep.objects.create(request=request, did=did, **said, **made_by(by))


def locked(request: SubjectRequest) -> SubjectRequest:
    """The case as it is now, until the transaction ends."""
    return SubjectRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)


def open_case(request: SubjectRequest) -> SubjectRequest:
    """Locked. Raises ValidationError where it is closed or not confirmed."""
    case = locked(request)
    if not case.is_open:
        raise ValidationError(_("This request is not open."))
    return case


def move(request: SubjectRequest, state: str) -> None:
    """To another state, by the table; not saved. Raises ValidationError."""
    if request.state == state:
        return
    if not may_become(request.state, state):
        raise ValidationError(_("The request has gone on meanwhile: look at it again."))
    request.state = state


def lock_person(person: int) -> None:
    """A sweep asks for open requests under this lock (`retention/queries/holds.py`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fluxio_lock_person(%s)", [person])
