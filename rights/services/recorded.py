"""What was recorded wrongly about a request is put right; two wishes in one letter become two requests."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import User
from consent.services.making import made_by
from registers.dates import day
from registers.validation import refuse_identity_code
from rights.deadlines import due_on, extended_due_on
from rights.models import Package, ProposedChange, SubjectRequest
from rights.queries.cases import done_in
from rights.queries.closing import WITHOUT_IDENTITY
from rights.queries.matching import told
from rights.services.messages import HANDLE
from rights.services.receiving import BY_HAND, LATEST_ENTRY, noon_of
from rights.services.steps import lock_person, locked, note_step
from rights.words import Did, Right, State, Whom

ACTS = {
    Did.DELIVERED,
    Did.CORRECTED,
    Did.ERASED,
    Did.RESTRICTED,
    Did.LIFTED,
    Did.OBJECTED,
    Did.UPHELD,
    Did.OUTWEIGHED,
    Did.WITHDREW,
}
PREPARED = (Package.State.BUILDING, Package.State.REVIEW, Package.State.READY, Package.State.FAILED)
DECIDED = (ProposedChange.State.ACCEPTED, ProposedChange.State.REFUSED)
# The clock is that of the first receipt; an extension was told of the first request alone.
CARRIED = (
    "whom",
    "channel",
    "answer_by",
    "language",
    "name",
    "email",
    "email_key",
    "phone",
    "address",
    "home",
    "about_name",
    "message",
    "confirmed_at",
    "received_at",
    "received_on",
    "due_on",
    "extended_due_on",
    "person_key",
    "means",
    "identified_at",
    "handler",
)


@service
def correct_recorded(
    *,
    request: SubjectRequest,
    right: str,
    whom: str,
    language: str,
    because: str,
    by: User,
    about_name: str = "",
    received_on: date | None = None,
) -> SubjectRequest:
    """Raises ValidationError: another right, or for somebody else, while nothing is done or prepared alone.

    `received_on`: of what the office entered; both dates of the answer follow. A person who was told of others is
    written to (`told_dates`); an extension that would have come too late does not become one in time.
    """
    check_may(by, HANDLE)
    refuse_identity_code(f"{about_name} {because}")
    if not because.strip():
        raise ValidationError({"because": _("Write why it is corrected.")})
    case = _open_and_locked(request)
    before, named = _recorded(case), told(case, "about_name")
    if (right, whom) != (case.right, case.whom):
        _check_untouched(case)
    if whom != case.whom and case.person_key is not None:
        raise ValidationError({"whom": _("A person of the registers is named: take that away first.")})
    if whom != Whom.SELF:
        if not about_name.strip():
            raise ValidationError({"about_name": _("Write for whom the request is made.")})
        case.about_name = about_name.strip()  # type: ignore[assignment]
    case.right, case.whom, case.language = Right(right), Whom(whom), language
    if case.state == State.WORKING and case.identified_at is None and case.right not in WITHOUT_IDENTITY:
        case.state = State.IDENTIFYING
    if received_on is not None and received_on != case.received_on:
        _came_on(case, received_on)
    case.save()
    after = _recorded(case)
    changes = [f"{name}: {was} → {after[name]}" for name, was in before.items() if was != after[name]]
    if told(locked(case), "about_name") != named:  # whose name it is stays out of the log
        changes.append(_name_of("about_name"))
    if not changes:
        raise ValidationError(_("Nothing was changed."))
    note_step(case, Did.CHANGED, by, "\n".join([*changes, because.strip()]))
    return case


def _open_and_locked(request: SubjectRequest) -> SubjectRequest:
    """With its person: whether a request holds a sweep hangs on what is asked (`keeping.py`)."""
    case = locked(request)
    if not case.is_open:
        raise ValidationError(_("This request is not open."))
    if case.person_key is not None:
        lock_person(case.person_key)
    return case


def _recorded(case: SubjectRequest) -> dict[str, str]:
    shown = {
        "right": case.right_name,
        "whom": case.whom_name,
        "language": case.get_language_display(),
        "received_on": day(case.received_on),
    }
    return {_name_of(name): text for name, text in shown.items()}


def _name_of(field: str) -> str:
    return str(capfirst(str(SubjectRequest._meta.get_field(field).verbose_name)))  # type: ignore[union-attr]


def _check_untouched(case: SubjectRequest) -> None:
    prepared = case.packages.filter(state__in=PREPARED).exists()
    if prepared or done_in(case) & ACTS or case.proposals.filter(state__in=DECIDED).exists():
        raise ValidationError(
            _("Something was done or prepared for what was asked: open a second request from this one instead.")
        )


def _came_on(case: SubjectRequest, received_on: date) -> None:
    today = timezone.localdate()
    if case.channel not in BY_HAND:
        raise ValidationError({"received_on": _("The page on which it was asked recorded this day: it stays.")})
    if not today - LATEST_ENTRY <= received_on <= today:
        raise ValidationError({"received_on": _("The day of receipt lies in the past year, not later than now.")})
    if case.extended_at is not None and (extended := timezone.localdate(case.extended_at)) > due_on(received_on):
        says = _(
            "The time was extended on %(extended)s. Counted from this day, the first date had passed by then"
            " (%(due)s), and the extension would not stand: answer at once, and write into the log when it came."
        )
        raise ValidationError({"received_on": says % {"extended": day(extended), "due": day(due_on(received_on))}})
    case.received_at, case.received_on = noon_of(received_on), received_on
    case.due_on, case.extended_due_on = due_on(received_on), extended_due_on(received_on)


@service
def open_second(*, request: SubjectRequest, right: str, by: User) -> SubjectRequest:
    """Something else that the same letter asks for, with a course of its own. Files stay with the first request."""
    check_may(by, HANDLE)
    case = _open_and_locked(request)
    if right == case.right:
        raise ValidationError({"right": _("This is what the first request asks for.")})
    second = SubjectRequest.objects.create(
        right=Right(right),
        state=State.RECEIVED if case.identified_at is None else State.WORKING,
        **{name: getattr(case, name) for name in CARRIED},
        **made_by(by),
    )
    note = _("Opened from %(reference)s.") % {"reference": case.reference}
    if files := [f"attachment-{row.pk}.{row.extension}" for row in case.attachments.defer("content")]:
        note += " " + _("Its files stay there: %(files)s.") % {"files": ", ".join(files)}
    note_step(second, Did.RECEIVED, by, note)
    says = _("A second request was opened from this one: %(reference)s.")
    note_step(case, Did.NOTE, by, says % {"reference": second.reference})
    return second
