"""GDPR Art. 19: each recipient who was told a datum is told when it is rectified, erased or restricted.

A trigger on the audit trail notes changes about people of whom something was told, whatever made them; here they become
notices, one for each recipient who got that very datum.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import AuditEntry, User
from consent.services.making import made_by
from disclosures.asking import Kind
from disclosures.extracts import Extract, Selection, extract_of
from disclosures.fields import FIELDS
from disclosures.letters import letter_of_change
from disclosures.models import ChangeSeen, DisclosedPerson, Disclosure, RecipientNotice
from disclosures.services.recording import RIGHT, next_number, write_record
from disclosures.services.telling import refuse_codes
from registers.models import FormerKey, IdentityCode, Person
from registers.queries.cards import keys_of

GROUND = "GDPR Art. 19"
LOCK = 0x0A19
BATCH = 500
# Who needs no notice: the persons themselves, and the controller, who is no recipient (Art. 4(9)).
NO_RECIPIENTS = (Kind.SUBJECT, Kind.CONTROLLER)
EMPTY = (None, "", "None")
Change, State = RecipientNotice.Change, RecipientNotice.State
HELD: dict[str, list[str]] = {}
for _field in FIELDS.values():
    for _name in _field.holds:
        HELD.setdefault(_name, []).append(_field.code)


def take_changes() -> int:
    """Make notices of the changes that wait; how many changes were taken."""
    taken = 0
    while batch := _take_batch():
        taken += batch
    return taken


@transaction.atomic
def _take_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    waiting = {row.entry: row for row in ChangeSeen.objects.order_by("pk")[:BATCH]}
    entries = AuditEntry.objects.filter(pk__in=waiting).select_related("content_type").order_by("pk")
    for entry in entries:
        for change, codes in _changed(entry).items():
            require_notices(person_key=waiting[entry.pk].person_key, change=change, codes=codes, before=entry.timestamp)
    ChangeSeen.objects.filter(entry__in=waiting).delete()
    return len(waiting)


def _changed(entry: AuditEntry) -> dict[str, set[str]]:
    """kind of change → codes of the extract's fields that it is about."""
    label = f"{entry.content_type.app_label}.{entry.content_type.model}"
    changes: dict[str, Any] = entry.changes or {}
    deleted = entry.action == AuditEntry.Action.DELETE
    if label == "registers.person" and deleted:
        return {} if FormerKey.objects.filter(key=entry.object_id).exists() else {Change.ERASED: set(FIELDS)}
    if label == "registers.identitycode" and deleted:
        again = IdentityCode.objects.filter(person=entry.person_key or 0).exists()
        return {Change.RECTIFIED if again else Change.ERASED: {"identity_code"}}
    if label == "registers.person" and changes.get("restricted_at", [None, None])[1] not in EMPTY:
        return {Change.RESTRICTED: set(FIELDS)}
    found: dict[str, set[str]] = {}
    emptied: dict[str, list[bool]] = {}
    for name in changes:
        for code in HELD.get(f"{label}.{name}", ()):
            emptied.setdefault(code, []).append(deleted or changes[name][1] in EMPTY)
    for code, gone in emptied.items():
        found.setdefault(Change.ERASED if all(gone) else Change.RECTIFIED, set()).add(code)
    return found


@dataclass(frozen=True)
class _To:
    """One recipient, whatever the class under which they were told."""

    organisation: int | None
    person: int | None
    outside: int | None
    board_of: int | None  # a name board, of this company


def require_notices(*, person_key: int, change: str, codes: Iterable[str], before: datetime) -> int:
    """A notice to each recipient who was told any of `codes` before that moment; how many are new.

    What already waits for the same recipient is widened, so that nobody gets two letters about one thing.
    """
    keys = keys_of(person_key)
    told = DisclosedPerson.objects.filter(
        person_key__in=keys,
        disclosure__what=Disclosure.What.DISCLOSED,
        disclosure__at__lt=before,
        fields__overlap=sorted(codes),
    )
    told = told.exclude(disclosure__kind__in=NO_RECIPIENTS).select_related("disclosure").order_by("disclosure_id")
    newest: dict[_To, tuple[Disclosure, set[str]]] = {}
    for row in told:
        if row.disclosure.recipient_person_key in keys:
            continue
        to = _recipient(row.disclosure)
        _before, fields = newest.get(to, (None, set()))
        newest[to] = (row.disclosure, fields | (set(row.fields) & set(codes)))
    waiting = RecipientNotice.objects.filter(person_key__in=keys, change=change, state=State.WAITING, notice=None)
    standing = {_recipient(row.disclosure): row for row in waiting.select_related("disclosure")}
    made = 0
    for to, (disclosure, fields) in newest.items():
        if to in standing:
            open_notice = standing[to]
            open_notice.fields, open_notice.disclosure = in_order({*open_notice.fields, *fields}), disclosure
            open_notice.save()
            continue
        made += 1
        RecipientNotice.objects.create(
            person_key=person_key, change=change, fields=in_order(fields), disclosure=disclosure
        )
    return made


