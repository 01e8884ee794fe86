"""Handling a case: whose it is, who handles it, when it must be answered."""

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
from rights.models import Attachment, RequestMessage, SubjectRequest, Suspension
from rights.queries.cases import (
    person_of,
)
from rights.queries.closing import WITHOUT_IDENTITY
from rights.services.marketing import end_marketing
from rights.services.messages import HANDLE, write_message
from rights.services.packages import stop_packages
from rights.services.steps import lock_person, locked, move, note_step, open_case
from rights.wholeness import check_whole
from rights.words import Did, Means, State, Whom


@service
def take_case(*, request: SubjectRequest, handler: User | None, by: User | Program) -> SubjectRequest:
    check_may(by, HANDLE)
    if handler is not None and not handler.has_perm(HANDLE):
        raise ValidationError({"handler": _("This account may not handle requests.")})
    case = open_case(request)
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
    case = open_case(request)
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
    case = open_case(request)
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
    case = open_case(request)
    check_whole(case, "identity", text, stands_still=suspend)
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
    case = open_case(request)
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
    case = open_case(request)
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
def remove_attachment(*, attachment: Attachment, by: User | Program) -> None:
    """A document that was looked at need not be kept (GDPR Art. 5(1)(c))."""
    check_may(by, HANDLE)
    row = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if row.content is None:
        return
    row.content, row.removed_at = None, timezone.now()
    row.save(update_fields=["content", "removed_at"])
    note_step(row.request, Did.REMOVED, by)
