"""The rejected rows of an import, handed back to be corrected: a file of what somebody brought, with its record."""

from accounts.acting import check_may, service
from accounts.models import User
from consent.queries.purposes import purpose_for
from disclosures.asking import Kind
from disclosures.extracts import Selection
from disclosures.models import Artefact
from disclosures.services.files import take
from disclosures.services.telling import disclose
from registers.imports.rejected_file import rejected_file
from registers.models import ImportRun
from registers.queries.imports import rejected_rows

IMPORT = "registers.import_registers"
PURPOSE = "accountability"


@service
def return_rejected(*, run: ImportRun, file: str, by: User) -> tuple[int, bytes]:
    """The record's number and the file ("csv" or "xlsx"), taken out at once. Nobody knows yet of whom the rows are."""
    check_may(by, IMPORT)
    content = rejected_file(run, rejected_rows(by, run), text=file == "csv")
    told = disclose(
        kind=Kind.CONTROLLER,
        recipient=None,
        selection=Selection("people", company=run.housing_company),
        fields=["import_rows"],
        purpose=purpose_for(PURPOSE),
        evidence={"reason": f"import {run.pk}"},
        channel="file",
        file=file,
        content=content,
        by=by,
    )
    return told.record.pk, take(artefact=Artefact.objects.get(disclosure=told.record), by=by)
