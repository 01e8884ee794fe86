"""Holds on erasure: placing and releasing them."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import User
from registers.models import HousingCompany, Person
from registers.queries.visibility import check_may_handle
from registers.validation import refuse_identity_code
from retention.models import Hold
from retention.services.locks import stop_erasing

RIGHT = "retention.place_holds"


@service
def place_hold(
    *,
    reason: str,
    review_on: date,
    by: User,
    person: Person | None = None,
    housing_company: HousingCompany | None = None,
    category: str = "",
    case: str = "",
) -> Hold:
    """Nothing that it names is erased while it stands. It waits for the batches that are running, and no longer."""
    check_may(by, RIGHT)
    stop_erasing()
    if person is not None:
        locked = Person.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
        if locked is None:
            raise ValidationError(_("This person's data were erased meanwhile."))
        check_may_handle(by, locked)
    _check(reason, case)
    if review_on <= timezone.localdate():
        raise ValidationError({"review_on": _("The review is in the future.")})
    hold = Hold(
        person=person,
        housing_company=housing_company,
        category=category,
        case=case.strip(),
        reason=reason.strip(),
        review_on=review_on,
        placed_at=timezone.now(),
        placed_by=by,
    )
    hold.full_clean()
    hold.save()
    return hold


@service
def review_hold(*, hold: Hold, review_on: date, by: User) -> Hold:
    """It is still needed: the next review."""
    check_may(by, RIGHT)
    hold = _standing(hold)
    if review_on <= timezone.localdate():
        raise ValidationError({"review_on": _("The review is in the future.")})
    hold.review_on = review_on
    hold.save()
    return hold


@service
def release_hold(*, hold: Hold, because: str, by: User) -> Hold:
    """What it held ends by the next plan, if nothing else needs it: the plan asks anew every night."""
    check_may(by, RIGHT)
    hold = _standing(hold)
    _check(because, "")
    hold.released_at, hold.released_by, hold.released_because = timezone.now(), by, because.strip()
    hold.full_clean()
    hold.save()
    return hold


def _standing(hold: Hold) -> Hold:
    found: Any = Hold.objects.select_for_update(of=("self",)).filter(pk=hold.pk, released_at=None).first()
    if found is None:
        raise ValidationError(_("This hold has been released already."))
    return found


def _check(reason: str, case: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Write why.")})
    for text in (reason, case):
        refuse_identity_code(text)
