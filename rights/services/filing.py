"""A person asks by the form, or writes back on the page of the request, with files."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, service
from accounts.models import User
from registers.models import Person
from rights.files.cleaning import CleanFile
from rights.models import RequestMessage, SubjectRequest
from rights.services.attaching import attach
from rights.services.confirming import send_code
from rights.services.handling import resume
from rights.services.messages import send_receipt, take_message
from rights.services.receiving import Details, receive
from rights.services.steps import locked
from rights.words import AnswerBy, Channel, State, Whom


@dataclass(frozen=True)
class Asked:
    """What was filled in, with files that were written anew."""

    right: str
    details: Details
    whom: str = Whom.SELF
    answer_by: str = AnswerBy.LINK
    files: Sequence[CleanFile] = field(default_factory=tuple)
    no_marketing: bool = False


@service
def file_request(*, asked: Asked, language: str, mailed: bool, by: Program) -> SubjectRequest:
    """It waits for the code. Nobody is looked for in the registers: known and unknown people get the same.

    `mailed=False`: this address has got too many codes; another one can be asked for later.
    """
    request = receive(
        right=asked.right,
        channel=Channel.FORM,
        language=language,
        details=asked.details,
        whom=asked.whom,
        answer_by=asked.answer_by,
        confirmed=False,
        files=asked.files,
        no_marketing=asked.no_marketing,
        by=by,
    )
    if mailed:
        send_code(request=request, email=asked.details.email, language=language, by=by)
    return request


@service
def file_own(*, asked: Asked, person: Person, language: str, by: Program) -> SubjectRequest:
    """By somebody who has signed in: identified by that, and told at once that it has reached us."""
    request = receive(
        right=asked.right,
        channel=Channel.PAGES,
        language=language,
        details=asked.details,
        answer_by=asked.answer_by,
        person=person,
        files=asked.files,
        no_marketing=asked.no_marketing,
        by=by,
    )
    case = locked(request)
    if case.email is not None:
        send_receipt(case, by)
    return case


@service
def write_back(*, request: SubjectRequest, text: str, files: Sequence[CleanFile], by: User | Program) -> RequestMessage:
    """On the page of the request, or told to the office. Where the clock stood still for the answer, it goes on."""
    case = locked(request)
    if case.state in (State.CLOSED, State.UNCONFIRMED):
        raise ValidationError(_("This request is not open."))
    message = take_message(request=case, text=text, by=by)
    attach(case, files, message)
    resume(request=case, by=by)
    return message
