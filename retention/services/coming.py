"""What the desk was told of coming ends: that somebody has looked at it."""

from django.utils import timezone

from accounts.acting import check_may, service
from accounts.models import User
from retention.models import ComingEnd

RIGHT = "retention.place_holds"


@service
def note_seen(*, upto: int, by: User) -> int:
    """Everything up to that notice was looked at: it leaves the desk, and stays on its page. How many."""
    check_may(by, RIGHT)
    return ComingEnd.objects.filter(seen_at=None, pk__lte=upto).update(seen_at=timezone.now(), seen_by=by)
