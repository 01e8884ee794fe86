"""Bring a resident list or a share register into a housing company: what is new and changed, all of it or nothing."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Program
from registers.imports.limits import MAX_UPLOAD_BYTES
from registers.imports.messages import FILE_MESSAGES, describe, describe_refusal
from registers.imports.problems import FileRefused, Problem
from registers.imports.review import restored
from registers.imports.services.applying import apply_import
from registers.imports.services.deciding import decide_all, start_applying
from registers.imports.services.reading import read_import
from registers.imports.services.runs import upload_import
from registers.models import HousingCompany, IdentityCode, ImportRow, ImportRun
from registers.services.companies import register_company
from registers.validation import clean_business_id

KEYS = ("rows", "understood", "rejected", "new", "changed", "moved_out", "unchanged", "problems")
FINE, SOME_REJECTED, REFUSED = 0, 1, 2
BY = Program("import_register")


class Refused(Exception):
    """With the line that says why."""


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--company", required=True, metavar="BUSINESS_ID", help="the housing company, as 1234567-8")
        parser.add_argument(
            "--dry-run", action="store_true", help="do all of it, then undo it: only the report is left"
        )
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument(
            "--end-missing", type=date.fromisoformat, metavar="DATE", help="who is not listed any more ends on this day"
        )
        parser.add_argument("--building-address", default="", help="for rows that do not say their building")
        parser.add_argument("--identity-code-ground", default="", choices=["", *IdentityCode.Ground.values])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                run, problems = self._import(options)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except Refused as refused:
            self._refuse(str(refused), as_json=options["json"])
        report = {key: run.counts.get(key, 0) for key in KEYS}
        if options["json"]:
            self.stdout.write(json.dumps(report | {"problems": problems}, ensure_ascii=False))
        else:
            for key, value in report.items():
                self.stdout.write(f"{key:11} {value}")
            for problem in problems:
                self.stdout.write(problem["text"])
        if report["rejected"] or run.counts.get("skipped"):
            raise SystemExit(SOME_REJECTED)

    def _import(self, options: dict[str, Any]) -> tuple[ImportRun, list[dict[str, Any]]]:
        run = upload_import(
            file_name=options["file"].name,
            data=_content(options["file"]),
            housing_company=_company(options["company"], may_assume=options["dry_run"]),
            identity_code_ground=options["identity_code_ground"],
            building_address=options["building_address"],
            by=BY,
        )
        read_import(run=run.pk)
        run.refresh_from_db()
        problems = _problems(run.rows.all(), run.notes)
        if run.state == ImportRun.State.REVIEW:
            self._apply(run, options["end_missing"])
            problems += _problems(run.rows.filter(skipped=True), [])
        if run.state == ImportRun.State.FAILED:
            raise Refused(_why(run))
        return run, problems

    def _apply(self, run: ImportRun, end_missing: date | None) -> None:
        decide_all(run=run, accepted=True, by=BY)
        if end_missing:
            decide_all(run=run, accepted=True, changes=["moved_out"], by=BY)
        if run.rows.filter(accepted=True).exists():
            start_applying(run=run, ended_on=end_missing, by=BY)
            apply_import(run=run.pk)
            run.refresh_from_db()

    def _refuse(self, line: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"refused": line}, ensure_ascii=False))
        self.stderr.write(line)
        raise SystemExit(REFUSED)


def _problems(rows: QuerySet[ImportRow], notes: list[Any]) -> list[dict[str, Any]]:
    entries = rows.exclude(problems=[]).order_by("position").values_list("problems", flat=True)
    found = [restored(entry) for listed in [notes, *entries] for entry in listed]
    return [
        {"row": p.row, "column": p.column, "code": p.code, "severity": str(p.severity), "text": describe(_masked(p))}
        for p in found
    ]


def _masked(problem: Problem) -> Problem:
    """What stood in the file is read in the file: a terminal and its log repeat no person's values."""
    params = {name: "…" if isinstance(value, str) else value for name, value in problem.params.items()}
    return replace(problem, params=params)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_UPLOAD_BYTES + 1)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error
    if len(data) > MAX_UPLOAD_BYTES:
        megabytes, limit = path.stat().st_size >> 20, MAX_UPLOAD_BYTES >> 20
        raise Refused(describe_refusal(FileRefused("too_large", megabytes=megabytes, limit=limit)))
    return data


def _company(text: str, *, may_assume: bool) -> HousingCompany:
    try:
        business_id = clean_business_id(text)
    except ValidationError as error:
        raise Refused(f"{text}: {error.messages[0]}") from error
    company = HousingCompany.objects.filter(business_id=business_id).first()
    if company is not None:
        return company
    if not may_assume:
        raise Refused(
            _(
                "No housing company %(business_id)s is in the register. Bring its first file in on the pages of the "
                "office, where its details are asked; or try the file with --dry-run."
            )
            % {"business_id": business_id}
        )
    return register_company(name=business_id, business_id=business_id, street_address="–", source="system", by=BY)


def _why(run: ImportRun) -> str:
    code, params = run.failure
    if code in FILE_MESSAGES:
        return describe_refusal(FileRefused(code, **params))
    return str(params.get("text") or _("The import failed. Nothing was applied; the fault was logged."))
