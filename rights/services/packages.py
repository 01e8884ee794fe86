"""Packages: prepared by the office, built in the background, read where somebody typed, handed over by the door out."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, cast
from zipfile import ZipFile

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.queries.purposes import in_force
from consent.services.making import made_by
from disclosures.asking import Kind as Recipients
from disclosures.conditions import RestrictionGround
from disclosures.extracts import Selection
from disclosures.models import Artefact, DisclosureRequest
from disclosures.models.disclosure import Channel as Way
from disclosures.policies import PROTECTED
from disclosures.services.approving import ask_approval
from disclosures.services.files import AlreadyTaken, NoLongerAllowed, take_for_subject
from disclosures.services.telling import Refused, disclose, hindrances
from registers.fields import Sealed
from registers.models import Person
from registers.services.identity_codes import unmask_identity_code
from registers.validation import refuse_identity_code
from rights.models import OneTimeLink, Package, ReviewItem, SubjectRequest
from rights.package.building import build
from rights.queries.cases import person_of
from rights.queries.fetching import file_to_fetch, tells_of_protected
from rights.queries.reaching import why_not_by_link
from rights.services.fulfilling import working
from rights.services.links import VALID_DAYS
from rights.services.messages import HANDLE, tell_of
from rights.services.steps import note_step
from rights.words import AnswerBy, Did, Right, State, Whom

REMIND_AFTER = timedelta(days=7)
UNDELIVERED_DAYS = 30  # a package that nobody hands over is emptied: its data grow old
MOST_BUILDS = 3  # of one package, until somebody presses the button again
NO_WORKER = "worker ended"
KIND_OF = {Right.ACCESS: Package.Kind.ACCESS, Right.PORTABILITY: Package.Kind.PORTABILITY}
CAN_BE_BUILT = (Package.State.REVIEW, Package.State.READY, Package.State.FAILED)


@service
def prepare_package(
    *, request: SubjectRequest, by: User, language: str = "", why_code: str = "", exception: str = ""
) -> Package:
    """`why_code`: the whole personal identity code stands in it, for this reason; else its end is hidden (s.29(4)).

    `exception`: what the law lets us keep back, and why (1050/2018 s.34): it stands in the package.
    """
    check_may(by, HANDLE)
    case, person = working(request, *KIND_OF)
    refuse_identity_code(f"{why_code} {exception}")
    if why_code.strip():
        unmask_identity_code(person=person, reason=f"{case.reference}: {why_code}"[:300], by=by)
    package = Package.objects.create(
        request=case,
        kind=KIND_OF[Right(case.right)],
        language=language or case.language,
        why_code=why_code.strip(),
        exception=exception.strip() or None,
        **made_by(by),
    )
    note_step(case, Did.PREPARED, by)
    return package


def _locked(package: Package) -> Package:
    rows = Package.objects.select_for_update(of=("self",)).select_related("request")
    return rows.get(pk=package.pk)


@service
def build_again(*, package: Package, by: User) -> Package:
    """After a failure, or because the registers have changed since."""
    check_may(by, HANDLE)
    row = _locked(package)
    working(row.request, *KIND_OF)
    if row.state not in CAN_BE_BUILT:
        raise ValidationError(_("This package is being built, or was handed over."))
    return _begin(row)


def _begin(row: Package) -> Package:
    row.state, row.fault, row.begun = Package.State.BUILDING, "", 0
    row.content = row.pdf = row.built_at = row.expires_at = None
    row.save()
    return row


def run_build(key: int) -> Package | None:
    """In the background. The row's lock is the claim: it ends with the worker, however that ends.

    None: another worker has it, or there is nothing to build. A second run of the same finds nothing to do.
    """
    if not _counted(key):
        return None
    try:
        with transaction.atomic():
            rows = Package.objects.select_for_update(of=("self",), skip_locked=True).select_related("request")
            package = rows.filter(pk=key, state=Package.State.BUILDING).first()
            if package is None:
                return None
            with translation.override(package.language):
                _built(package)
            return package
    except Exception as error:  # its text may repeat values of rows: the name alone is kept
        Package.objects.filter(pk=key, state=Package.State.BUILDING).update(
            state=Package.State.FAILED, fault=type(error).__name__[:100]
        )
        raise


@transaction.atomic
def _counted(key: int) -> bool:
    """Counted before it is tried: what has ended `MOST_BUILDS` workers waits for a person of the office."""
    rows = Package.objects.select_for_update(of=("self",), skip_locked=True)
    package = rows.defer("content", "pdf").filter(pk=key, state=Package.State.BUILDING).first()
    if package is None:
        return False
    if package.begun >= MOST_BUILDS:
        package.state, package.fault = Package.State.FAILED, NO_WORKER
    else:
        package.begun += 1
    package.save(update_fields=["state", "fault", "begun"])
    return package.state == Package.State.BUILDING


def _built(package: Package) -> None:
    person = person_of(package.request)
    if person is None:
        package.state, package.fault = Package.State.FAILED, "no longer in the registers"
        package.save()
        return
    made = build(package, person, timezone.now())
    package.counts, package.told = made.counts, made.told
    if made.unread:
        package.state = Package.State.REVIEW
    else:
        package.content, package.pdf = made.archive, made.pdf  # type: ignore[assignment]
        package.size, package.sha256 = len(made.archive), hashlib.sha256(made.archive).hexdigest()
        package.built_at = timezone.now()
        package.expires_at = package.built_at + timedelta(days=UNDELIVERED_DAYS)
        package.state = Package.State.READY
    package.save()


@service
def decide_text(*, item: ReviewItem, decision: str, by: User, redacted: str = "", because: str = "") -> ReviewItem:
    """One text of a package, read by a person of the office. When it was the last one, the package is built."""
    check_may(by, HANDLE)
    package = _locked(item.package)
    working(package.request, *KIND_OF)
    row = ReviewItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if package.state != Package.State.REVIEW or row.text is None:
        raise ValidationError(_("This package waits for no texts."))
    refuse_identity_code(because)
    if decision not in ReviewItem.Decision.values:
        raise ValidationError({"decision": _("Choose what is done with this text.")})
    if decision == ReviewItem.Decision.REDACT and not redacted.strip():
        raise ValidationError({"redacted": _("Write the text as it is given, or leave it out.")})
    if decision == ReviewItem.Decision.LEAVE_OUT and not because.strip():
        raise ValidationError({"because": _("Write why it is left out: the person reads it.")})
    row.decision, row.decided_at, row.decided_by = decision, timezone.now(), by
    row.redacted = redacted.strip() if decision == ReviewItem.Decision.REDACT else None  # type: ignore[assignment]
    row.because = because.strip() if decision == ReviewItem.Decision.LEAVE_OUT else ""
    row.save()
    if not package.items.filter(decision="").exists():
        note_step(package.request, Did.REVIEWED, by)
        _begin(package)
    return row


@dataclass(frozen=True)
class Door:
    """What `disclose` is asked about a package."""

    person: Person
    said: dict[str, Any]


def _door(package: Package, way: str) -> Door:
    case, person = working(package.request, *KIND_OF)
    if package.state != Package.State.READY:
        raise ValidationError(_("The package is not ready."))
    purposes = in_force(purpose__controller__housing_company=None)
    version = min(purposes, key=lambda v: (v.purpose.code != "accountability", v.purpose_id), default=None)
    if version is None:
        raise ValidationError(_("No purpose of the office is in force: establish them first."))
    evidence = {
        "identified_by": case.means,
        "request": case.reference,
        "size": str(package.size),
        "package_sha256": package.sha256,
        "handed_over": way,
    }
    if case.whom != Whom.SELF:
        evidence["for"] = case.whom  # it goes to whoever acts for the person, whose right was seen
    if person.restricted_at is not None:  # Art. 18(2): it is given because the person asks for it
        evidence["restriction_ground"] = RestrictionGround.CONSENT.value
    if package.why_code and "identity_code" in package.told:
        evidence["why_identity_code"] = package.why_code
    fields = [code for code in package.told if code != "identity_code" or package.why_code]
    if not fields:
        raise ValidationError(_("This right covers none of the person's data: close the request with that ground."))
    ground = "GDPR Art. 15" if package.kind == Package.Kind.ACCESS else "GDPR Art. 20"
    said = {
        "kind": Recipients.SUBJECT,
        "recipient": person,
        "fields": fields,
        "purpose": version.purpose,
        "evidence": evidence,
        "ground": ground,
    }
    return Door(person, said)


def needs_approval(package: Package) -> bool:
    """Of somebody under a non-disclosure order, two persons approve, the person's own request or not (decision 25)."""
    person = person_of(package.request)
    return person is not None and (PROTECTED in hindrances(person) or tells_of_protected(package.request, person))


