"""Whether an answer may go to the email address of a request."""

from typing import cast

from django.utils.translation import gettext as _

from registers.fields import Sealed
from rights.models import SubjectRequest
from rights.queries.cases import done_in, person_of
from rights.words import Did, Means

SAY_NOTHING_OF_THE_PERSON = ("received", "identity", "extension", "duplicate", "withdrawn")  # of the request alone


def why_not_by_link(case: SubjectRequest, template: str = "") -> str:
    """Said to the office; "" when it may go. Data of the person go to an address that is shown to be theirs alone.

    It is theirs when a code that went there was used, or when the register has the same one.
    """
    if case.email is None:
        return _("There is no email address in this request: choose paper.")
    if template in SAY_NOTHING_OF_THE_PERSON or case.identified_at is None:
        return ""
    person = person_of(case)
    told = cast(Sealed, case.email).reveal().strip().lower()
    known = person is not None and told == person.email != ""
    if case.confirmed_at is None and not known:
        return _(
            "Nobody has confirmed the email address of this request: send the receipt there first. When the person has"
            " opened it, the address is confirmed. Else answer on paper."
        )
    gone = person is not None and not person.email and Did.ERASED in done_in(case)  # as they asked
    if person is not None and case.means in (Means.CONTACT, Means.ACCOUNT) and not known and not gone:
        return _("The register has another email address of this person now: correct the one of the request first.")
    return ""
