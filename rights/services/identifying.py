"""Strong electronic identification: the broker's answer, compared with the person whom the office has named."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, service
from rights.eid import is_person
from rights.models import SubjectRequest
from rights.queries.cases import person_of
from rights.services.handling import identify
from rights.services.steps import locked, note_step
from rights.words import Did, Means, State, Whom

WAITING = (State.RECEIVED, State.IDENTIFYING)


def may_identify_strongly(request: SubjectRequest) -> bool:
    """The office has named somebody, who asks for themselves and is not identified yet."""
    return request.state in WAITING and request.person_key is not None and request.whom == Whom.SELF


@service
def identify_strongly(*, request: SubjectRequest, claims: Mapping[str, Any], by: Program) -> bool:
    """Whether it is the person whom the office has named. Nothing of the claims is kept, whatever they say."""
    case = locked(request)
    if not may_identify_strongly(case):
        raise ValidationError(_("The request has gone on meanwhile: look at it again."))
    person = person_of(case)
    if person is None or not is_person(claims, person):
        note_step(case, Did.NOTE, by, _("Strong electronic identification did not confirm the person who is named."))
        return False
    identify(request=case, means=Means.EID, by=by)
    return True
