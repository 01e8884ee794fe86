"""What the schedule does for the log: seals, empties, and writes its head outside the database."""

import os

from celery import shared_task
from django.utils import timezone

from disclosures.models import Seal
from disclosures.queries.verifying import heads_file
from disclosures.services.files import purge_files
from disclosures.services.sealing import seal_new


@shared_task
def seal_disclosures() -> None:
    seal_new()


@shared_task
def purge_disclosure_files() -> None:
    purge_files()


@shared_task
def write_head() -> None:
    """A line a day: a chain that was rewritten from some place on no longer fits the heads of the days before."""
    seal_new()
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return
    # Begins on a line of its own: the one before may have been left half by a killed worker.
    line = f"\n{timezone.now():%Y-%m-%dT%H:%M:%SZ} {last.number} {bytes(last.digest).hex()}\n"
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(line)
