"""A look: read as the member, recorded before anything leaves, in one transaction."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.acting import Program
from consent.queries.may_we import closed_to
from disclosures.services.looking import board_version, record_look
from disclosures.services.recording import begin_reading
from portal.database import as_member
from portal.mandates import SHOWN
from portal.queries.house import Page

PROGRAM = Program("portal")


class NoPurpose(Exception):
    """No purpose in force says that the board is told this."""


def look(*, person: int, company: int, register: str, read: Callable[[], Page]) -> Page:
    """What `read` gives, after it stands in the log. Raises `NoPurpose`."""
    try:
        return _look(person, company, register, read)
    except ValidationError:  # somebody in it came under a non-disclosure order at this very moment
        return _look(person, company, register, read)


@transaction.atomic
def _look(person: int, company: int, register: str, read: Callable[[], Page]) -> Page:
    version = board_version(company, SHOWN[register])
    if version is None:
        raise NoPurpose
    snapshot = begin_reading()
    with as_member(person, company, closed_to(version, timezone.localdate())):
        page = read()
    record_look(
        member=person,
        company=company,
        register=register,
        told=page.told,
        version=version,
        snapshot=snapshot,
        by=PROGRAM,
    )
    return page
