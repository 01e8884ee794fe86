"""What the schedule does for the log: seals, empties, and writes its head outside the database."""

import logging
import os

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program
from disclosures.queries.verifying import heads_file
from disclosures.services.files import purge_files
from disclosures.services.noticing import take_changes
from disclosures.services.sealing import head, seal_new, verify_now
from mail.models import OutgoingMessage
from mail.services import queue_message

logger = logging.getLogger(__name__)
SCHEDULE = Program("log of disclosures")


@shared_task
def seal_disclosures() -> None:
    seal_new()


@shared_task
def purge_disclosure_files() -> None:
    purge_files()


@shared_task
def take_changes_for_notices() -> None:
    take_changes()


@shared_task
def write_head() -> None:
    """A line a day: a chain that was rewritten from some place on no longer fits the heads of the days before."""
    verdict = verify_now()
    if not verdict.is_whole:  # a new head would cover what the old ones show
        logger.critical("The log of disclosures is broken: run verify_disclosures. No head was written.")
        return
    number, digest = head()
    if not number:
        return
    said = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ} {number} {digest.hex()}"
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"\n{said}\n")  # on a line of its own: the one before may have been left half by a killed worker
    if settings.DISCLOSURE_HEADS_TO:
        queue_message(
            to=settings.DISCLOSURE_HEADS_TO,
            subject=_("Head of the log of disclosures"),
            text=_("Keep this message: it proves what the log of disclosures was today.") + f"\n\n{said}\n",
            language=settings.LANGUAGE_CODE,
            kind=OutgoingMessage.Kind.SYSTEM,
            by=SCHEDULE,
        )
