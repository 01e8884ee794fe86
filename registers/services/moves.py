"""Moving in and moving out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from registers.models import Apartment, Person, Residency
from registers.queries.visibility import check_may_handle
from registers.services.people import correct_person


@service
def move_in(*, person: Person, apartment: Apartment, on: date, role: str, source: str, by: User | Program) -> Residency:
    """The person lives in the apartment from `on`. Raises ValidationError, as for a person who lives there already."""
    check_may(by, "registers.add_residency")
    check_may_handle(by, person)
    residency = Residency(person=person, apartment=apartment, role=role, moved_in=on, source=source)
    residency.full_clean()
    residency.save()
    return residency


@service
def move_out(
    *,
    residency: Residency,
    on: date,
    source: str,
    by: User | Program,
    new_address: Mapping[str, Any] | None = None,
) -> Residency:
    """The residency ends: `on` is the first day on which the person lives there no longer.

    `new_address` holds street_address, postal_code, post_office, country: where the person is reached afterwards.
    """
    check_may(by, "registers.change_residency")
    residency = Residency.objects.select_for_update(of=("self",)).select_related("person").get(pk=residency.pk)
    check_may_handle(by, residency.person)
    if residency.moved_out is not None:
        raise ValidationError(_("This residency has ended already."))
    if residency.moved_in is not None and on < residency.moved_in:
        raise ValidationError({"on": _("The move-out is before the move-in.")})
    residency.moved_out = on
    residency.full_clean()
    residency.save()
    if new_address and any(new_address.values()):
        correct_person(person=residency.person, changes=new_address, source=source, by=by)
    return residency
