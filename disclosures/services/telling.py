"""The one door out: asks the policy, reads, writes the record and hands the extract over, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from consent.models import Purpose, PurposeVersion
from consent.queries.may_we import closed_to
from consent.queries.purposes import version_of
from consent.services.making import made_by
from consent.words import RecipientClass
from disclosures.asking import Asked, Kind, LogFilter, Recipient, Refusal
from disclosures.conditions import RestrictionGround, evidence_kept
from disclosures.extracts import FORMER_YEARS, Extract, Selection, extract_of, may_be_told, outsiders, years_before
from disclosures.fields import FIELDS
from disclosures.files import file_of, heading
from disclosures.house import people_of_house
from disclosures.models import Disclosure, DisclosureRequest, OutsideRecipient
from disclosures.package import Cover, package_of
from disclosures.policies import POLICIES, PROTECTED, RESTRICTED, refusals
from disclosures.queries.answering import MOST_EXPORTED, exported, leads_to
from disclosures.queries.approvals import APPROVED, stands
from disclosures.services.recording import RETURN, RIGHT, begin_reading, next_number, recipient_columns, write_record
from registers.models import AccessEntry, FormerKey, HousingCompany, Person
from registers.validation import refuse_identity_code

# As which category of recipients a purpose must name them; what the law alone opens needs no purpose that names it.
# Told by law or to whose the data are, whatever purpose is named: Art. 21 does not reach there.
TOLD_ALL = (Kind.SUBJECT, Kind.SUCCESSOR, Kind.ANYONE, Kind.ENTITLED, Kind.AUTHORITY)
CLASS_OF = {
    Kind.BOARD: RecipientClass.BOARD,
    Kind.MAINTENANCE: RecipientClass.MAINTENANCE,
    Kind.COLLECTION: RecipientClass.COLLECTION,
    Kind.ANYONE: RecipientClass.SHAREHOLDER,
    Kind.ENTITLED: RecipientClass.SHAREHOLDER,
    Kind.RESIDENTS: RecipientClass.RESIDENTS,
    Kind.MESSAGES: RecipientClass.MESSAGES,
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
    recipient: Recipient,
    selection: Selection,
    fields: Iterable[str],
    purpose: Purpose,
    evidence: Mapping[str, Any],
    channel: str,
    by: User | Program,
    ground: str = "",
    file: str = "",
    title: str = "",
    request: DisclosureRequest | None = None,
    content: bytes | None = None,
    rehearsal: bool = False,
) -> Told:
    """The extract and its record, or `Refused`. What is not in the record did not leave.

    `file` ("pdf", "xlsx", "csv") makes it a file that is taken once (`services/files.py`). `request`: approved by two,
    so that its one person may be told of although protected or restricted. `content`: the file where it is no list.
    `rehearsal`: asks everything and writes nothing; the record is not saved.
    """
    check_may(by, RIGHT, *(() if selection.of != "house" else (RETURN,)))
    wanted = checked_fields(kind, fields)
    refuse_codes(ground, *map(str, evidence.values()), *written(recipient))
    today = timezone.localdate()
    asked = Asked(kind, recipient, selection.company, frozenset(wanted), evidence, today, selection.former)
    version = version_of(purpose)
    found = everything_against(asked, selection, version) + _against_request(asked, selection, purpose, by, request)
    if found:
        raise Refused(found)
    assert version is not None
    excepted = excepted_people(selection, request) or _own_restricted(asked, selection)
    snapshot = begin_reading()
    objected = objected_to(asked, version)
    name_board = kind == Kind.RESIDENTS
    extract = extract_of(selection, wanted, today, excepted=excepted, objected=objected, name_board=name_board)
    if not extract.rows and (content is None or asked.kind == Kind.SUBJECT):
        raise Refused([_nobody(asked, extract)])
    if selection.of == "house" and extract.left_out_protected + extract.left_out_restricted:
        raise Refused([_needs_approval()])  # somebody came under an order or a restriction at this very moment
    if "identity_code" in wanted and not rehearsal:
        _log_codes(extract, str(evidence["why_identity_code"]), by)
    record = _record(asked, version, extract, channel, ground, by, request)
    record.snapshot = snapshot
    if rehearsal:
        return Told(record, extract)
    if file and content is None:
        content = _render(record, recipient, extract, file, title)
    write_record(record, extract.told(), file, content or b"")
    return Told(record, extract)


def checked_fields(kind: str, fields: Iterable[str]) -> tuple[str, ...]:
    """In the order of FIELDS. Raises ValueError: a mistake of the program."""
    wanted = tuple(name for name in FIELDS if name in set(fields))
    unknown = sorted(set(fields) - set(wanted))
    if unknown or kind not in POLICIES:
        raise ValueError(f"No such field or recipient: {', '.join(unknown) or kind}")
    return wanted


def refuse_codes(*texts: str) -> None:
    for text in texts:
        refuse_identity_code(text)


def written(recipient: Recipient) -> tuple[str, ...]:
    """What somebody typed about a recipient who is in no register."""
    return (recipient.name, recipient.contact) if isinstance(recipient, OutsideRecipient) else ()


def everything_against(asked: Asked, selection: Selection, version: PurposeVersion | None) -> list[Refusal]:
    """By policy, by purpose, and by whom it is about; empty when it may go."""
    found = refusals(asked) + _against_purpose(asked, version) + _against_selection(asked, selection)
    if version is not None and selection.people and set(selection.people) <= objected_to(asked, version):
        found.append(_objected())
    return found


def objected_to(asked: Asked, version: PurposeVersion) -> frozenset[int]:
    """Of whom this recipient is told nothing for the purpose: their objection to it was upheld."""
    return frozenset() if asked.kind in TOLD_ALL else closed_to(version, asked.on)


def _objected() -> Refusal:
    says = _("Whom this is about has objected to this purpose, and the objection was upheld (GDPR Art. 21(1)).")
    return Refusal("people", says)


def _render(record: Disclosure, recipient: Any, extract: Extract, file: str, title: str) -> bytes:
    """The file names the number under which it leaves, and the record names the file's digest."""
    record.pk = next_number()
    if file == "zip":
        now = timezone.localtime().isoformat(timespec="seconds")
        company = HousingCompany.objects.filter(pk=record.company_key or 0).first()
        return package_of(extract, Cover(str(company), str(recipient), now, record.pk))
    moment = f"{timezone.localtime():%-d.%-m.%Y %H:%M}"
    named = recipient.full_name if isinstance(recipient, Person) else str(recipient or Kind(record.kind).label)
    return file_of(extract, heading(title, named, moment, record.pk), file)


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
    policy = POLICIES[asked.kind]
    if selection.of not in policy.registers:
        return [Refusal("people", _("This recipient is not told of these people."))]
    if asked.kind == Kind.SUBJECT and selection.people != _key_of(asked.recipient):
        return [Refusal("people", _("The person concerned gets their own data alone."))]
    if selection.of == "people" and asked.kind != Kind.SUBJECT and strangers(asked, selection.people):
        return [Refusal("people", _("Somebody of them neither lives in this housing company nor owns there."))]
    building = selection.building
    if building is not None and (selection.company is None or building.housing_company_id != selection.company.pk):
        return [Refusal("building", _("This building belongs to another housing company."))]
    if selection.of == "told" and exported(selection.log or LogFilter())[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        return [Refusal("log", _("These are too many rows for one file: narrow the choice."))]
    return []


def strangers(asked: Asked, people: Iterable[int]) -> set[int]:
    """Those of them who have nothing to do with the company, or no longer where former people are not told of."""
    if asked.company is None:
        return set()
    policy = POLICIES[asked.kind]
    since = years_before(asked.on, FORMER_YEARS) if policy.of_owners else None if policy.former else asked.on
    return outsiders(people, asked.company, since, owners_only=policy.of_owners)


def _against_request(
    asked: Asked, selection: Selection, purpose: Purpose, by: User | Program, request: DisclosureRequest | None
) -> list[Refusal]:
    """An approval holds for what was asked for: this person, recipient, purpose, evidence, these fields, no more."""
    if request is None:
        return [_needs_approval()] if selection.of == "house" and hindered_people(selection) else []
    told = recipient_columns(asked.recipient)
    recipients = {request.recipient_person_key, leads_to(request.recipient_person_key)}
    as_asked = (
        _is_about(selection, request)
        and (asked.kind, asked.former, evidence_kept(asked)) == (request.kind, request.former, request.evidence)
        and (told["organisation_key"], told["outside"]) == (request.organisation_key, request.outside)
        and told["recipient_person_key"] in recipients
        and (asked.company.pk if asked.company else None) == request.company_key
        and (purpose, by.pk if isinstance(by, User) else None) == (request.purpose, request.user_key)
        and asked.fields <= set(request.fields)
    )
    if as_asked and stands(request).state == APPROVED:
        return _against_hindrances(selection, request)
    return [_needs_approval()]


def _needs_approval() -> Refusal:
    return Refusal("approval", _("Nothing may be told without the approval of two persons."))


def _is_about(selection: Selection, request: DisclosureRequest) -> bool:
    if selection.of == "house":
        return request.person_key is None
    return (
        selection.of == "people"
        and len(selection.people) == 1
        and request.person_key is not None
        and set(selection.people) <= {request.person_key, leads_to(request.person_key)}
    )


def hindered_people(selection: Selection) -> dict[int, set[str]]:
    """Of the registers of a house: person → "protected", "restricted"."""
    assert selection.company is not None
    found = people_of_house(selection.company).filter(~may_be_told("", frozenset()))
    return {person.pk: hindrances(person) for person in found.only("pk", "is_protected", "restricted_at")}


def excepted_people(selection: Selection, request: DisclosureRequest | None) -> frozenset[int]:
    """Whom two persons have approved, under the keys of now."""
    if request is None:
        return frozenset()
    return frozenset(selection.people) if selection.of != "house" else frozenset(approved_in(request))


def asked_for_own(kind: str, evidence: Mapping[str, Any]) -> set[str]:
    """A restriction does not keep people's own data from themselves when they ask: Art. 18(2), their consent."""
    consents = evidence.get("restriction_ground") == RestrictionGround.CONSENT
    return {RESTRICTED} if kind == Kind.SUBJECT and consents else set()


def _own_restricted(asked: Asked, selection: Selection) -> frozenset[int]:
    if not asked_for_own(asked.kind, asked.evidence):
        return frozenset()
    return frozenset(Person.objects.filter(pk__in=selection.people, is_protected=False).values_list("pk", flat=True))


def approved_in(request: DisclosureRequest) -> dict[int, set[str]]:
    """Person, under the key of now → the hindrances against which telling was approved."""
    if request.person_key is not None:
        return {leads_to(request.person_key) or request.person_key: set(request.hindrances)}
    approved = {key: set(stood) for key, stood in request.people.values_list("person_key", "hindrances")}
    for key, person in FormerKey.objects.filter(key__in=approved).values_list("key", "person_id"):
        approved[person] = approved.get(person, set()) | approved[key]
    return approved


def _against_hindrances(selection: Selection, request: DisclosureRequest) -> list[Refusal]:
    """What came over the person after the approvals was not approved."""
    if selection.of == "house":
        approved = approved_in(request)
        if all(stood <= approved.get(key, set()) for key, stood in hindered_people(selection).items()):
            return []
        return [_was_not_approved()]
    person = Person.objects.select_for_update(of=("self",)).filter(pk__in=selection.people).first()
    if person is None or hindrances(person) <= set(request.hindrances):
        return []
    return [_was_not_approved()]


def _was_not_approved() -> Refusal:
    return Refusal("approval", _("A new order or restriction stands since this was approved: ask for approval again."))


def hindrances(person: Person) -> set[str]:
    """Why nothing may be told of somebody: "protected", "restricted"."""
    flags = {PROTECTED: person.is_protected, RESTRICTED: person.restricted_at is not None}
    return {flag for flag, stand in flags.items() if stand}


def _key_of(recipient: Any) -> tuple[int, ...]:
    return (recipient.pk,) if recipient is not None else ()


def _nobody(asked: Asked, extract: Extract) -> Refusal:
    exceptions = POLICIES[asked.kind].exceptions
    hindered = {PROTECTED: extract.left_out_protected, RESTRICTED: extract.left_out_restricted}
    standing = {flag for flag, count in hindered.items() if count}
    if extract.left_out_objected:
        return _objected()
    if not standing:
        return Refusal("people", _("There is nobody to tell about."))
    if standing <= exceptions:
        return _needs_approval()
    return Refusal(
        "people", _("Under a non-disclosure order or a restriction, nothing may be told to such a recipient.")
    )


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
    version: PurposeVersion,
    extract: Extract,
    channel: str,
    ground: str,
    by: User | Program,
    request: DisclosureRequest | None,
) -> Disclosure:
    record = Disclosure(
        kind=asked.kind,
        **recipient_columns(asked.recipient),
        company_key=asked.company.pk if asked.company else None,
        request=request,
        purpose=version.purpose,
        purpose_version=version,
        ground=ground.strip() or POLICIES[asked.kind].ground,
        evidence=evidence_kept(asked),
        fields=list(extract.fields),
        left_out_protected=extract.left_out_protected,
        left_out_restricted=extract.left_out_restricted,
        left_out_removed=extract.left_out_removed,
        channel=channel,
        **made_by(by),
    )
    if not record.ground:
        raise ValidationError({"ground": _("Write the ground of the disclosure.")})
    return record
