"""People: registering, correcting, and merging two records of one person."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import AuditEntry, User
from registers.inventory import inventory, is_log_key
from registers.models import BoardSeat, FormerKey, IdentityCode, Person, Residency
from registers.queries.visibility import check_may_handle
from registers.signals import address_changes, people_merged

# What can be corrected; protection, restriction and the identity code have services of their own.
CORRECTABLE = (
    "first_names",
    "last_name",
    "date_of_birth",
    "email",
    "phone",
    "language",
    "street_address",
    "postal_code",
    "post_office",
    "country",
)


@service
def register_person(*, by: User | Program, source: str, obtained_on: date | None = None, **details: Any) -> Person:
    """A new person. Raises ValidationError."""
    check_may(by, "registers.add_person")
    person = Person(source=source, obtained_on=obtained_on or timezone.localdate(), **details)
    person.full_clean()
    person.save()
    return person


@service
def correct_person(
    *,
    person: Person,
    changes: Mapping[str, Any],
    source: str,
    by: User | Program,
    obtained_on: date | None = None,
) -> Person:
    """Write `changes` (field → value) with their source; unchanged fields keep theirs. Raises ValidationError."""
    check_may(by, "registers.change_person")
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise ValueError(f"correct_person does not change {', '.join(sorted(unknown))}")
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    check_may_handle(by, person)
    on, old = obtained_on or timezone.localdate(), person.email
    for name, value in changes.items():
        if getattr(person, name) != value:
            setattr(person, name, value)
            person.field_sources[name] = [source, on.isoformat()]
    person.full_clean()
    if old and person.email.strip().lower() != old:
        address_changes.send(Person, person=person, old=old)
    person.save()
    return person


@service
def merge_persons(*, keep: Person, remove: Person, by: User | Program) -> Person:
    """Everything about `remove` becomes about `keep`, whose own values win; `remove`'s key leads to `keep` from then.

    Two different identity codes are two people: ValidationError. Protection and restriction of either stay.
    """
    check_may(by, "registers.merge_persons")
    if keep.pk == remove.pk:
        raise ValidationError(_("These are one and the same record."))
    both = Person.objects.select_for_update(of=("self",)).in_bulk([keep.pk, remove.pk])
    keep, remove = both[keep.pk], both[remove.pk]
    for person in (keep, remove):
        check_may_handle(by, person)
    if IdentityCode.objects.filter(person__in=[keep, remove]).count() > 1:
        raise ValidationError(_("Both have a personal identity code: they are two people. Nothing was merged."))
    if keep.date_of_birth and remove.date_of_birth and keep.date_of_birth != remove.date_of_birth:
        raise ValidationError(_("Their dates of birth differ. Correct the wrong one first."))
    if keep.email and remove.email and keep.email != remove.email:
        address_changes.send(Person, person=remove, old=remove.email)
    was_restricted = keep.restricted_at is not None
    _unite(Residency, "apartment_id", "moved_in", "moved_out", keep, remove)
    _unite(BoardSeat, "housing_company_id", "term_from", "term_until", keep, remove)
    _lead_rows_to(keep, remove)
    _take_over_fields(keep, remove)
    former, lost = remove.pk, fields_not_kept(keep, remove)
    restricted = keep.restricted_at is not None and not was_restricted
    try:
        remove.delete()
    except ProtectedError:
        raise ValidationError(_("Something still refers to the record that would go. Nothing was merged.")) from None
    FormerKey.objects.create(key=former, person=keep, merged_by=by if isinstance(by, User) else None)
    keep.full_clean()
    keep.save()
    AuditEntry.objects.filter(person_key=former).update(person_key=keep.pk)
    people_merged.send(Person, keep=keep.pk, former=former, lost=lost, restricted=restricted)
    return keep


def values_not_kept(keep: Person, remove: Person) -> list[tuple[str, str]]:
    """(field's name, value) of what merging would drop, since `keep` has another value."""
    names = fields_not_kept(keep, remove)
    return [(str(getattr(Person._meta.get_field(n), "verbose_name", n)), str(getattr(remove, n))) for n in names]


def fields_not_kept(keep: Person, remove: Person) -> list[str]:
    return [
        n for n in CORRECTABLE if getattr(keep, n) and getattr(remove, n) and getattr(keep, n) != getattr(remove, n)
    ]


def _unite(model: Any, place: str, start: str, end: str, keep: Person, remove: Person) -> None:
    """Two rows of both that overlap in one place become one, from the earlier start to the later end."""
    for theirs in model.objects.filter(person=remove).order_by("pk"):
        overlapping = [
            row
            for row in model.objects.filter(person=keep, **{place: getattr(theirs, place)})
            if _overlap(row, theirs, start, end)
        ]
        if not overlapping:
            continue
        rows = [theirs, *overlapping]
        starts, ends = [getattr(row, start) for row in rows], [getattr(row, end) for row in rows]
        kept = overlapping[0]
        for row in (theirs, *overlapping[1:]):
            row.delete()
        setattr(kept, start, None if None in starts else min(starts))
        setattr(kept, end, None if None in ends else max(ends))
        kept.save()


def _overlap(a: Any, b: Any, start: str, end: str) -> bool:
    def begins_before_end(x: Any, y: Any) -> bool:
        return getattr(x, start) is None or getattr(y, end) is None or getattr(x, start) < getattr(y, end)

    return begins_before_end(a, b) and begins_before_end(b, a)


def _lead_rows_to(keep: Person, remove: Person) -> None:
    """By the inventory, so that registers of later rooms follow without a word here."""
    for entry in inventory():
        for lookup in entry.person_lookups:
            if lookup == "pk" or "__" in lookup or is_log_key(lookup) or entry.model is FormerKey:
                continue
            only_one = bool(getattr(entry.model._meta.get_field(lookup), "unique", False))
            for row in entry.model._base_manager.filter(**{lookup: remove}):
                if only_one and entry.model._base_manager.filter(**{lookup: keep}).exists():
                    row.delete()
                    continue
                setattr(row, lookup, keep)
                row.save()
    FormerKey.objects.filter(person=remove).update(person=keep)


def _take_over_fields(keep: Person, remove: Person) -> None:
    for name in CORRECTABLE:
        if name != "language" and not getattr(keep, name) and getattr(remove, name):
            setattr(keep, name, getattr(remove, name))
            source, on = remove.source_of(name)
            keep.field_sources[name] = [source, on.isoformat()]
    if remove.is_protected and not keep.is_protected:
        for name in ("non_disclosure_from", "non_disclosure_until", "non_disclosure_source"):
            setattr(keep, name, getattr(remove, name))
    _join_restrictions(keep, remove)


def _join_restrictions(keep: Person, remove: Person) -> None:
    """The reasons of both stand, each to be lifted by itself; the processing is restricted since the earlier one."""
    if remove.restricted_at is None:
        return
    if keep.restricted_at is None or remove.restricted_at < keep.restricted_at:
        keep.restricted_at, keep.restricted_by = remove.restricted_at, remove.restricted_by
    reasons = [*keep.restriction_reason.splitlines(), *remove.restriction_reason.splitlines()]
    keep.restriction_reason = "\n".join(dict.fromkeys(reasons))
