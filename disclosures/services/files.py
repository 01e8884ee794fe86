"""Taking a file out: once, by the one who made it, within its time. The content is gone with that."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from accounts.acting import check_may, service
from accounts.models import User
from disclosures.models import Artefact, Disclosure
from disclosures.services.recording import RIGHT
from disclosures.services.telling import approved_in, hindrances
from registers.fields import Sealed
from registers.models import FormerKey, Person


class NoLongerAllowed(Exception):
    """Somebody in it came under a non-disclosure order or a restriction after it was made."""


class AlreadyTaken(Exception):
    """Taken, or expired: a second copy is a second disclosure."""


@service
def take(*, artefact: Artefact, by: User) -> bytes:
    check_may(by, RIGHT)
    artefact = (
        Artefact.objects.select_for_update(of=("self",)).select_related("disclosure__request").get(pk=artefact.pk)
    )
    if artefact.disclosure.user_key != by.pk:
        raise PermissionDenied
    if artefact.content is None or artefact.expires_at <= timezone.now():
        raise AlreadyTaken
    if _may_no_longer_leave(artefact):
        raise NoLongerAllowed
    content = cast(Sealed, artefact.content).reveal_bytes()
    artefact.content, artefact.taken_at, artefact.taken_by = None, timezone.now(), by.email
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
        if not hindrances(person) <= approved.get(person.pk, set()):
            return True
    return False


def purge_files() -> int:
    """What nobody has taken in time: the record stays and says that it was never handed over; its content goes."""
    return Artefact.objects.filter(expires_at__lte=timezone.now(), content__isnull=False).update(content=None)
