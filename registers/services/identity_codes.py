"""Personal identity codes: stored on a ground, shown for a reason, found by the whole code alone."""

from datetime import date
from typing import cast

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import crypto
from accounts.acting import Program, check_may, service
from accounts.models import User
from registers.fields import Sealed
from registers.models import AccessEntry, IdentityCode, Person
from registers.queries.visibility import check_may_handle
from registers.validation import clean_identity_code, refuse_identity_code

MAJORITY = 18


def sealed(row: IdentityCode) -> Sealed:
    return cast(Sealed, row.code)


def is_minor(born: date, on: date) -> bool:
    return (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) < MAJORITY


@service
def store_identity_code(
    *, person: Person, code: str, ground: str, source: str, by: User | Program, ground_note: str = ""
) -> IdentityCode:
    """Store or replace a person's code. Needs a ground of s.29; a minor's needs its case written down (KHO:2023:56)."""
    check_may(by, "registers.store_identity_code")
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    check_may_handle(by, person)
    if ground not in IdentityCode.Ground.values:
        raise ValidationError({"ground": _("Choose the ground on which the code is stored.")})
    code, born = clean_identity_code(code, today=timezone.localdate())
    if person.date_of_birth and person.date_of_birth != born:
        raise ValidationError({"code": _("The code says another date of birth than the register.")})
    minor = is_minor(born, timezone.localdate())
    if minor and not ground_note.strip():
        raise ValidationError({"ground_note": _("The person is a minor: write why the code is needed in this case.")})
    index = crypto.blind_index(code)
    refuse_identity_code(ground_note)
    if IdentityCode.objects.filter(code_index=index).exclude(person=person).exists():
        raise ValidationError({"code": _("Another person in the register has this code.")})
    stored = IdentityCode.objects.filter(person=person).first() or IdentityCode(person=person)
    if stored.pk and bytes(stored.code_index) != index:  # another code: the trail, which holds none, tells it by this
        stored.delete()
        stored = IdentityCode(person=person)
    stored.code, stored.code_index = code, index  # type: ignore[assignment]
    stored.ground, stored.ground_note = ground, ground_note.strip()
    stored.minor_when_collected, stored.source = minor, source
    stored.collected_at, stored.collected_by = timezone.now(), by if isinstance(by, User) else None
    stored.save()
    stored.refresh_from_db()
    if person.date_of_birth is None:
        person.date_of_birth = born
        person.field_sources["date_of_birth"] = [source, timezone.localdate().isoformat()]
        person.save()
    return stored


@service
def remove_identity_code(*, person: Person, by: User | Program) -> None:
    check_may(by, "registers.store_identity_code")
    check_may_handle(by, person)
    for stored in IdentityCode.objects.filter(person=person):
        stored.delete()


@service
def unmask_identity_code(*, person: Person, reason: str, by: User) -> str:
    """The code in plain, against a reason that is logged first (law.md, hard rule 1)."""
    check_may(by, "registers.unmask_identity_code")
    check_may_handle(by, person)
    refuse_identity_code(reason)
    if len(reason.strip()) < 5:
        raise ValidationError({"reason": _("Write why you need the code.")})
    stored = IdentityCode.objects.filter(person=person).first()
    if stored is None:
        raise ValidationError(_("No personal identity code is stored for this person."))
    _log(AccessEntry.Kind.UNMASKED, by, person.pk, reason.strip())
    return sealed(stored).reveal()


@service
def find_by_identity_code(*, code: str, by: User) -> Person | None:
    """The person with exactly this code, or None; the search is logged. Raises ValidationError for no code at all."""
    check_may(by, "registers.search_identity_code")
    code, _born = clean_identity_code(code, today=timezone.localdate())
    stored = IdentityCode.objects.filter(code_index=crypto.blind_index(code)).select_related("person").first()
    _log(AccessEntry.Kind.SEARCHED, by, stored.person_id if stored else None, "")
    return stored.person if stored else None


@service
def identify_person(*, person: Person, means: str, by: User) -> None:
    """Record that `by` made sure who the person is, and how (policy P4)."""
    check_may(by, "registers.view_person")
    check_may_handle(by, person)
    if means not in AccessEntry.Means.values:
        raise ValidationError({"means": _("Choose how the person was identified.")})
    _log(AccessEntry.Kind.IDENTIFIED, by, person.pk, means)


def _log(kind: str, by: User, person_key: int | None, reason: str) -> None:
    AccessEntry.objects.create(kind=kind, user_key=by.pk, user_email=by.email, person_key=person_key, reason=reason)
