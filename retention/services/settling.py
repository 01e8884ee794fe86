"""Something was found after an erasure: somebody looks at it, removes it where it stands, and says so."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import check_may, service
from accounts.models import User
from registers.validation import refuse_identity_code
from retention.models import Sweep
from retention.services.planning import RIGHT
from retention.services.verifying import left_of


@service
def settle_findings(*, sweep: Sweep, note: str, by: User) -> Sweep:
    """Findings stay readable, with who dealt with them, when and how. ValidationError while rows are left."""
    check_may(by, RIGHT)
    refuse_identity_code(note)
    locked = Sweep.objects.select_for_update().get(pk=sweep.pk)
    if locked.state != Sweep.State.FAILED:
        raise ValidationError(_("Nothing was found after this erasure."))
    if not note.strip():
        raise ValidationError(_("Write what was done about it."))
    left = left_of(locked.pk)
    if left:
        raise ValidationError(_("Rows of this erasure still lead to people who were erased."))
    settled = {"by": by.email, "at": timezone.now().isoformat(), "note": note.strip()[:300]}
    locked.verification = locked.verification | {"left": [], "settled": settled}
    locked.state = Sweep.State.DONE
    locked.save(update_fields=["verification", "state"])
    return locked
