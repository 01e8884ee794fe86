"""Handling a case: whose it is, who handles it, when it must be answered, how it ends."""

from collections.abc import Sequence
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from registers.fields import Sealed
from registers.models import Person
from registers.queries.addresses import only_person_with
from registers.queries.visibility import check_may_handle
from registers.validation import refuse_identity_code
from rights.models import Attachment, ProposedChange, RequestMessage, SubjectRequest, Suspension
from rights.queries.cases import (
    address_banned,
    done_in,
    is_withheld_from,
    newest_of_theirs,
    person_of,
    verdicts,
    was_received,
)
from rights.queries.erasures import UNDER_WAY, erasures_of
from rights.queries.matching import held_elsewhere
from rights.services.marketing import end_marketing
from rights.services.messages import HANDLE, write_message
from rights.services.packages import stop_packages
from rights.services.steps import lock_person, locked, move, note_step
from rights.wholeness import check_whole
from rights.words import Did, Ground, Means, Outcome, Right, State, Whom

WITH_GROUNDS = (Outcome.REFUSED, Outcome.PARTLY)
WITHOUT_IDENTITY = (Right.OTHER, Right.CONSENT)


@service
def take_case(*, request: SubjectRequest, handler: User | None, by: User | Program) -> SubjectRequest:
    check_may(by, HANDLE)
    if handler is not None and not handler.has_perm(HANDLE):
        raise ValidationError({"handler": _("This account may not handle requests.")})
    case = _open(request)
    case.handler = handler
    case.save(update_fields=["handler"])
    note_step(case, Did.TAKEN, by, handler.email if handler else "")
    return case


@service
def add_note(*, request: SubjectRequest, note: str, by: User | Program) -> None:
    check_may(by, HANDLE)
    if not note.strip():
        raise ValidationError({"note": _("Write a note.")})
    note_step(locked(request), Did.NOTE, by, note)


@service
def match_person(*, request: SubjectRequest, person: Person, by: User | Program) -> SubjectRequest:
    """Somebody of the office says whose request it is; nothing is matched by itself."""
    check_may(by, HANDLE)
    check_may_handle(by, person)
    case = _open(request)
    if case.means and case.person_key != person.pk:
        raise ValidationError(_("The person was identified already. Take that away first."))
    lock_person(person.pk)
    case.person_key = person.pk
    case.save(update_fields=["person_key"])
    note_step(case, Did.MATCHED, by)
    return case


@service
def unmatch_person(*, request: SubjectRequest, by: User | Program) -> SubjectRequest:
    """It was somebody else: the identification goes with it, and every package that was made of them."""
    check_may(by, HANDLE)
    stop_packages(request)
    case = _open(request)
    if case.means == Means.ACCOUNT:
        raise ValidationError(_("The request came from the person's own pages: whose it is is known."))
    case.person_key, case.means, case.identified_at = None, "", None
    if case.state == State.WORKING and case.right not in WITHOUT_IDENTITY:
        case.state = State.IDENTIFYING
    case.save(update_fields=["person_key", "means", "identified_at", "state"])
    note_step(case, Did.UNMATCHED, by)
    return case


@service
def ask_identity(
    *, request: SubjectRequest, because: str, subject: str, text: str, suspend: bool, by: User | Program
) -> RequestMessage:
    """More is asked than the person has given, for a reason that is kept (GDPR Art. 12(6), 5(1)(c)).

    `suspend`: the clock stands still until the person answers; the date before stays the one that is warned of.
    """
    check_may(by, HANDLE)
    refuse_identity_code(because)
    if not because.strip():
        raise ValidationError({"because": _("Write why the person cannot be identified without it.")})
    case = _open(request)
    move(case, State.IDENTIFYING)
    case.more_asked_because = because.strip()
    case.save(update_fields=["state", "more_asked_because"])
    note_step(case, Did.ASKED_IDENTITY, by)
    if suspend:
        _suspend(case, because, by)
    return write_message(request=case, subject=subject, text=text, template="identity", by=by)


