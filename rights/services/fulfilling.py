"""Doing what was asked: correcting, erasing, restricting, honouring an objection, ending a consent."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import User
from consent.models import Objection, Purpose
from consent.queries.purposes import version_of
from consent.services.consents import withdraw_consent
from registers.dates import day
from registers.fields import Sealed
from registers.models import Person
from registers.models.base import Source
from registers.queries.cards import keys_of
from registers.services.people import CORRECTABLE, correct_person
from registers.services.protection import check_before_lifting, lift_restriction, restrict_processing
from registers.validation import refuse_identity_code
from retention.models import Sweep
from retention.services.planning import plan_sweep
from retention.services.sweeping import start_sweep
from retention.tasks import run_started
from rights.models import ProposedChange, RequestMessage, SubjectRequest
from rights.models.request import REFERENCE
from rights.queries.cases import is_restricted_by, lifted_on, lifting_letter, person_of
from rights.queries.outcomes import field_name
from rights.services.marketing import TOLD_BY, end_marketing
from rights.services.messages import HANDLE, write_message
from rights.services.steps import locked, note_step
from rights.words import Channel, Did, Right, State

SOURCE_OF = {
    Channel.FORM: Source.FORM,
    Channel.PAGES: Source.PORTAL,
    Channel.PHONE: Source.PHONE,
    Channel.LETTER: Source.POST,
    Channel.EMAIL: Source.EMAIL,
    Channel.DESK: Source.IN_PERSON,
}


# What the register can be without.
REMOVABLE = ("date_of_birth", "email", "phone", "street_address", "postal_code", "post_office", "country")


def working(request: SubjectRequest, *rights: Right) -> tuple[SubjectRequest, Person]:
    """The case and its person, both locked: identified, and about one of these rights. Raises ValidationError."""
    case = locked(request)
    if case.state != State.WORKING or case.identified_at is None or case.person_key is None:
        raise ValidationError(_("Nothing is done before the person is identified."))
    if rights and case.right not in rights:
        raise ValidationError(_("This is not what was asked for."))
    person = person_of(case)
    if person is None:
        raise ValidationError(_("This person is no longer in the registers."))
    return case, person


@service
def propose(*, request: SubjectRequest, changes: dict[str, str], by: User, other: str = "") -> list[ProposedChange]:
    """What the person wants to be put right, written down by the office. Field of the person → as it should be.

    "" asks for the field to be emptied. `other`: what is wrong elsewhere in the registers, in words. What was proposed
    before for a field stays, replaced.
    """
    check_may(by, HANDLE)
    case = locked(request)
    if case.right != Right.RECTIFICATION or not case.is_open:
        raise ValidationError(_("This is not what was asked for."))
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise ValueError(f"not correctable: {', '.join(sorted(unknown))}")
    refuse_identity_code(other)
    if not changes and not other.strip():
        raise ValidationError(_("Write at least one correction."))
    for field, wanted in changes.items():
        _check_may_go(field, wanted)
    replaced = []
    standing = case.proposals.select_for_update().exclude(state=ProposedChange.State.REPLACED)
    for row in standing.filter(field__in=changes):
        if row.state != ProposedChange.State.OPEN:
            raise ValidationError({row.field: _("This was decided already.")})
        _decide(row, ProposedChange.State.REPLACED, by)
        replaced.append(row.field)
    asked = [*changes.items(), *([(ProposedChange.OTHER, other.strip())] if other.strip() else [])]
    note = _("Correction written down: %(fields)s.") % {"fields": _names(field for field, _text in asked)}
    if replaced:
        note += " " + _("In place of what was proposed before: %(fields)s.") % {"fields": _names(replaced)}
    note_step(case, Did.NOTE, by, note)
    return [ProposedChange.objects.create(request=case, field=field, wanted=text) for field, text in asked]


def _names(fields: Iterable[str]) -> str:
    return ", ".join(field_name(field) for field in fields)


@service
def accept_changes(*, request: SubjectRequest, proposals: Iterable[int], by: User) -> list[str]:
    """The fields of these proposals are put right at once; recipients are told by the log (Art. 19)."""
    check_may(by, HANDLE)
    case, person = working(request, Right.RECTIFICATION)
    chosen = case.proposals.select_for_update().filter(pk__in=list(proposals), state=ProposedChange.State.OPEN)
    rows = list(chosen.exclude(field=ProposedChange.OTHER))
    if not rows:
        raise ValidationError(_("Choose what is put right."))
    changes = {row.field: typed(row.field, cast(Sealed, row.wanted).reveal()) for row in rows}
    before = {row.field: getattr(person, row.field) for row in rows}
    correct_person(person=person, changes=changes, source=SOURCE_OF[Channel(case.channel)], by=by)
    for row in rows:
        row.was = str(before[row.field] or "") or None
        _decide(row, ProposedChange.State.ACCEPTED, by)
    note_step(case, Did.CORRECTED, by)
    return [row.field for row in rows]


@service
def refuse_change(*, proposal: ProposedChange, note: str, by: User) -> None:
    check_may(by, HANDLE)
    refuse_identity_code(note)
    _case, row = _undecided(proposal)
    if not note.strip():
        raise ValidationError({"note": _("Write why it is not corrected.")})
    row.note = note.strip()
    _decide(row, ProposedChange.State.REFUSED, by)


@service
def accept_other(*, proposal: ProposedChange, note: str, by: User) -> None:
    """Corrected on its own page, which tells recipients (Art. 19); `note` says what was corrected, and where."""
    check_may(by, HANDLE)
    refuse_identity_code(note)
    case, row = _undecided(proposal)
    if not row.is_other:
        raise ValueError(f"a field of the person: {row.field}")
    if not note.strip():
        raise ValidationError({"note": _("Write what was corrected, and where.")})
    row.note = note.strip()
    _decide(row, ProposedChange.State.ACCEPTED, by)
    note_step(case, Did.CORRECTED, by)


def _undecided(proposal: ProposedChange) -> tuple[SubjectRequest, ProposedChange]:
    """Of a case in which it can be decided, both locked. Raises ValidationError."""
    case, _person = working(proposal.request, Right.RECTIFICATION)
    row = case.proposals.select_for_update().get(pk=proposal.pk)
    if row.state != ProposedChange.State.OPEN:
        raise ValidationError(_("This was decided already."))
    return case, row


def _decide(row: ProposedChange, state: str, by: User) -> None:
    row.state, row.decided_at, row.decided_by = state, timezone.now(), by
    row.save()


def _check_may_go(field: str, wanted: str) -> None:
    if not wanted.strip() and field not in REMOVABLE:
        raise ValidationError({field: _("This cannot be removed: write what it should be.")})


def typed(field: str, text: str) -> Any:
    """As the register keeps it; "" empties the field. Raises ValidationError that names the field."""
    _check_may_go(field, text)
    if field == "date_of_birth" and not text.strip():
        return None
    if field == "date_of_birth":
        for form in ("%d.%m.%Y", "%Y-%m-%d"):
            try:
                return _day(text, form)
            except ValueError:
                continue
        raise ValidationError({field: _("Write the day as day.month.year.")})
    return text.strip()


def _day(text: str, form: str) -> date:
    return datetime.strptime(text.strip(), form).date()


@service
def erase_now(*, request: SubjectRequest, by: User) -> Sweep | None:
    """What nothing needs any more ends at once, by the retention engine; the rest keeps its days. None: nothing can go.

    The engine takes one erasure at a time, verifies it and certifies it: the certificate belongs to the answer.
    """
    check_may(by, HANDLE)
    case, person = working(request, Right.ERASURE)
    sweep = plan_sweep(on=timezone.localdate(), by=by, kind=Sweep.Kind.REQUEST, people=[person.pk])
    if not sweep.batches.exists():
        sweep.delete()
        note_step(case, Did.ERASED, by, _("Nothing can end yet."))
        return None
    started = start_sweep(sweep=sweep, by=by)
    note_step(case, Did.ERASED, by, _("Erasure %(number)d") % {"number": sweep.pk})
    key = started.pk
    transaction.on_commit(lambda: run_started.delay(key), robust=True)
    return started


@service
def restrict(*, request: SubjectRequest, because: str, by: User) -> None:
    """Everywhere at once: lists, disclosures, mailing, erasure (law.md, hard rule 14)."""
    check_may(by, HANDLE)
    case, person = working(request)
    restrict_processing(person=person, reason=f"{case.reference}: {because.strip()}", by=by)
    note_step(case, Did.RESTRICTED, by)


@service
def tell_of_lifting(*, request: SubjectRequest, subject: str, text: str, by: User, sent_by: str = "") -> RequestMessage:
    """The person is told before it is lifted (GDPR Art. 18(3)): the letter first, the lifting by an act of its own."""
    check_may(by, HANDLE, "registers.restrict_processing")
    case = locked(request)
    person = person_of(case)
    if person is None or not is_restricted_by(case, person):
        raise ValidationError(_("No restriction of this request stands."))
    return write_message(request=case, subject=subject, text=text, template="lifting", sent_by=sent_by, by=by)


@service
def lift(*, request: SubjectRequest, by: User) -> None:
    """When the person has opened the letter, or a week after it. Raises ValidationError."""
    check_may(by, HANDLE, "registers.restrict_processing")
    case = locked(request)
    person = person_of(case)
    if person is None or not is_restricted_by(case, person):
        raise ValidationError(_("No restriction of this request stands."))
    letter = lifting_letter(case)
    if letter is None:
        raise ValidationError(_("Tell the person of it first."))
    _check_was_told(letter)
    lift_restriction(person=person, of=case.reference, by=by)
    note_step(case, Did.LIFTED, by)


def _check_was_told(letter: RequestMessage) -> None:
    if letter.read_at is None and timezone.localdate() < lifted_on(letter):
        says = _("The person has not opened the letter yet: it is lifted then, or from %(day)s on.")
        raise ValidationError(says % {"day": day(lifted_on(letter))})


def _was_told(person: Person, lifted: list[str]) -> None:
    """Who obtained the restriction is told before it is lifted: the letter of lifting is the newer one."""
    for reason in lifted:
        case = SubjectRequest.objects.filter(reference=reason[:REFERENCE], person_key__in=keys_of(person.pk)).first()
        if case is None:  # the office's own
            continue
        letter = lifting_letter(case)
        if letter is None:
            says = _("The person has asked for this restriction (%(reference)s): lift it there, with a letter.")
            raise ValidationError(says % {"reference": case.reference})
        _check_was_told(letter)


check_before_lifting(_was_told)


@service
def stop_marketing(*, request: SubjectRequest, by: User) -> list[Objection]:
    """An objection to direct marketing is not weighed: at once, on every channel, for every controller of ours."""
    check_may(by, HANDLE)
    case, person = working(request, Right.OBJECTION, Right.ERASURE)
    return end_marketing(case, person, by)


@service
def weigh_objection(*, request: SubjectRequest, purpose: Purpose, upheld: bool, reasoning: str, by: User) -> None:
    """The test of Art. 21(1), recorded: our grounds against the person's situation.

    Upheld, the purpose uses the data no longer (second sentence of Art. 21(1)): `may_we` says no to it from then on.
    The processing is restricted besides until somebody has seen to what was under way; the objection outlasts that.
    While it is being weighed, the person may have it restricted (Art. 18(1)(d)): that is `restrict`.
    """
    check_may(by, HANDLE)
    case, person = working(request, Right.OBJECTION)
    if not reasoning.strip():
        raise ValidationError({"reasoning": _("Write how it was weighed.")})
    restricts = upheld and not is_restricted_by(case, person)
    if restricts and not by.has_perm("registers.restrict_processing"):
        raise ValidationError({"upheld": _("Upholding it restricts the processing: the privacy officer does that.")})
    verdict = Did.UPHELD if upheld else Did.OUTWEIGHED
    note_step(case, verdict, by, f"{version_of(purpose) or purpose.code}: {reasoning.strip()}", purpose)
    if restricts:
        restrict(request=case, because=_("objection upheld (Art. 21(1))"), by=by)


@service
def end_consents(*, request: SubjectRequest, purposes: Iterable[Purpose], by: User) -> int:
    """For all channels of the purposes; how many consents ended."""
    check_may(by, HANDLE)
    case, person = working(request, Right.CONSENT, Right.ERASURE)
    means = TOLD_BY[Channel(case.channel)]
    ended = 0
    for purpose in purposes:
        ended += len(withdraw_consent(person=person, purpose=purpose, means=means, by=by, evidence=case.reference))
    note_step(case, Did.WITHDREW, by, "" if ended else _("No consent of theirs stands."))
    return ended
