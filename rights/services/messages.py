"""Letters and messages: kept in the case; the email that tells of one holds a link, and nothing of the case."""

from collections.abc import Mapping
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.services.making import made_by
from registers.fields import Sealed
from registers.validation import refuse_identity_code
from rights.codes import token_digest
from rights.letters import letter_for
from rights.models import OneTimeLink, RequestMessage, SubjectRequest
from rights.queries.reaching import why_not_by_link
from rights.services.links import make_link
from rights.services.mailing import mail
from rights.services.steps import note_step
from rights.words import AnswerBy, Did, State

HANDLE = "rights.handle_requests"
LONGEST = 20_000  # characters of one message


@service
def write_message(
    *, request: SubjectRequest, subject: str, text: str, by: User | Program, template: str = "", sent_by: str = ""
) -> RequestMessage:
    """A letter of the office: by link, or printed by hand. `sent_by`: as the person asked to be answered, if empty."""
    check_may(by, HANDLE)
    way = sent_by or request.answer_by
    if way == AnswerBy.LINK and (refusal := why_not_by_link(request, template)):
        raise ValidationError(refusal)
    if request.state == State.UNCONFIRMED:
        raise ValidationError(_("The address of this request is not confirmed yet."))
    if not subject.strip() or not text.strip():
        raise ValidationError(_("Write a subject and a text."))
    refuse_identity_code(f"{subject} {text}")
    message = RequestMessage.objects.create(
        request=request,
        direction=RequestMessage.Direction.OUT,
        template=template,
        subject=subject.strip(),
        text=text.strip(),
        language=request.language,
        sent_by=way,
        **made_by(by),
    )
    note_step(request, Did.WROTE, by)
    if way == AnswerBy.LINK:
        tell_of(request, OneTimeLink.What.MESSAGE, by, message)
    return message


def send_receipt(request: SubjectRequest, by: User | Program) -> RequestMessage:
    """That it has reached us and by when we answer: by email, however the answer itself is wanted."""
    letter = letter_for(request, "received")
    said = {"subject": letter.subject, "text": letter.text, "template": "received", "sent_by": AnswerBy.LINK}
    return write_message(request=request, by=by, **said)


def tell_of(request: SubjectRequest, what: str, by: User | Program, message: RequestMessage | None = None) -> None:
    """An email with a new link, to the address of the request, in the language of the request."""
    link = make_link(request, what, message)

    def says() -> tuple[str, list[str]]:
        known: Mapping[str, str] = {
            OneTimeLink.What.MESSAGE: _("There is a message about your request %(reference)s."),
            OneTimeLink.What.PACKAGE: _("The data are ready to be fetched. Your request: %(reference)s."),
        }
        names = {"reference": request.reference}
        opens = _("It opens once, with a code that we send to this address: %(link)s") % {"link": link}
        return _("Your request %(reference)s") % names, [known[what] % names, opens]

    mail(
        to=cast(Sealed, request.email).reveal(),
        language=request.language,
        says=says,
        kind="answer",
        person_key=request.person_key,
        by=by,
    )


@service
def send_again(*, token: str, by: Program) -> None:
    """A link that no longer opens leads to a new one, to the same address. A secret of nothing leads to nothing."""
    rows = OneTimeLink.objects.select_related("request", "message")
    link = rows.filter(token_digest=token_digest(token)).first()
    if link is not None and link.request.email is not None:
        tell_of(link.request, link.what, by, link.message)


@service
def take_message(*, request: SubjectRequest, text: str, by: User | Program) -> RequestMessage:
    """What the person writes back on the page of their request, or what the office writes down for them."""
    if isinstance(by, User):
        check_may(by, HANDLE)
    if not request.is_open:
        raise ValidationError(_("This request is not open."))
    if not text.strip():
        raise ValidationError({"text": _("Write a message.")})
    if len(text) > LONGEST:
        raise ValidationError({"text": _("This is too long: at most %(n)d characters.") % {"n": LONGEST}})
    refuse_identity_code(text)
    message = RequestMessage.objects.create(
        request=request,
        direction=RequestMessage.Direction.IN,
        text=text.strip(),
        language=request.language,
        **made_by(by),
    )
    note_step(request, Did.ANSWERED, by)
    return message


@service
def open_message(*, message: RequestMessage, by: Program) -> RequestMessage:
    """The person has it before their eyes: when that was first is proof of delivery."""
    if message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])
    return message
