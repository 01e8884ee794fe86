"""Bringing a file in, answering what it leaves open, throwing it away; and how a worker claims a run."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may
from accounts.models import User
from registers.imports.limits import MAX_UPLOAD_BYTES
from registers.imports.messages import describe_refusal
from registers.imports.problems import FileRefused
from registers.models import HousingCompany, IdentityCode, ImportMapping, ImportRun

RIGHT = "registers.import_registers"
State = ImportRun.State
PURGED_AFTER_DAYS = 14
MOST_ATTEMPTS = 3


def actor_of(run: ImportRun) -> User | Program:
    """Who answers for what a worker does to the run."""
    return run.applied_by or run.created_by or Program(run.program)


@transaction.atomic
def upload_import(
    *,
    file_name: str,
    data: bytes,
    by: User | Program,
    housing_company: HousingCompany | None = None,
    kind: str = "",
    obtained_on: date | None = None,
    identity_code_ground: str = "",
    building_address: str = "",
) -> ImportRun:
    """The run waits for a worker to read it. Without a company, the one that the file names is meant."""
    check_may(by, RIGHT)
    if identity_code_ground:
        check_may(by, "registers.store_identity_code")
        if identity_code_ground not in IdentityCode.Ground.values:
            raise ValidationError({"identity_code_ground": _("Choose the ground on which the codes are stored.")})
    if len(data) > MAX_UPLOAD_BYTES:
        refused = FileRefused("too_large", megabytes=len(data) >> 20, limit=MAX_UPLOAD_BYTES >> 20)
        raise ValidationError({"file": describe_refusal(refused)})
    run = ImportRun(
        file_name=file_name[-200:],
        kind=kind,
        housing_company=housing_company,
        obtained_on=obtained_on or timezone.localdate(),
        identity_code_ground=identity_code_ground,
        options={"language": get_language() or "fi", "building_address": building_address},
        created_by=by if isinstance(by, User) else None,
        program=by.name if isinstance(by, Program) else "",
    )
    run.seal(data)
    run.save()
    run.move_to(State.READING)
    return run


@transaction.atomic
def choose_mapping(
    *,
    run: ImportRun,
    kind: str,
    mapping: Mapping[str, str],
    by: User | Program,
    housing_company: HousingCompany | None = None,
    building_address: str = "",
) -> ImportRun:
    """`mapping` (title → field, "" for a column to leave out) is remembered for files with the same header."""
    check_may(by, RIGHT)
    run = locked(run, State.MAPPING)
    run.options["mapping"] = dict(mapping)
    if building_address:
        run.options["building_address"] = building_address
    signature = run.options.get("header", {}).get("signature", "")
    if signature:
        ImportMapping.objects.update_or_create(
            signature=signature, kind=kind, defaults={"mapping": dict(mapping), "used_at": timezone.now()}
        )
    company = housing_company or run.housing_company
    run.move_to(State.READING, kind=kind, housing_company=company, attempts=0)
    return run


@transaction.atomic
def discard_import(*, run: ImportRun, by: User | Program) -> ImportRun:
    """Nothing of it is kept; nothing was changed."""
    check_may(by, RIGHT)
    run = locked(run, State.UPLOADED, State.MAPPING, State.REVIEW)
    run.rows.all().delete()
    run.move_to(State.DISCARDED, notes=[], options={})
    return run


def locked(run: ImportRun, *states: str) -> ImportRun:
    """The run, locked. Raises ValidationError when it is in none of the states any more: a second click, a reload."""
    fresh = ImportRun.objects.select_for_update(of=("self",)).select_related("housing_company").get(pk=run.pk)
    if fresh.state not in states:
        raise ValidationError(_("This import has gone on meanwhile. The page shows where it is now."), code="state")
    return fresh


def claimed(run: int, state: str) -> ImportRun | None:
    """For a worker: the run, locked; None when another worker has it, or it is in another state."""
    rows = ImportRun.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.select_related("housing_company", "created_by", "applied_by").filter(pk=run, state=state).first()


@transaction.atomic
def begun(run: int, state: str) -> bool:
    """Counts the attempt before the work begins, so that a death of the worker is not forgotten with its transaction.

    False when another worker has the run, or when it has taken too many down already; it has failed then.
    """
    found = claimed(run, state)
    if found is None:
        return False
    if found.attempts >= MOST_ATTEMPTS:
        fail(run, state, "interrupted")
        return False
    ImportRun.objects.filter(pk=run).update(attempts=found.attempts + 1, changed_at=timezone.now())
    return True


@transaction.atomic
def fail(run: int, state: str, code: str, params: Mapping[str, object] | None = None) -> None:
    """After the work was rolled back. The staged rows go: they can't be applied any more."""
    failed = claimed(run, state)
    if failed is not None:
        failed.rows.all().delete()
        failed.move_to(State.FAILED, failure=[code, dict(params or {})])
