"""Non-disclosure orders (turvakielto) and restriction of processing (GDPR Art. 18)."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from registers.models import Person

LONGEST_REASON = 500  # of one reason; how many stand side by side is not limited


@service
def set_non_disclosure(
    *, person: Person, since: date, until: date | None, reported_by: str, by: User | Program
) -> Person:
    """Record the order, or new dates for it. It stays in force after `until`, which only asks for a review."""
    check_may(by, "registers.set_non_disclosure")
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    person.non_disclosure_from, person.non_disclosure_until = since, until
    person.non_disclosure_source = reported_by
    person.full_clean()
    person.save()
    return person


@service
def lift_non_disclosure(*, person: Person, by: User | Program) -> Person:
    check_may(by, "registers.set_non_disclosure")
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    person.non_disclosure_from = person.non_disclosure_until = None
    person.non_disclosure_source = ""
    person.save()
    return person


@service
def restrict_processing(*, person: Person, reason: str, by: User) -> Person:
    """Where one stands already, its time stands, and the reasons stand side by side, a line each."""
    check_may(by, "registers.restrict_processing")
    if not reason.strip():
        raise ValidationError({"reason": _("Write why the processing is restricted.")})
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    line = " ".join(reason.split())
    if len(line) > LONGEST_REASON:
        raise ValidationError({"reason": _("This is too long: at most %(n)d characters.") % {"n": LONGEST_REASON}})
    if person.restricted_at is None:
        person.restricted_at, person.restricted_by, person.restriction_reason = timezone.now(), by, line
    elif line not in person.restriction_reason.splitlines():
        person.restriction_reason += f"\n{line}"
    person.full_clean()
    person.save()
    return person


# What a room asks before reasons of a restriction are lifted: it raises ValidationError.
Check = Callable[[Person, list[str]], None]
_before_lifting: list[Check] = []


def check_before_lifting(check: Check) -> None:
    _before_lifting.append(check)


@service
def lift_restriction(*, person: Person, by: User, of: str = "") -> Person:
    """Whole, or the reasons that begin with `of`: the processing stays restricted while another one stands.

    Raises ValidationError while the person, who has asked for it, was not told (GDPR Art. 18(3)).
    """
    check_may(by, "registers.restrict_processing")
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    reasons = person.restriction_reason.splitlines()
    lifted = [reason for reason in reasons if reason.startswith(of)]
    for check in _before_lifting:
        check(person, lifted)
    person.restriction_reason = "\n".join(reason for reason in reasons if reason not in lifted)
    if not person.restriction_reason:
        person.restricted_at = person.restricted_by = None
    person.save()
    return person
