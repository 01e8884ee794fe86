"""The log of looks ends by whole months, when the longest rule about it asks for none of their days any more."""

from datetime import date, timedelta

from django.db.models import Q

from accounts.acting import Program, service
from accounts.classification import Category
from consent.services.making import made_by
from registers.services.access_log import end_access_months
from retention.models import RecordsEnd
from retention.queries.holds import placed
from retention.queries.records import cutoffs
from retention.queries.rules import EVERYWHERE, Scheme, scheme
from retention.records import LOOKED, LOOKS


def kept_from(speaks: Scheme, on: date) -> date | None:
    """The first day of which a look is still kept; None: no rule ends them, or a hold stops it."""
    cuts = cutoffs(LOOKED, Category.USAGE, speaks, on)
    if EVERYWHERE not in cuts or placed().filter(Q(category="") | Q(category=Category.USAGE), person=None).exists():
        return None
    return min(cuts.values()) + timedelta(days=1)


@service
def end_looks(*, on: date, by: Program) -> int:
    """How many months ended."""
    speaks = scheme()
    first = kept_from(speaks, on)
    if first is None:
        return 0
    ended = end_access_months(before=first, by=by)
    if ended:
        rules = [r.key for r in speaks.rules if r.event == LOOKED and r.category == Category.USAGE]
        RecordsEnd.objects.create(what=LOOKS, before=first, number=ended, rules=rules, **made_by(by))
    return ended
