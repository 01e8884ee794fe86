"""Closing a case with its letter, and opening it once more."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from registers.validation import refuse_identity_code
from rights.models import SubjectRequest
from rights.queries.cases import newest_of_theirs, person_of
from rights.queries.closing import WITH_GROUNDS, WITHOUT_IDENTITY, letter_code, not_handled_in, what_is_left
from rights.queries.matching import namesakes_elsewhere, why_not_theirs
from rights.queries.outcomes import details_of
from rights.services.messages import HANDLE, write_message
from rights.services.steps import lock_person, locked, move, note_step, open_case
from rights.wholeness import check_whole
from rights.words import Did, Ground, Outcome, State


@service
def close_request(
    *,
    request: SubjectRequest,
    outcome: str,
    by: User | Program,
    grounds: Sequence[str] = (),
    subject: str = "",
    text: str = "",
    sent_by: str = "",
    duplicate_of: SubjectRequest | None = None,
    seen: int | None = None,
    not_theirs: str = "",
) -> SubjectRequest:
    """With the letter that says so. A refusal, whole or in part, names its grounds (GDPR Art. 12(4)).

    `sent_by`: how the letter goes; as the person asked to be answered, if empty. `seen`: key of the person's newest
    message when the closing was begun, 0 for none. `not_theirs`: why who has the same name elsewhere is somebody else.
    """
    check_may(by, HANDLE)
    if duplicate_of is not None:
        duplicate_of = _both_locked(request, duplicate_of)
    case = open_case(request)
    if seen is not None and newest_of_theirs(case) > seen:
        raise ValidationError(_("The person has written meanwhile: read it first."))
    if undone := what_is_left(case, outcome):
        raise ValidationError(undone)
    if outcome in WITH_GROUNDS and not grounds:
        raise ValidationError({"grounds": _("Name the ground of the refusal.")})
    if outcome not in WITH_GROUNDS and grounds:
        raise ValidationError({"grounds": _("Grounds belong to a refusal alone.")})
    refuse_identity_code(not_theirs)
    if outcome == Outcome.NOTHING:
        if case.person_key is not None:
            raise ValidationError({"outcome": _("A person of the registers is named: take that away first.")})
        if (found := namesakes_elsewhere(case)) and not not_theirs.strip():
            raise ValidationError({"not_theirs": why_not_theirs(found)})
    if outcome == Outcome.DUPLICATE:
        if duplicate_of is None or duplicate_of.pk == case.pk:
            raise ValidationError({"duplicate_of": _("Say in which request it is handled.")})
        if refusal := not_handled_in(case, duplicate_of):
            raise ValidationError({"duplicate_of": refusal})
        case.duplicate_of = duplicate_of
    code = letter_code(case, outcome)
    check_whole(case, code, text, grounds=grounds, because=_must_say(case, outcome))
    write_message(request=case, subject=subject, text=text, template=code, sent_by=sent_by, by=by)
    case.suspensions.filter(until=None).update(until=timezone.localdate())
    move(case, State.CLOSED)
    case.outcome, case.refused_because, case.closed_at = outcome, list(grounds), timezone.now()
    case.save()
    note_step(case, Did.CLOSED, by, "; ".join(filter(None, [_how_it_ended(case), not_theirs.strip()])))
    return case


def _both_locked(request: SubjectRequest, other: SubjectRequest) -> SubjectRequest | None:
    """The other one as it is now, if it is still there: neither ends meanwhile as handled in the other. Always in the
    same order."""
    rows = SubjectRequest.objects.select_for_update(of=("self",)).filter(pk__in=[request.pk, other.pk])
    return {row.pk: row for row in rows.order_by("pk")}.get(other.pk)


def _must_say(case: SubjectRequest, outcome: str) -> str:
    """What the middle of the letter must hold, whatever the office makes of the rest."""
    if case.duplicate_of is not None:
        return case.duplicate_of.reference
    return details_of(case, outcome) if outcome == Outcome.NOTHING else ""


def _how_it_ended(case: SubjectRequest) -> str:
    """For the log, which keeps it when the case is reopened: in the office's words, nothing of the person's."""
    said = [str(Outcome(case.outcome).label), *(str(Ground(ground).label) for ground in case.refused_because)]
    if case.duplicate_of is not None:
        said.append(case.duplicate_of.reference)
    return "; ".join(said)


@service
def reopen(*, request: SubjectRequest, because: str, by: User | Program) -> SubjectRequest:
    """It was closed by mistake, or the person is right that something is missing. Its dates stay."""
    check_may(by, HANDLE)
    if not because.strip():
        raise ValidationError({"because": _("Write why it is reopened.")})
    case = locked(request)
    if case.state != State.CLOSED:
        raise ValidationError(_("This request is open."))
    if (person := person_of(case)) is not None:
        lock_person(person.pk)
    identified = case.identified_at is not None or case.right in WITHOUT_IDENTITY
    move(case, State.WORKING if identified else State.IDENTIFYING)
    case.outcome, case.refused_because, case.closed_at, case.duplicate_of = "", [], None, None
    case.save()
    note_step(case, Did.REOPENED, by, because)
    return case