def _suspend(case: SubjectRequest, because: str, by: User | Program) -> None:
    if case.suspensions.filter(until=None).exists():
        raise ValidationError(_("The clock stands still already."))
    Suspension.objects.create(request=case, since=timezone.localdate(), because=because.strip())
    note_step(case, Did.SUSPENDED, by)


@service
def resume(*, request: SubjectRequest, by: User | Program) -> SubjectRequest:
    """The person has answered: the clock goes on."""
    if isinstance(by, User):
        check_may(by, HANDLE)
    case = locked(request)
    if case.suspensions.filter(until=None).update(until=timezone.localdate()):
        note_step(case, Did.RESUMED, by)
    return case


@service
def identify(*, request: SubjectRequest, means: str, by: User | Program, note: str = "") -> SubjectRequest:
    """By what the register already has, first of all. Raises ValidationError where that means does not carry."""
    check_may(by, HANDLE)
    case = _open(request)
    if case.person_key is None:
        raise ValidationError(_("Name the person first."))
    person = person_of(case)
    if person is None:
        raise ValidationError(_("This person is no longer in the registers."))
    check_may_handle(by, person)
    if refusal := _against_means(case, person, means, by):
        raise ValidationError({"means": refusal})
    if means == Means.PROXY and not note.strip():
        raise ValidationError({"note": _("Write what right to act was seen.")})
    case.means, case.identified_at = means, timezone.now()
    move(case, State.WORKING)
    case.save(update_fields=["means", "identified_at", "state"])
    note_step(case, Did.IDENTIFIED, by, note)
    if case.no_marketing:
        end_marketing(case, person, by)
    resume(request=case, by=by)
    return case


def _against_means(case: SubjectRequest, person: Person, means: str, by: User | Program) -> str:
    if means == Means.ACCOUNT:
        return _("Only the person's own pages identify by an account.")
    if means == Means.EID and not isinstance(by, Program):
        return _("Strong electronic identification is done by the person on the page of the request.")
    if means == Means.CONTACT:
        # The very address: its keyed hash is the same for others ("aino+x@…"), who may have confirmed theirs.
        told = cast(Sealed, case.email).reveal() if case.email else ""
        known = (person.email or "").strip().lower()
        if case.confirmed_at is None or not known or known != told.strip().lower():
            return _("The confirmed address is not the one that the register has of this person.")
        if only_person_with(known) != person:
            return _("Somebody else has the same address: identify the person by phone, at the desk or strongly.")
        if person.is_protected:
            return _("Of somebody under a non-disclosure order an address is not enough: by phone, desk or strongly.")
    if means == Means.CALL_BACK and not person.phone:
        return _("The register has no phone number of this person.")
    if (means == Means.PROXY) != (case.whom != Whom.SELF):
        return _("Who acts for somebody else is identified as a representative, and nobody else is.")
    return ""


@service
def extend(*, request: SubjectRequest, because: str, subject: str, text: str, by: User | Program) -> RequestMessage:
    """By two further months, told with the reason before the first date has passed (GDPR Art. 12(3))."""
    check_may(by, HANDLE)
    refuse_identity_code(because)
    case = _open(request)
    if not because.strip():
        raise ValidationError({"because": _("Write why more time is needed.")})
    if case.extended_at is not None:
        raise ValidationError(_("The time was extended already; it can be extended once."))
    if timezone.localdate() > case.due_on:
        raise ValidationError(_("The first date has passed: the time can no longer be extended. Answer at once."))
    check_whole(case, "extension", text, because=because)
    case.extended_at, case.extended_because = timezone.now(), because.strip()
    case.save(update_fields=["extended_at", "extended_because"])
    note_step(case, Did.EXTENDED, by)
    return write_message(request=case, subject=subject, text=text, template="extension", by=by)


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
) -> SubjectRequest:
    """With the letter that says so. A refusal, whole or in part, names its grounds (GDPR Art. 12(4)).

    `sent_by`: how the letter goes; as the person asked to be answered, if empty. `seen`: key of the person's newest
    message when the closing was begun, 0 for none.
    """
    check_may(by, HANDLE)
    case = _open(request)
    if seen is not None and newest_of_theirs(case) > seen:
        raise ValidationError(_("The person has written meanwhile: read it first."))
    if undone := what_is_left(case, outcome):
        raise ValidationError(undone)
    if outcome in WITH_GROUNDS and not grounds:
        raise ValidationError({"grounds": _("Name the ground of the refusal.")})
    if outcome not in WITH_GROUNDS and grounds:
        raise ValidationError({"grounds": _("Grounds belong to a refusal alone.")})
    if outcome == Outcome.NOTHING and case.person_key is not None:
        raise ValidationError({"outcome": _("A person of the registers is named: take that away first.")})
    if outcome == Outcome.DUPLICATE:
        if duplicate_of is None or duplicate_of.pk == case.pk:
            raise ValidationError({"duplicate_of": _("Say in which request it is handled.")})
        if refusal := not_handled_in(case, duplicate_of):
            raise ValidationError({"duplicate_of": refusal})
        case.duplicate_of = duplicate_of
    code = letter_code(case, outcome)
    check_whole(case, code, text, grounds=grounds)
    write_message(request=case, subject=subject, text=text, template=code, sent_by=sent_by, by=by)
    case.suspensions.filter(until=None).update(until=timezone.localdate())
    move(case, State.CLOSED)
    case.outcome, case.refused_because, case.closed_at = outcome, list(grounds), timezone.now()
    case.save()
    note_step(case, Did.CLOSED, by, _how_it_ended(case))
    return case


