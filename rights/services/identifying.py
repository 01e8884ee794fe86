"""Strong electronic identification: the broker's answer, compared with the person whom the office has named.

Offered for any open request that is not identified, and answered with yes or nothing: who asks learns neither whether
the office has found somebody, nor whom.
"""

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
from rights.words import Did, Means, Whom


def may_identify_strongly(request: SubjectRequest) -> bool:
    """Somebody asks for themselves and is not identified yet; whether the office has named them makes no difference."""
    return request.is_open and request.identified_at is None and request.whom == Whom.SELF


@service
def identify_strongly(*, request: SubjectRequest, claims: Mapping[str, Any], by: Program) -> bool:
    """Whether it is the person whom the office has named. Nothing of the claims is kept, whatever they say.

    What did not confirm anybody stands in the log of the case for the office.
    """
    case = locked(request)
    if not may_identify_strongly(case):
        raise ValidationError(_("The request has gone on meanwhile: look at it again."))
    person = person_of(case)
    if person is None or not is_person(claims, person):
        note_step(case, Did.EID_UNNAMED if person is None else Did.EID_OTHER, by)
        return False
    identify(request=case, means=Means.EID, by=by)
    return True
