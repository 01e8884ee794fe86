"""A request comes in: its clock starts with the day on which it reached us, whoever wrote it down and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.contacts import email_key
from consent.services.making import made_by
from registers.models import Person
from registers.validation import refuse_identity_code
from rights.deadlines import due_on, extended_due_on
from rights.files.cleaning import CleanFile
from rights.models import ProposedChange, SubjectRequest
from rights.services.attaching import attach
from rights.services.marketing import end_marketing
from rights.services.steps import lock_person, note_step
from rights.words import AnswerBy, Channel, Did, Means, Right, State, Whom

RIGHT = "rights.record_requests"
LATEST_ENTRY = timedelta(days=366)  # an older one is no slip of the pen
BY_HAND = (Channel.PHONE, Channel.LETTER, Channel.EMAIL, Channel.DESK)  # entered by the office


@dataclass(frozen=True)
class Details:
    """What the person told of themselves, as they wrote it."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    home: str = ""
    about_name: str = ""
    message: str = ""
    corrections: dict[str, str] = field(default_factory=dict)  # field of registers.Person → as it should be


@service
def receive(
    *,
    right: str,
    channel: str,
    language: str,
    details: Details,
    by: User | Program,
    received_at: datetime | None = None,
    whom: str = Whom.SELF,
    answer_by: str = AnswerBy.LINK,
    person: Person | None = None,
    confirmed: bool = True,
    files: Sequence[CleanFile] = (),
    no_marketing: bool = False,
) -> SubjectRequest:
    """A request with its deadlines. `confirmed=False`: it waits for the emailed code, but its clock runs.

    `person`: signed in to their own pages, and identified by that. `no_marketing`: they object to direct marketing,
    which ends when it is known who objects, or which address.
    """
    check_may(by, RIGHT)
    now = timezone.now()
    received = received_at or now
    if not now - LATEST_ENTRY <= received <= now:
        raise ValidationError({"received_at": _("The day of receipt lies in the past year, not later than now.")})
    if no_marketing and right != Right.OBJECTION:
        raise ValidationError({"no_marketing": _("An objection to direct marketing is a request of its own.")})
    if answer_by == AnswerBy.LINK and not details.email:
        raise ValidationError({"email": _("An electronic answer needs an email address.")})
    for text in (details.message, details.home, details.about_name, details.name):
        refuse_identity_code(text)
    day = timezone.localtime(received).date()
    request = SubjectRequest.objects.create(
        right=right,
        whom=whom,
        channel=channel,
        answer_by=answer_by,
        language=language,
        state=State.RECEIVED if confirmed else State.UNCONFIRMED,
        name=details.name or None,
        email=details.email or None,
        email_key=email_key(details.email),
        phone=details.phone or None,
        address=details.address or None,
        home=details.home or None,
        about_name=details.about_name or None,
        message=details.message or None,
        no_marketing=no_marketing,
        received_at=received,
        received_on=day,
        due_on=due_on(day),
        extended_due_on=extended_due_on(day),
        **made_by(by),
    )
    ProposedChange.objects.bulk_create(
        ProposedChange(request=request, field=name, wanted=wanted) for name, wanted in details.corrections.items()
    )
    attach(request, files)
    note_step(request, Did.RECEIVED, by)
    if person is not None:
        _of_own_pages(request, person, by)
        if no_marketing:
            end_marketing(request, person, by)
    return request


def noon_of(day: date) -> datetime:
    """Some moment of that day, not later than now."""
    return min(timezone.make_aware(datetime.combine(day, time(12))), timezone.now())


def _of_own_pages(request: SubjectRequest, person: Person, by: User | Program) -> None:
    lock_person(person.pk)
    request.person_key, request.means, request.identified_at = person.pk, Means.ACCOUNT, timezone.now()
    request.confirmed_at, request.state = timezone.now(), State.WORKING
    request.save()
    note_step(request, Did.IDENTIFIED, by)
