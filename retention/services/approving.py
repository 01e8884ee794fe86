"""An erasure that the brake has stopped goes on when two different persons say so."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import User
from consent.services.making import made_by
from registers.validation import refuse_identity_code
from retention.models import Sweep, SweepApproval

RIGHT = "retention.approve_sweeps"
NEEDED = 2


def is_released(sweep: Sweep) -> bool:
    return sweep.approvals.values("user_key").distinct().count() >= NEEDED


@service
def approve_sweep(*, sweep: Sweep, by: User, note: str = "") -> Sweep:
    """One word; with the second person's the sweep may be started."""
    check_may(by, RIGHT)
    refuse_identity_code(note)
    locked = Sweep.objects.select_for_update().get(pk=sweep.pk)
    if locked.state not in (Sweep.State.PLANNED, Sweep.State.WAITING) or not locked.brake:
        raise ValidationError(_("This erasure waits for no approval."))
    try:
        with transaction.atomic():
            SweepApproval.objects.create(sweep=locked, note=note.strip(), **made_by(by))
    except IntegrityError:
        raise ValidationError(_("You have approved this already. Another person must approve it too.")) from None
    if is_released(locked):
        locked.state = Sweep.State.PLANNED
        locked.save(update_fields=["state"])
    return locked
