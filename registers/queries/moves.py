"""Who moves, and when."""

from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import User
from registers.models import Residency
from registers.queries.visibility import without_protected


def _with_homes(user: User) -> QuerySet[Residency]:
    rows = Residency.objects.select_related("person", "apartment__building", "apartment__housing_company")
    return without_protected(rows, user)


def moving_in(user: User, first: date, last: date) -> QuerySet[Residency]:
    """Move-ins on the days from `first` to `last`, both included."""
    return _with_homes(user).filter(moved_in__range=(first, last)).order_by("moved_in", "pk")


def moving_out(user: User, first: date, last: date) -> QuerySet[Residency]:
    return _with_homes(user).filter(moved_out__range=(first, last)).order_by("moved_out", "pk")


def days_around(on: date, *, before: int = 0, after: int = 0) -> tuple[date, date]:
    return on - timedelta(days=before), on + timedelta(days=after)
