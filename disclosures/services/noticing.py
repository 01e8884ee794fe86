"""GDPR Art. 19: each recipient who was told a datum is told when it is rectified, erased or restricted.

A trigger on the audit trail notes every change of the registers, whatever made it; here they become notices, one for
each recipient who got that very datum. Disclosures that run at that moment are waited for, and those that had not seen
the change yet count as told before it (`_saw`).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import AuditEntry, User
from disclosures.asking import Kind
from disclosures.fields import FIELDS
from disclosures.models import ChangeSeen, DisclosedPerson, Disclosure, RecipientNotice
from disclosures.models.disclosure import Channel
from disclosures.queries.answering import HANDED_OVER
from disclosures.services.recording import READING, RIGHT
from disclosures.services.telling import refuse_codes
from registers.models import FormerKey, IdentityCode, Ownership, Residency, ShareRange
from registers.queries.cards import keys_of

BATCH = 500
# Who needs no notice: the persons themselves, and the controller, who is no recipient (Art. 4(9)).
NO_RECIPIENTS = (Kind.SUBJECT, Kind.CONTROLLER)
# Whose register goes on when ours ends: what a controller has erased, it tells its next processor itself.
KEEPS_ON = (Kind.SUCCESSOR,)
EMPTY = (None, "", "None")
Change, State = RecipientNotice.Change, RecipientNotice.State
HELD: dict[str, list[str]] = {}
for _field in FIELDS.values():
    for _name in _field.holds:
        HELD.setdefault(_name, []).append(_field.code)
# Rows that lead to one person, whose other columns tell of where it is: somebody else in it is another datum.
OF_ONE = {
    "registers.residency": ("apartment", "residency_role", "moved_in", "moved_out"),
    "registers.ownership": ("share_group", "shares", "fraction", "owned_from", "owned_until"),
    "registers.boardseat": ("board_role",),
}


def take_changes() -> int:
    """Make notices of the changes that wait; how many changes were taken."""
    taken = 0
    while batch := _take_batch():
        taken += batch
    return taken


@transaction.atomic
def _take_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [READING])
        if not cursor.fetchone()[0]:  # a disclosure is on its way: the schedule comes again
            return 0
    waiting = {row.entry: row for row in ChangeSeen.objects.order_by("pk")[:BATCH]}
    told = _told_of({row.person_key for row in waiting.values() if row.person_key})
    entries = AuditEntry.objects.filter(pk__in=waiting).select_related("content_type").order_by("pk")
    for entry in entries:
        row = waiting[entry.pk]
        if row.person_key is not None and row.person_key not in told:
            continue
        for person_key, change, codes in _changed(entry, row.person_key):
            if change == Change.LIFTED:
                _lift(person_key)
            else:
                require_notices(
                    person_key=person_key, change=change, codes=codes, before=entry.timestamp, by=row.transaction
                )
    ChangeSeen.objects.filter(entry__in=waiting).delete()
    return len(waiting)


def _told_of(keys: set[int]) -> set[int]:
    """Of these people those of whom anything was told, under whatever key; 2 queries."""
    former = FormerKey.objects.filter(person__in=keys).values_list("key", "person_id")
    leads = {key: key for key in keys} | dict(former)
    found = DisclosedPerson.objects.filter(person_key__in=leads).values_list("person_key", flat=True).distinct()
    return {leads[key] for key in found}


def _changed(entry: AuditEntry, person_key: int | None) -> Iterator[tuple[int, str, set[str]]]:
    """(person's key, kind of change, codes of the extract's fields that it is about)."""
    label = f"{entry.content_type.app_label}.{entry.content_type.model}"
    changes: dict[str, Any] = entry.changes or {}
    if person_key is None:
        codes = {code for name in changes for code in HELD.get(f"{label}.{name}", ())}
        for key in _people_at(label, entry, changes) if codes else ():
            yield key, Change.RECTIFIED, codes
        return
    deleted = entry.action == AuditEntry.Action.DELETE
    if label == "registers.person" and deleted:
        if not FormerKey.objects.filter(key=entry.object_id).exists():
            yield person_key, Change.ERASED, set(FIELDS)
        return
    if label == "registers.identitycode" and deleted:
        again = IdentityCode.objects.filter(person=person_key).exists()
        yield person_key, Change.RECTIFIED if again else Change.ERASED, {"identity_code"}
        return
    if label == "registers.person" and "restricted_at" in changes:
        lifted = changes["restricted_at"][1] in EMPTY
        yield person_key, Change.LIFTED if lifted else Change.RESTRICTED, set(FIELDS)
    if label in OF_ONE and not deleted and "person" in changes:  # the row was about somebody else before
        before = str(changes["person"][0])
        if before.isdigit():
            yield int(before), Change.ERASED, set(OF_ONE[label])
    emptied: dict[str, list[bool]] = {}
    for name in changes:
        for code in HELD.get(f"{label}.{name}", ()):
            emptied.setdefault(code, []).append(deleted or changes[name][1] in EMPTY)
    for change, gone in ((Change.ERASED, True), (Change.RECTIFIED, False)):
        if found := {code for code, flags in emptied.items() if all(flags) == gone}:
            yield person_key, change, found


def _people_at(label: str, entry: AuditEntry, changes: dict[str, Any]) -> set[int]:
    """Of whom something is said by way of an apartment or a share group: all who live or own there, or did."""
    if label == "registers.apartment":
        return set(Residency.objects.filter(apartment=entry.object_id).values_list("person_id", flat=True))
    group: Any = entry.object_id
    if label == "registers.sharerange":
        old = str(changes.get("share_group", [""])[0])
        found = ShareRange.objects.filter(pk=entry.object_id).values_list("share_group_id", flat=True).first()
        group = found or (int(old) if old.isdigit() else 0)
    owners = Ownership.objects.filter(share_group=group, person__isnull=False)
    return set(owners.values_list("person_id", flat=True))


@dataclass(frozen=True)
class _To:
    """One recipient, whatever the class under which they were told."""

    organisation: int | None
    person: int | None
    outside: int | None
    board_of: int | None  # a name board, of this company


def require_notices(
    *,
    person_key: int,
    change: str,
    codes: Iterable[str],
    before: datetime,
    by: int = 0,
    told_as: Collection[int] | None = None,
) -> int:
    """A notice to each recipient who was told any of `codes` before; how many are new.

    Before: earlier than `before`, or without having seen transaction `by`. `told_as`: only what was told under these
    keys. What already waits for the same recipient is widened, so that nobody gets two letters about one thing.
    """
    keys = keys_of(person_key)
    rows = DisclosedPerson.objects.filter(
        HANDED_OVER,
        person_key__in=keys if told_as is None else told_as,
        disclosure__what=Disclosure.What.DISCLOSED,
        fields__overlap=sorted(codes),
    )
    silent = (*NO_RECIPIENTS, *KEEPS_ON) if change == Change.ERASED else NO_RECIPIENTS
    # Who looks at the board's pages sees the register itself, put right: a letter has nothing to mend.
    rows = rows.exclude(disclosure__kind=Kind.BOARD, disclosure__channel=Channel.SCREEN)
    rows = rows.exclude(disclosure__kind__in=silent).select_related("disclosure").order_by("disclosure_id")
    newest: dict[_To, tuple[Disclosure, set[str]]] = {}
    for row in rows:
        told = row.disclosure
        if told.recipient_person_key in keys or (told.at >= before and _saw(told.snapshot, by)):
            continue
        _before, fields = newest.get(_recipient(told), (None, set()))
        newest[_recipient(told)] = (told, fields | (set(row.fields) & set(codes)))
    waiting = RecipientNotice.objects.select_for_update(of=("self",)).filter(
        person_key__in=keys, change=change, state=State.WAITING, notice=None
    )
    standing = {_recipient(row.disclosure): row for row in waiting.select_related("disclosure")}
    made = 0
    for to, (disclosure, found) in newest.items():
        if to in standing:
            open_notice = standing[to]
            open_notice.fields, open_notice.disclosure = in_order({*open_notice.fields, *found}), disclosure
            open_notice.save(update_fields=["fields", "disclosure"])
            continue
        made += 1
        RecipientNotice.objects.create(
            person_key=person_key, change=change, fields=in_order(found), disclosure=disclosure
        )
    return made


def _saw(snapshot: str, by: int) -> bool:
    """Whether a disclosure that read under this snapshot ("own xmin:xmax:running") saw what transaction `by` wrote."""
    own, _space, seen = snapshot.partition(" ")
    if not seen or not by or own == str(by):
        return True
    xmin, xmax, running = seen.split(":")
    return by < int(xmin) or (by < int(xmax) and str(by) not in running.split(","))


def _lift(person_key: int) -> None:
    """Who was told of the restriction is told that it is lifted; who was not told yet need not know of either."""
    keys = keys_of(person_key)
    notices = RecipientNotice.objects.select_for_update().filter(person_key__in=keys, change=Change.RESTRICTED)
    notices.filter(state=State.WAITING, notice=None).delete()
    for row in notices.exclude(state=State.DISPROPORTIONATE):
        lifted = {"person_key": row.person_key, "disclosure_id": row.disclosure_id, "change": Change.LIFTED}
        RecipientNotice.objects.get_or_create(**lifted, state=State.WAITING, defaults={"fields": row.fields})


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