def approval_of(package: Package, way: str) -> DisclosureRequest | None:
    """The newest request for approval of this very package on this way."""
    rows = DisclosureRequest.objects.filter(
        kind=Recipients.SUBJECT, evidence__package_sha256=package.sha256, evidence__handed_over=way
    )
    return rows.prefetch_related("approvals").order_by("-id").first() if package.sha256 else None


@service
def ask_to_hand_over(*, package: Package, way: str, why: str, by: User) -> DisclosureRequest:
    """Two persons are asked; whoever has asked hands over when they have approved."""
    check_may(by, HANDLE)
    row = _locked(package)
    door = _door(row, way)
    _check_way(row, way)
    try:
        others = {PROTECTED} if tells_of_protected(row.request, door.person) else set()
        return ask_approval(
            person=door.person, why=why, former=True, file=FILE_OF[way], others=others, by=by, **door.said
        )
    except Refused as refused:
        raise _as_error(refused) from None


def _check_way(package: Package, way: str) -> None:
    if way == AnswerBy.LINK and (refusal := why_not_by_link(package.request)):
        raise ValidationError(refusal)


FILE_OF = {AnswerBy.LINK.value: "zip", AnswerBy.PAPER.value: "pdf"}


@service
def hand_over(*, package: Package, way: str, by: User) -> Package:
    """By a one-time link with a code, or on paper: the document lies ready for whoever hands it over, once.

    The content leaves the package with that: what is on its way is the file of its disclosure.
    """
    check_may(by, HANDLE)
    row = _locked(package)
    door = _door(row, way)
    _check_way(row, way)
    content = cast(Sealed, row.content if way == AnswerBy.LINK else row.pdf).reveal_bytes()
    request = None
    if needs_approval(row) and (request := approval_of(row, way)) is None:
        raise ValidationError(_("Nothing may be told without the approval of two persons."))
    try:
        told = disclose(
            selection=Selection("people", people=(door.person.pk,), former=True, whole=request is None),
            channel=Way.EMAIL if way == AnswerBy.LINK else Way.PAPER,
            file=FILE_OF[way],
            content=content,
            request=request,
            by=by,
            **door.said,
        )
    except Refused as refused:
        raise _as_error(refused) from None
    row.expires_at = None  # on paper nothing is left to be fetched
    if way == AnswerBy.LINK:
        row.expires_at = timezone.now() + timedelta(days=VALID_DAYS)
        Artefact.objects.filter(disclosure=told.record).update(expires_at=row.expires_at)
        tell_of(row.request, OneTimeLink.What.PACKAGE, by)
    row.state, row.delivered_at, row.disclosure_key = Package.State.DELIVERED, timezone.now(), told.record.pk
    row.content = row.pdf = None
    row.save()
    _empty_texts(row)
    note_step(row.request, Did.DELIVERED, by)
    return row


