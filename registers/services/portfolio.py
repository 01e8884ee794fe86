"""Saying who looks after which housing company, and who stands in for whom."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from registers.models import CompanyDuty, HousingCompany, Substitution

RIGHT = "registers.assign_companies"


@service
def give_duty(
    *, housing_company: HousingCompany, user: User, role: str, since: date, by: User | Program
) -> CompanyDuty:
    """A new responsible manager takes the place of the one before, from that day on."""
    check_may(by, RIGHT)
    _check_works_here(user, "user")
    if role == CompanyDuty.Role.RESPONSIBLE:
        _end_before(CompanyDuty.objects.filter(housing_company=housing_company, role=role).exclude(user=user), since)
    _end_before(CompanyDuty.objects.filter(housing_company=housing_company, user=user), since)
    duty = CompanyDuty(housing_company=housing_company, user=user, role=role, since=since)
    duty.full_clean()
    duty.save()
    return duty


def _end_before(duties: QuerySet[CompanyDuty], day: date) -> None:
    for duty in duties.select_for_update().filter(since__lt=day, until=None):
        duty.until = day
        duty.full_clean()
        duty.save()


@service
def end_duty(*, duty: CompanyDuty, on: date, by: User | Program) -> CompanyDuty:
    """`on` is the first day on which the user looks after the company no longer."""
    check_may(by, RIGHT)
    locked = CompanyDuty.objects.select_for_update().get(pk=duty.pk)
    if locked.until is not None and locked.until <= on:
        raise ValidationError({"on": _("This ends earlier already.")})
    locked.until = on
    locked.full_clean()
    locked.save()
    return locked


@service
def substitute(*, absent: User, substitute: User, since: date, until: date, by: User | Program) -> Substitution:
    """`until` is the first day on which the absent one is back."""
    check_may(by, RIGHT)
    _check_works_here(substitute, "substitute")
    row = Substitution(absent=absent, substitute=substitute, since=since, until=until)
    row.full_clean()
    row.save()
    return row


@service
def end_substitution(*, substitution: Substitution, on: date, by: User | Program) -> Substitution:
    """The absent one is back on the day `on`, or never leaves: then nothing of it stays."""
    check_may(by, RIGHT)
    locked = Substitution.objects.select_for_update().get(pk=substitution.pk)
    if locked.until <= on:
        raise ValidationError({"on": _("This ends earlier already.")})
    locked.until = max(on, locked.since)
    locked.full_clean()
    locked.save()
    return locked


def _check_works_here(user: User, field: str) -> None:
    if not (user.is_active and user.is_staff):
        raise ValidationError({field: _("This account may not sign in to the office.")})