def _how_it_ended(case: SubjectRequest) -> str:
    """For the log, which keeps it when the case is reopened: in the office's words, nothing of the person's."""
    said = [str(Outcome(case.outcome).label), *(str(Ground(ground).label) for ground in case.refused_because)]
    if case.duplicate_of is not None:
        said.append(case.duplicate_of.reference)
    return "; ".join(said)


def not_handled_in(case: SubjectRequest, other: SubjectRequest) -> str:
    """Why nobody would get their answer there; "" when they do."""
    if other.right != case.right:
        return _("That request asks for something else: each is answered.")
    if other.outcome in (Outcome.DUPLICATE, Outcome.WITHDRAWN):
        return _("That request was closed without an answer.")
    if other.state == State.UNCONFIRMED or not _of_the_same(case, other):
        return _("That request is not of the same person, or not confirmed.")
    return ""


def _of_the_same(case: SubjectRequest, other: SubjectRequest) -> bool:
    """By the person whom the office has named, or by the very address: its keyed hash is wider ("aino+x@…")."""
    if case.person_key is not None and other.person_key is not None:
        return person_of(case) == person_of(other)
    said = [cast(Sealed, one.email).reveal().strip().lower() for one in (case, other) if one.email]
    return len(said) == 2 and said[0] == said[1]


LETTER_OF = {
    Outcome.FULFILLED: "answer",
    Outcome.PARTLY: "partly",
    Outcome.REFUSED: "refusal",
    Outcome.NOTHING: "nothing",
    Outcome.DUPLICATE: "duplicate",
    Outcome.WITHDRAWN: "withdrawn",
}


def letter_code(case: SubjectRequest, outcome: str) -> str:
    """Which letter tells of the outcome."""
    if case.right == Right.RESTRICTION and outcome == Outcome.FULFILLED:
        return "restricted"
    return LETTER_OF[Outcome(outcome)]