def _as_error(refused: Refused) -> ValidationError:
    return ValidationError([str(refusal.text) for refusal in refused.refusals])


def _empty_texts(package: Package) -> None:
    package.items.update(text=None, redacted=None)


@service
def discard(*, package: Package, by: User) -> None:
    """It is not wanted any more: emptied. What was handed over stands."""
    check_may(by, HANDLE)
    row = _locked(package)
    if row.state not in CAN_BE_BUILT:
        raise ValidationError(_("This package is being built, or was handed over."))
    _expire(row)


def stop_packages(request: SubjectRequest, *, on_their_way: bool = False) -> None:
    """They were made of somebody whom the request is not about: emptied, also what is on its way. Its record stays.

    `on_their_way`: those alone that were handed over by link. What was stopped has no time any more in which it could
    have been fetched.
    """
    rows = Package.objects.select_for_update(of=("self",)).filter(request=request, fetched_at=None)
    if on_their_way:
        rows = rows.filter(state=Package.State.DELIVERED, expires_at__isnull=False)
    for row in rows.exclude(state=Package.State.EXPIRED).order_by("pk"):
        on_its_way = Artefact.objects.filter(disclosure=row.disclosure_key or 0, content__isnull=False)
        if row.state != Package.State.DELIVERED or on_its_way.update(content=None):
            row.expires_at = None
            _expire(row)


