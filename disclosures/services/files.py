"""Taking a file out: once, by the one who made it, within its time. The content is gone with that."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.acting import check_may, service
from accounts.models import User
from disclosures.models import Artefact
from disclosures.services.recording import RIGHT
from registers.fields import Sealed


class AlreadyTaken(Exception):
    """Taken, or expired: a second copy is a second disclosure."""


@service
def take(*, artefact: Artefact, by: User) -> bytes:
    check_may(by, RIGHT)
    artefact = Artefact.objects.select_for_update(of=("self",)).select_related("disclosure").get(pk=artefact.pk)
    if artefact.disclosure.user_key != by.pk:
        raise PermissionDenied
    if artefact.content is None or artefact.expires_at <= timezone.now():
        raise AlreadyTaken
    content = cast(Sealed, artefact.content).reveal_bytes()
    artefact.content, artefact.taken_at, artefact.taken_by = None, timezone.now(), by.email
    artefact.save()
    return content


def purge_files() -> int:
    """What nobody has taken in time: the record stays, its file goes."""
    return Artefact.objects.filter(expires_at__lte=timezone.now()).delete()[0]
