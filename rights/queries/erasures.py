"""Erasures that were begun for a case: found by whom they concern, since a sweep knows no cases."""

from datetime import date

from django.db.models import Q

from registers.queries.cards import keys_of
from retention.explain import category_name, sentence
from retention.models import ErasureRecord, Sweep, SweepBatch
from retention.queries.explained import explained
from rights.models import SubjectRequest

# Failed: erased, but values were found elsewhere; it is done when somebody has settled that.
UNDER_WAY = (
    Sweep.State.PLANNED, Sweep.State.WAITING, Sweep.State.RUNNING, Sweep.State.VERIFYING, Sweep.State.FAILED,
)  # fmt: skip
OVER = (Sweep.State.DONE,)


def erasures_of(case: SubjectRequest) -> list[Sweep]:
    """Newest first; those that were cancelled or ended nothing are not among them."""
    if case.person_key is None:
        return []
    keys = keys_of(case.person_key)
    ended = ErasureRecord.objects.filter(person_key__in=keys).values("sweep_key")
    waiting = SweepBatch.objects.filter(people__overlap=keys, done_at=None).values("sweep_id")
    rows = Sweep.objects.filter(kind=Sweep.Kind.REQUEST, at__gte=case.received_at, state__in=(*UNDER_WAY, *OVER))
    return list(rows.filter(Q(pk__in=ended) | Q(pk__in=waiting)).order_by("-pk"))


def goes_and_stays(person: int, on: date) -> tuple[list[str], list[str]]:
    """What an erasure on this day ends, by the names of its categories; and what stays, each with its reason."""
    kept, words = explained(person)
    ended = [one for one in kept if one.until is not None and one.until <= on and not one.holds]
    return (
        [category_name(one.category) for one in ended],
        [sentence(one, words, on) for one in kept if one not in ended],
    )
