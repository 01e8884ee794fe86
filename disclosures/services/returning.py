"""The rejected rows of an import, handed back to be corrected: a file of what somebody brought, with its record."""

from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import User
from consent.models import Purpose
from disclosures.asking import Kind, Refusal
from disclosures.extracts import Selection
from disclosures.models import Disclosure
from disclosures.services.telling import Refused, disclose
from registers.imports.rejected_file import rejected_file
from registers.models import ImportRun
from registers.queries.imports import rejected_rows

IMPORT = "registers.import_registers"
PURPOSE = "accountability"


@service
def return_rejected(*, run: ImportRun, file: str, by: User) -> Disclosure:
    """The record of the file ("csv" or "xlsx"). Nobody knows yet of whom the rows are, so it names no persons."""
    check_may(by, IMPORT)
    purpose = Purpose.objects.filter(code=PURPOSE, controller__housing_company=None).first()
    if purpose is None:
        raise Refused([Refusal("purpose", _("This purpose is not in force."))])
    content = rejected_file(run, rejected_rows(by, run), text=file == "csv")
    return disclose(
        kind=Kind.CONTROLLER,
        recipient=None,
        selection=Selection("people", company=run.housing_company),
        fields=["import_rows"],
        purpose=purpose,
        evidence={"reason": f"import {run.pk}"},
        channel="file",
        file=file,
        content=content,
        by=by,
    ).record
