"""Taking a file out: once, by the one who made it, within its time. The content is gone with that."""

from collections.abc import Callable
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from accounts.acting import Program, check_may, service
from accounts.models import User
from disclosures.asking import Kind
from disclosures.models import Artefact, Disclosure
from disclosures.models.disclosure import Channel
from disclosures.queries.answering import leads_to
from disclosures.services.recording import RIGHT
from disclosures.services.telling import approved_in, asked_for_own, hindrances
from registers.fields import Sealed
from registers.models import FormerKey, Person


class NoLongerAllowed(Exception):
    """Somebody in it came under a non-disclosure order or a restriction after it was made."""


class AlreadyTaken(Exception):
    """Taken, or expired: a second copy is a second disclosure."""


@service
def take(*, artefact: Artefact, by: User) -> bytes:
    check_may(by, RIGHT)
    return _take(_claimed(artefact, lambda record: record.user_key == by.pk and not is_fetched(record)), by.email)


@service
def take_for_board(*, artefact: Artefact, member: Person, by: Program) -> bytes:
    """What was made for a board member, by the office or by themselves: taken out by themselves (`portal`)."""
    claimed = _claimed(
        artefact,
        lambda record: record.kind == Kind.BOARD and leads_to(record.recipient_person_key) == member.pk,
    )
    return _take(claimed, by.name)


@service
def take_for_subject(*, artefact: Artefact, person: Person, by: Program) -> bytes:
    """What the person concerned fetches by a link of their own (`rights`)."""
    claimed = _claimed(
        artefact, lambda record: is_fetched(record) and leads_to(record.recipient_person_key) == person.pk
    )
    return _take(claimed, by.name)


def is_fetched(record: Disclosure) -> bool:
    """Whether the person concerned fetches it: nobody of the office takes it out in their place."""
    return record.kind == Kind.SUBJECT and record.channel == Channel.EMAIL


def _claimed(artefact: Artefact, is_theirs: Callable[[Disclosure], bool]) -> Artefact:
    rows = Artefact.objects.select_for_update(of=("self",)).select_related("disclosure__request")
    artefact = rows.get(pk=artefact.pk)
    if not is_theirs(artefact.disclosure):
        raise PermissionDenied
    if artefact.content is None or artefact.expires_at <= timezone.now():
        raise AlreadyTaken
    if _may_no_longer_leave(artefact):
        raise NoLongerAllowed
    return artefact


def lies_ready(artefact: Artefact) -> bool:
    """Whether it would be handed out now. Whoever takes it out is asked again, under its lock."""
    there = Artefact.objects.filter(pk=artefact.pk, content__isnull=False, expires_at__gt=timezone.now())
    return there.exists() and not _may_no_longer_leave(artefact)


def _take(artefact: Artefact, taken_by: str) -> bytes:
    content = cast(Sealed, artefact.content).reveal_bytes()
    artefact.content, artefact.taken_at, artefact.taken_by = None, timezone.now(), taken_by
    artefact.save()
    return content


def _may_no_longer_leave(artefact: Artefact) -> bool:
    record = artefact.disclosure
    keys = dict(record.about.values_list("person_key", "fields"))
    former = dict(FormerKey.objects.filter(key__in=keys).values_list("key", "person_id"))
    hindered = Person.objects.filter(Q(is_protected=True) | Q(restricted_at__isnull=False))
    found = {person.pk: person for person in hindered.filter(pk__in=[former.get(key, key) for key in keys])}
    approved = approved_in(record.request) if record.request else {}
    for key, fields in keys.items():
        person = found.get(former.get(key, key))
        if person is None or (record.what == Disclosure.What.NOTIFIED and fields == ["name"]):
            continue
        if not hindrances(person) <= approved.get(person.pk, set()) | asked_for_own(record.kind, record.evidence):
            return True
    return False


def purge_files() -> int:
    """What nobody has taken in time: the record stays and says that it was never handed over; its content goes."""
    return Artefact.objects.filter(expires_at__lte=timezone.now(), content__isnull=False).update(content=None)