def what_is_left(case: SubjectRequest, outcome: str) -> str:
    """Why a case cannot be closed as fulfilled yet; "" when nothing is in the way."""
    if outcome == Outcome.NOTHING and (held := held_elsewhere(case)):
        says = _(
            "This name or address is held elsewhere: %(what)s. Correct what was recorded to “other request”, and answer"
            " by letter."
        )
        return says % {"what": "; ".join(held)}
    if outcome not in (Outcome.FULFILLED, Outcome.PARTLY):
        return ""
    if case.identified_at is None and case.right not in WITHOUT_IDENTITY:
        return "" if address_banned(case) else _("Nobody has been identified yet.")
    if case.right == Right.RECTIFICATION and (undone := _corrections_left(case, outcome)):
        return undone
    done = done_in(case)
    if done & {Did.UPHELD, Did.OUTWEIGHED}:
        done.add(Did.OBJECTED)
    needed = {
        Right.ACCESS: Did.DELIVERED,
        Right.PORTABILITY: Did.DELIVERED,
        Right.ERASURE: Did.ERASED,
        Right.RESTRICTION: Did.RESTRICTED,
        Right.OBJECTION: Did.OBJECTED,
        Right.CONSENT: Did.WITHDREW,
    }.get(Right(case.right))
    if needed is not None and needed not in done:
        return _("This has not been done yet: %(what)s.") % {"what": Did(needed).label}
    if needed == Did.DELIVERED and not was_received(case):
        return _("The package was not fetched in its time: hand over another one, or on paper.")
    if outcome == Outcome.FULFILLED and is_withheld_from(case):
        return _("Something was left out of the copy: that is a refusal in part, with its ground.")
    if any(sweep.state in UNDER_WAY for sweep in erasures_of(case)):
        return _("The erasure is not done yet: the letter says what is left.")
    if outcome == Outcome.FULFILLED and case.right == Right.ERASURE and not erasures_of(case):
        return _("Nothing could be erased: that is a refusal, in whole or in part, with its ground.")
    if outcome == Outcome.FULFILLED and not all(verdicts(case).values()):
        return _("The objection was weighed and not upheld: that is a refusal, in whole or in part, with its ground.")
    return ""


def _corrections_left(case: SubjectRequest, outcome: str) -> str:
    states = set(case.proposals.values_list("state", flat=True))
    if ProposedChange.State.OPEN in states:
        return _("Some corrections are not decided yet.")
    if outcome == Outcome.FULFILLED and ProposedChange.State.REFUSED in states:
        return _("Something was not corrected: that is a refusal, in whole or in part, with its ground.")
    if ProposedChange.State.ACCEPTED not in states:
        return _("This has not been done yet: %(what)s.") % {"what": Did.CORRECTED.label}
    return ""


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
    case.state = State.WORKING if identified else State.IDENTIFYING
    case.outcome, case.refused_because, case.closed_at, case.duplicate_of = "", [], None, None
    case.save()
    note_step(case, Did.REOPENED, by, because)
    return case


@service
def remove_attachment(*, attachment: Attachment, by: User | Program) -> None:
    """A document that was looked at need not be kept (GDPR Art. 5(1)(c))."""
    check_may(by, HANDLE)
    row = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if row.content is None:
        return
    row.content, row.removed_at = None, timezone.now()
    row.save(update_fields=["content", "removed_at"])
    note_step(row.request, Did.REMOVED, by)


def _open(request: SubjectRequest) -> SubjectRequest:
    case = locked(request)
    if not case.is_open:
        raise ValidationError(_("This request is not open."))
    return case


GROUNDS_OF: dict[str, tuple[Ground, ...]] = {
    Right.ACCESS: (Ground.NOT_IDENTIFIED, Ground.OTHERS, Ground.NATIONAL, Ground.UNFOUNDED, Ground.EXCESSIVE),
    Right.PORTABILITY: (
        Ground.NOT_IDENTIFIED, Ground.NOT_COVERED, Ground.OTHERS, Ground.UNFOUNDED, Ground.EXCESSIVE,
    ),
    Right.RECTIFICATION: (Ground.NOT_IDENTIFIED, Ground.ACCURATE, Ground.UNFOUNDED, Ground.EXCESSIVE),
    Right.ERASURE: (
        Ground.NOT_IDENTIFIED, Ground.NEEDED, Ground.LEGAL_DUTY, Ground.CLAIMS, Ground.UNFOUNDED, Ground.EXCESSIVE,
    ),
    Right.RESTRICTION: (Ground.NOT_IDENTIFIED, Ground.NOT_COVERED, Ground.UNFOUNDED, Ground.EXCESSIVE),
    Right.OBJECTION: (
        Ground.NOT_IDENTIFIED, Ground.COMPELLING, Ground.CLAIMS, Ground.NOT_COVERED, Ground.UNFOUNDED,
        Ground.EXCESSIVE,
    ),
    Right.CONSENT: (Ground.NOT_IDENTIFIED, Ground.NOT_COVERED),
    Right.OTHER: tuple(Ground),
}  # fmt: skip