def in_order(codes: Iterable[str]) -> list[str]:
    chosen = set(codes)
    return [code for code in FIELDS if code in chosen]


def _recipient(disclosure: Disclosure) -> _To:
    named = disclosure.organisation_key or disclosure.recipient_person_key or disclosure.outside_id
    return _To(
        disclosure.organisation_key,
        disclosure.recipient_person_key,
        disclosure.outside_id,
        None if named else disclosure.company_key,
    )


@service
def write_letter(*, notice: RecipientNotice, language: str, by: User) -> Disclosure:
    """The letter to the recipient: a file that is taken once, and a record of its own that follows what it corrects.

    It gives new values only where the datum was rectified and nothing stands against telling of the person.
    """
    check_may(by, RIGHT)
    notice = RecipientNotice.objects.select_for_update(of=("self",)).select_related("disclosure").get(pk=notice.pk)
    if notice.state != State.WAITING:
        raise ValidationError(_("This notice is done already."))
    told = notice.disclosure
    with translation.override(language):
        extract = _new_values(notice)
        record = Disclosure(
            pk=next_number(),
            what=Disclosure.What.NOTIFIED,
            follows=told,
            kind=told.kind,
            organisation_key=told.organisation_key,
            recipient_person_key=told.recipient_person_key,
            outside_id=told.outside_id,
            company_key=told.company_key,
            purpose_id=told.purpose_id,
            purpose_version_id=told.purpose_version_id,
            ground=GROUND,
            fields=in_order({name for names in extract.told().values() for name in names}),
            channel="file",
            **made_by(by),
        )
        content = letter_of_change(record, notice, extract, language)
    write_record(record, extract.told(), "pdf", content)
    notice.notice = record
    notice.save()
    return record


def _new_values(notice: RecipientNotice) -> Extract:
    """The name, by which the recipient knows whom it is about; what is right now, if it may be told."""
    person = Person.objects.filter(pk__in=[notice.person_key, *_now(notice.person_key)]).first()
    if person is None:
        return Extract(("name",), "people")
    hindered = person.is_protected or person.restricted_at is not None
    values = set() if hindered or notice.change != Change.RECTIFIED else set(notice.fields) - {"identity_code"}
    selection = Selection("people", people=(person.pk,))
    named = "name" in notice.disclosure.fields
    fields = in_order(values | ({"name"} if named else set()))
    return extract_of(selection, fields, timezone.localdate(), excepted=frozenset({person.pk}))


def _now(key: int) -> list[int]:
    return list(FormerKey.objects.filter(key=key).values_list("person_id", flat=True))


@service
def close_notices(*, notices: Iterable[int], state: str, by: User, reason: str = "") -> int:
    """Told, or disproportionate with a reason (Art. 19); how many were closed. Those that are done stay as they are."""
    check_may(by, RIGHT)
    refuse_codes(reason)
    if state not in (State.TOLD, State.DISPROPORTIONATE):
        raise ValueError(state)
    if state == State.DISPROPORTIONATE and not reason.strip():
        raise ValidationError({"reason": _("Write why it is impossible or disproportionate.")})
    waiting = RecipientNotice.objects.select_for_update().filter(pk__in=list(notices), state=State.WAITING)
    done = waiting.update(state=state, reason=reason.strip(), done_at=timezone.now(), done_by=by.email)
    return int(done)


@service
def reopen_notice(*, notice: RecipientNotice, by: User) -> None:
    """Closed by mistake: it waits again. A letter that was made stays in the log."""
    check_may(by, RIGHT)
    RecipientNotice.objects.filter(pk=notice.pk).exclude(state=State.WAITING).update(
        state=State.WAITING, reason="", done_at=None, done_by=""
    )
