"""Whether an answer may go to the email address of a request."""

from typing import cast

from django.utils.translation import gettext as _

from registers.fields import Sealed
from registers.models import Person
from registers.queries.addresses import only_person_with
from rights.models import ProposedChange, SubjectRequest
from rights.queries.cases import done_in, person_of, unmatched_at
from rights.words import Did, Means

SAY_NOTHING_OF_THE_PERSON = ("received", "identity", "extension", "duplicate", "withdrawn")  # of the request alone


def why_not_by_link(case: SubjectRequest, template: str = "") -> str:
    """Said to the office; "" when it may go. Data of the person go to an address that is shown to be theirs alone.

    It is theirs when a code that went there was used, or when the register has the same one of nobody else. Of somebody
    under a non-disclosure order the code is asked for: a mailbox is read by others in the home.
    """
    if case.email is None:
        return _("There is no email address in this request: choose paper.")
    if template in SAY_NOTHING_OF_THE_PERSON or case.identified_at is None:
        return ""
    person = person_of(case)
    told = cast(Sealed, case.email).reveal().strip().lower()
    same = person is not None and told == person.email != ""
    known = same and not cast(Person, person).is_protected and only_person_with(told) == person
    if case.confirmed_at is None and not known:
        return _(
            "Nobody has confirmed the email address of this request: send the receipt there first. When the person has"
            " opened it, the address is confirmed. Else answer on paper."
        )
    gone = person is not None and not person.email and _removed_as_asked(case)
    if person is not None and case.means in (Means.CONTACT, Means.ACCOUNT) and not same and not gone:
        return _("The register has another email address of this person now: correct the one of the request first.")
    return ""


def _removed_as_asked(case: SubjectRequest) -> bool:
    """Whether the address of the person went in this case: erased, or emptied by a correction."""
    if Did.ERASED in done_in(case):
        return True
    accepted = case.proposals.filter(field="email", state=ProposedChange.State.ACCEPTED)
    if since := unmatched_at(case):
        accepted = accepted.filter(decided_at__gt=since)
    return any(not cast(Sealed, row.wanted).reveal() for row in accepted)
