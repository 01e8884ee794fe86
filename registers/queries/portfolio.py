"""Whose companies: a user's own ones and those of whom they stand in for, on a day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import User
from registers.models import CompanyDuty, HousingCompany, Substitution


def on_day(day: date) -> Q:
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def substitutions_of(user: User, day: date) -> QuerySet[Substitution]:
    """For whom the user stands in."""
    return Substitution.objects.filter(on_day(day), substitute=user).select_related("absent")


def companies_of(user: User, day: date) -> QuerySet[HousingCompany]:
    """A set that a further query can be narrowed by; companies whose management has ended are nobody's."""
    absent = Substitution.objects.filter(on_day(day), substitute=user).values("absent")
    duties = CompanyDuty.objects.filter(on_day(day)).filter(Q(user=user) | Q(user__in=absent))
    managed = Q(managed_until__isnull=True) | Q(managed_until__gt=day)
    return HousingCompany.objects.filter(managed, pk__in=duties.values("housing_company"))


@dataclass(frozen=True)
class Portfolio:
    user: User
    duties: list[CompanyDuty]
    stands_in: list[Substitution]


def portfolios(day: date) -> list[Portfolio]:
    """Everybody of the office who may sign in or still has companies; 3 queries."""
    duties = list(CompanyDuty.objects.filter(on_day(day)).select_related("housing_company").order_by("housing_company"))
    coming = Substitution.objects.filter(until__gt=day).select_related("absent", "substitute").order_by("since")
    found = list(coming)
    users = User.objects.filter(Q(is_active=True, is_staff=True) | Q(pk__in={duty.user_id for duty in duties}))
    return [
        Portfolio(
            user,
            [duty for duty in duties if duty.user_id == user.pk],
            [one for one in found if one.substitute_id == user.pk],
        )
        for user in users.order_by("name", "email")
    ]


def duties_of(company: HousingCompany, day: date) -> list[tuple[CompanyDuty, list[User]]]:
    """Who looks after the company, each with those who stand in for them that day; 2 queries."""
    duties = list(CompanyDuty.objects.filter(on_day(day), housing_company=company).select_related("user"))
    away = Substitution.objects.filter(on_day(day), absent__in=[duty.user_id for duty in duties])
    stand_ins = list(away.select_related("substitute"))
    return [(duty, [one.substitute for one in stand_ins if one.absent_id == duty.user_id]) for duty in duties]
