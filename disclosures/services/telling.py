"""The one door out: asks the policy, reads, writes the record and hands the extract over, in one transaction."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.models import Purpose, PurposeVersion
from consent.queries.purposes import version_of
from consent.services.making import made_by
from consent.words import RecipientClass
from disclosures.asking import Asked, Kind, Refusal
from disclosures.conditions import evidence_kept
from disclosures.extracts import Extract, Selection, extract_of, outsiders
from disclosures.fields import FIELDS
from disclosures.files import FORMATS, file_of, heading
from disclosures.models import Artefact, DisclosedPerson, Disclosure
from disclosures.policies import POLICIES, refusals
from registers.models import AccessEntry, HousingCompany, Organisation, Person
from registers.validation import refuse_identity_code

RIGHT = "disclosures.disclose"
TAKEN_WITHIN = timedelta(hours=24)
# As which category of recipients a purpose must name them; what the law alone opens needs no purpose that names it.
CLASS_OF = {
    Kind.BOARD: RecipientClass.BOARD,
    Kind.MAINTENANCE: RecipientClass.MAINTENANCE,
    Kind.COLLECTION: RecipientClass.COLLECTION,
    Kind.ANYONE: RecipientClass.SHAREHOLDER,
    Kind.ENTITLED: RecipientClass.SHAREHOLDER,
    Kind.RESIDENTS: RecipientClass.RESIDENTS,
}


class Refused(Exception):
    """Nothing left. `refusals` say why, each with the field or evidence that it is about."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(f"{len(refusals)} refusal(s)")
        self.refusals = refusals


@dataclass(frozen=True)
class Told:
    record: Disclosure
    extract: Extract


@service
def disclose(
    *,
    kind: str,
    recipient: Person | Organisation | None,
    selection: Selection,
    fields: Iterable[str],
    purpose: Purpose,
    evidence: Mapping[str, Any],
    channel: str,
    by: User | Program,
    ground: str = "",
    file: str = "",
    title: str = "",
) -> Told:
    """The extract and its record, or `Refused`. What is not in the record did not leave.

    `file` ("pdf", "xlsx", "csv") makes it a file that is taken once (`services/files.py`).
    """
    check_may(by, RIGHT)
    today = timezone.localdate()
    wanted = tuple(name for name in FIELDS if name in set(fields))
    unknown = sorted(set(fields) - set(wanted))
    if unknown or kind not in POLICIES:
        raise ValueError(f"No such field or recipient: {', '.join(unknown) or kind}")
    for text in (ground, *map(str, evidence.values())):
        refuse_identity_code(text)
    asked = Asked(kind, recipient, selection.company, frozenset(wanted), evidence, today)
    version = version_of(purpose)
    found = refusals(asked) + _against_purpose(asked, version) + _against_selection(asked, selection)
    if found:
        raise Refused(found)
    assert version is not None
    extract = extract_of(selection, wanted, today)
    if not extract.rows:
        raise Refused([_nobody(extract)])
    if "identity_code" in wanted:
        _log_codes(extract, str(evidence["why_identity_code"]), by)
    record = _record(asked, selection.company, version, extract, channel, ground or POLICIES[kind].ground, by)
    content = b""
    if file:
        content = _render(record, recipient, extract, file, title)
        record.artefact_sha256 = hashlib.sha256(content).hexdigest()
    _write(record, extract)
    if file:
        expires = timezone.now() + TAKEN_WITHIN
        Artefact.objects.create(
            disclosure=record, content=content, media_type=FORMATS[file], extension=file, expires_at=expires
        )
    return Told(record, extract)


def _render(record: Disclosure, recipient: Any, extract: Extract, file: str, title: str) -> bytes:
    """The file names the number under which it leaves, and the record names the file's digest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('disclosures_disclosure', 'id'))")
        record.pk = cursor.fetchone()[0]
    moment = f"{timezone.localtime():%-d.%-m.%Y %H:%M}"
    return file_of(extract, heading(title, str(recipient or Kind(record.kind).label), moment, record.pk), file)


def _against_purpose(asked: Asked, version: PurposeVersion | None) -> list[Refusal]:
    if version is None or not version.in_force:
        return [Refusal("purpose", _("This purpose is not in force."))]
    house = version.purpose.controller.housing_company_id
    if house is not None and (asked.company is None or house != asked.company.pk):
        return [Refusal("purpose", _("The purpose is another controller's."))]
    named = CLASS_OF.get(Kind(asked.kind))
    if named is None:
        return []
    if named not in version.recipients:
        return [Refusal("purpose", _("The purpose names no such recipients."))]
    return [
        Refusal(name, _("The purpose does not use this data."))
        for name in sorted(asked.fields)
        if FIELDS[name].category not in version.categories
    ]


def _against_selection(asked: Asked, selection: Selection) -> list[Refusal]:
    if asked.kind == Kind.SUBJECT and selection != Selection("people", people=_key_of(asked.recipient)):
        return [Refusal("people", _("The person concerned gets their own data alone."))]
    by_name = selection.of == "people" and asked.kind != Kind.SUBJECT
    if by_name and asked.company is not None and outsiders(selection.people, asked.company):
        return [Refusal("people", _("Somebody of them neither lives in this housing company nor owns there."))]
    building = selection.building
    if building is not None and (selection.company is None or building.housing_company_id != selection.company.pk):
        return [Refusal("building", _("This building belongs to another housing company."))]
    return []


def _key_of(recipient: Any) -> tuple[int, ...]:
    return (recipient.pk,) if recipient is not None else ()


def _nobody(extract: Extract) -> Refusal:
    if extract.left_out_protected or extract.left_out_restricted:
        return Refusal("people", _("Nothing may be told without the approval of two persons."))
    return Refusal("people", _("There is nobody to tell about."))


def _log_codes(extract: Extract, reason: str, by: User | Program) -> None:
    if isinstance(by, Program):
        raise ValidationError(_("A personal identity code is disclosed by a person who answers for it."))
    check_may(by, "registers.unmask_identity_code")
    AccessEntry.objects.bulk_create(
        AccessEntry(kind="unmasked", user_key=by.pk, user_email=by.email, person_key=key, reason=reason[:300])
        for key, fields in extract.told().items()
        if "identity_code" in fields
    )


def _record(
    asked: Asked,
    company: HousingCompany | None,
    version: PurposeVersion,
    extract: Extract,
    channel: str,
    ground: str,
    by: User | Program,
) -> Disclosure:
    told = extract.told()
    record = Disclosure(
        kind=asked.kind,
        organisation_key=asked.recipient.pk if isinstance(asked.recipient, Organisation) else None,
        recipient_person_key=asked.recipient.pk if isinstance(asked.recipient, Person) else None,
        company_key=company.pk if company else None,
        purpose=version.purpose,
        purpose_version=version,
        ground=ground.strip(),
        evidence=evidence_kept(asked),
        fields=list(extract.fields),
        persons=len(told),
        left_out_protected=extract.left_out_protected,
        left_out_restricted=extract.left_out_restricted,
        channel=channel,
        **made_by(by),
    )
    if not record.ground:
        raise ValidationError({"ground": _("Write the ground of the disclosure.")})
    return record


def _write(record: Disclosure, extract: Extract) -> None:
    record.save(force_insert=True)
    told = extract.told()
    DisclosedPerson.objects.bulk_create(
        [DisclosedPerson(disclosure=record, person_key=key, fields=list(names)) for key, names in sorted(told.items())],
        batch_size=5000,
    )