def _expire(row: Package) -> None:
    row.state = Package.State.EXPIRED
    row.content = row.pdf = None
    row.save()
    _empty_texts(row)


@dataclass(frozen=True)
class Taken:
    content: bytes
    name: str
    media_type: str


class NoLongerThere(Exception):
    """Fetched already, expired, or stopped since: the person asks the office for another one."""


@service
def fetch_package(*, link: OneTimeLink, by: Program, part: str = "zip") -> Taken:
    """What the person fetches by a link that was just used (`use_link`): once. `part`: "zip", or the "pdf" in it.

    Raises `NoLongerThere`.
    """
    rows = Package.objects.select_for_update(of=("self",)).select_related("request")
    package = rows.filter(request=link.request_id, state=Package.State.DELIVERED).order_by("-id").first()
    if link.what != OneTimeLink.What.PACKAGE or package is None or package.fetched_at is not None:
        raise NoLongerThere
    return _fetch(package, by, part)


def _fetch(package: Package, by: Program, part: str) -> Taken:
    person, artefact = person_of(package.request), file_to_fetch(package)
    if person is None or artefact is None:
        raise NoLongerThere
    try:
        content = take_for_subject(artefact=artefact, person=person, by=by)
    except (AlreadyTaken, NoLongerAllowed):
        raise NoLongerThere from None
    package.fetched_at = timezone.now()
    package.save(update_fields=["fetched_at"])
    name = f"{package.request.reference}.{part}"
    if part == "pdf":
        with ZipFile(BytesIO(content)) as archive:
            inside = next(name for name in archive.namelist() if name.endswith(".pdf"))
            return Taken(archive.read(inside), name, "application/pdf")
    return Taken(content, name, "application/zip")


@service
def remind_of_packages(*, at: datetime, by: Program) -> int:
    """Once, a week after it was handed over by link and while it lies there: with a new link. How many were told."""
    rows = Package.objects.select_for_update(of=("self",), skip_locked=True).select_related("request")
    waiting = rows.filter(state=Package.State.DELIVERED, fetched_at=None, reminded_at=None, expires_at__gt=at)
    told = 0
    for package in waiting.filter(delivered_at__lte=at - REMIND_AFTER).order_by("pk"):
        if file_to_fetch(package) is not None:
            package.reminded_at = at
            package.save(update_fields=["reminded_at"])
            tell_of(package.request, OneTimeLink.What.PACKAGE, by)
            note_step(package.request, Did.REMINDED, by)
            told += 1
    return told


def empty_packages() -> int:
    """What nobody has handed over, or fetched, in its time; and what a case that was closed meanwhile has left."""
    out_of_time = Q(state__in=[Package.State.READY, Package.State.DELIVERED], expires_at__lte=timezone.now())
    left = Q(state__in=[Package.State.BUILDING, *CAN_BE_BUILT], request__state=State.CLOSED)
    old, count = Package.objects.filter(out_of_time | left, fetched_at=None), 0
    for key in old.values_list("pk", flat=True):
        with transaction.atomic():
            row = old.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
            if row is not None:
                _expire(row)
                count += 1
    return count
