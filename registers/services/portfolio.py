"""Saying who looks after which housing company, and who stands in for whom."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import Program, check_may, service
from accounts.models import User
from accounts.services.leaving import OpenWork, register_open_work
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


def _open_duties(user: User) -> QuerySet[CompanyDuty]:
    """Today's and those to come, of companies that are still managed."""
    today = timezone.localdate()
    managed = Q(housing_company__managed_until=None) | Q(housing_company__managed_until__gt=today)
    return CompanyDuty.objects.filter(Q(until=None) | Q(until__gt=today), user=user).filter(managed)


def _said(user: User) -> list[str]:
    said = []
    if companies := _open_duties(user).values("housing_company").distinct().count():
        text = ngettext("Looks after %(n)d company.", "Looks after %(n)d companies.", companies)
        said.append(text % {"n": companies})
    today = timezone.localdate()
    for row in Substitution.objects.filter(substitute=user, until__gt=today).select_related("absent"):
        said.append(_("Stands in for %(absent)s.") % {"absent": row.absent})
    return said


def _hand_over(user: User, successor: User | None, by: User | Program) -> None:
    """Companies go to the successor in the same role from today; whom the user stands in for, too."""
    today = timezone.localdate()
    open_ones = list(_open_duties(user).select_related("housing_company").select_for_update(of=("self",)))
    if open_ones and successor is None:
        raise ValidationError({"successor": _("Choose who looks after the companies from today.")})
    for duty in CompanyDuty.objects.filter(Q(until=None) | Q(until__gt=today), user=user):
        end_duty(duty=duty, on=max(today, duty.since), by=by)
    for duty in open_ones:
        assert successor is not None
        _take_over(duty, successor, max(today, duty.since), by)
    for row in Substitution.objects.filter(Q(absent=user) | Q(substitute=user), until__gt=today):
        end_substitution(substitution=row, on=today, by=by)
        if row.substitute_id == user.pk and successor is not None and row.absent_id != successor.pk:
            _stand_in(row, successor, max(today, row.since))


def _take_over(duty: CompanyDuty, successor: User, day: date, by: User | Program) -> None:
    """Nobody who looks after the company as responsible manager becomes a member of its team by it."""
    theirs = CompanyDuty.objects.filter(
        Q(until=None) | Q(until__gt=day), user=successor, housing_company=duty.housing_company
    )
    if duty.role == CompanyDuty.Role.TEAM and theirs.exists():
        return
    for other in theirs:
        end_duty(duty=other, on=max(day, other.since), by=by)
    CompanyDuty.objects.create(
        housing_company=duty.housing_company, user=successor, role=duty.role, since=day, until=duty.until
    )


def _stand_in(row: Substitution, successor: User, day: date) -> None:
    theirs = Substitution.objects.filter(absent=row.absent, substitute=successor, since__lt=row.until, until__gt=day)
    if not theirs.exists():
        Substitution.objects.create(absent=row.absent, substitute=successor, since=day, until=row.until)


register_open_work(OpenWork(_said, _hand_over))
