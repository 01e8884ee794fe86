"""Shares change hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from registers.models import Organisation, Ownership, Person, ShareGroup
from registers.queries.visibility import check_may_handle


@dataclass(frozen=True)
class NewOwner:
    owner: Person | Organisation
    numerator: int = 1
    denominator: int = 1


@service
def transfer_ownership(
    *,
    share_group: ShareGroup,
    ends: Sequence[Ownership],
    starts: Sequence[NewOwner],
    on: date,
    source: str,
    by: User | Program,
) -> list[Ownership]:
    """From `on` the new owners own what `ends` owned until then. Raises ValidationError, as for more than the whole."""
    check_may(by, "registers.add_ownership", "registers.change_ownership")
    ShareGroup.objects.select_for_update(no_key=True).get(pk=share_group.pk)
    ending = Ownership.objects.filter(pk__in=[o.pk for o in ends], share_group=share_group).select_related("person")
    for ownership in ending:
        if ownership.person:
            check_may_handle(by, ownership.person)
        if ownership.owned_until is not None:
            raise ValidationError(_("One of these ownerships has ended already."))
        if ownership.owned_from is not None and on < ownership.owned_from:
            raise ValidationError({"on": _("The transfer is before the present owner's own acquisition.")})
        ownership.owned_until = on
        ownership.full_clean()
        ownership.save()
    started = []
    for new in starts:
        if isinstance(new.owner, Person):
            check_may_handle(by, new.owner)
        ownership = Ownership(
            share_group=share_group,
            person=new.owner if isinstance(new.owner, Person) else None,
            organisation=new.owner if isinstance(new.owner, Organisation) else None,
            numerator=new.numerator,
            denominator=new.denominator,
            owned_from=on,
            source=source,
        )
        ownership.full_clean()
        ownership.save()
        started.append(ownership)
    return started
