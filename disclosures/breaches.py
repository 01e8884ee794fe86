"""The clock of a personal data breach (GDPR Art. 33(1)): 72 elapsed hours, weekends and clock changes or not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

AUTHORITY_WITHIN = timedelta(hours=72)


def authority_due(aware_at: datetime) -> datetime:
    """The last moment, in UTC, where an hour is always an hour: Regulation 1182/71 rolls nothing that is in hours."""
    if aware_at.tzinfo is None:
        raise ValueError("A moment without its time zone is no moment.")
    return aware_at.astimezone(UTC) + AUTHORITY_WITHIN


@dataclass(frozen=True)
class Clock:
    """`hours` are whole: those that are left, or those that it is over. The last hour is 0 hours left."""

    due: datetime
    hours: int
    is_over: bool


def clock(aware_at: datetime, now: datetime) -> Clock:
    due = authority_due(aware_at)
    left = due - now.astimezone(UTC)
    return Clock(due, int(abs(left) / timedelta(hours=1)), left < timedelta(0))
