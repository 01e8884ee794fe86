"""Who has looked: the whole log filtered, and one person's part of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from registers.models import AccessEntry, FormerKey, Person
from registers.queries.cards import keys_of

RECENTLY = timedelta(days=30)
_periods: list[Callable[[], str]] = []


def say_how_long(words: Callable[[], str]) -> Callable[[], str]:
    """The room that ends the log says for how long it is kept."""
    _periods.append(words)
    return words


def how_long() -> str:
    """ "24 months"; empty where nothing ends it."""
    return next((words() for words in _periods), "")


def log(
    *, user: int | None = None, kind: str = "", since: date | None = None, person: int | None = None
) -> QuerySet[AccessEntry]:
    """Newest first. `person` is any key that leads to the person, also one from before a merge."""
    rows = AccessEntry.objects.order_by("-at", "-pk")
    if user is not None:
        rows = rows.filter(user_key=user)
    if kind:
        rows = rows.filter(kind=kind)
    if since:
        rows = rows.filter(at__gte=timezone.make_aware(datetime.combine(since, time())))
    if person is not None:
        kept = FormerKey.objects.filter(key=person).values_list("person_id", flat=True).first()
        rows = rows.filter(person_key__in=keys_of(kept or person))
    return rows


def still_there(entries: Iterable[AccessEntry]) -> dict[int, int]:
    """person's key in the log → the key under which the person is in the register now; 2 queries."""
    keys = {entry.person_key for entry in entries if entry.person_key}
    former = dict(FormerKey.objects.filter(key__in=keys).values_list("key", "person_id"))
    present = Person.objects.filter(pk__in=keys).values_list("pk", flat=True)
    return {key: key for key in present} | former


@dataclass(frozen=True)
class Looks:
    """The last look of somebody else than the one who asks, and how many such there were in 30 days."""

    last: AccessEntry | None
    recent: int


def looks_of_others(user: User, person: Person, now: datetime) -> Looks:
    others = log(person=person.pk).exclude(user_key=user.pk)
    return Looks(others.first(), others.filter(at__gte=now - RECENTLY).count())
