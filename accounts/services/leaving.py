"""Leaving the office, and losing every second factor."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.acting import Program, check_may, service
from accounts.models import User
from accounts.queries.administrators import check_administrator_remains
from accounts.sessions import end_sessions


@dataclass(frozen=True)
class OpenWork:
    """What waits for one user, in sentences for the page; `hand_over(user, successor, by)` ends it or passes it on.

    It raises ValidationError where the work needs a successor and there is none.
    """

    said: Callable[[User], list[str]]
    hand_over: Callable[[User, User | None, User | Program], None]


_open_work: list[OpenWork] = []


def register_open_work(work: OpenWork) -> None:
    """For each room that gives work to single users."""
    _open_work.append(work)


def open_work_of(user: User) -> list[str]:
    return [sentence for work in _open_work for sentence in work.said(user)]


@service
def leave_office(*, user: User, reason: str, by: User | Program, successor: User | None = None) -> None:
    """The account's sessions, factors, password, roles and rights end, at once; its work goes to the successor.

    The row stays: the trail names it.
    """
    _check_may_change(user, by)
    check_administrator_remains(without=user)
    if successor is not None and (successor.pk == user.pk or not (successor.is_active and successor.is_staff)):
        raise ValidationError({"successor": _("This account may not sign in to the office.")})
    user = User.objects.select_for_update().get(pk=user.pk)
    for work in _open_work:
        work.hand_over(user, successor, by)
    end_sessions(user)
    Authenticator.objects.filter(user_id=user.pk).delete()
    EmailAddress.objects.filter(user_id=user.pk).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.is_active = user.is_superuser = False
    user.set_unusable_password()
    user.closed_because = reason
    user.save()


@service
def take_factors_away(*, user: User, reason: str, by: User | Program) -> None:
    """For who has lost phone and recovery codes: after the password, a new factor is added before anything opens."""
    _check_may_change(user, by)
    user = User.objects.select_for_update().get(pk=user.pk)
    end_sessions(user)
    Authenticator.objects.filter(user_id=user.pk).delete()
    user.factors_reset_because = reason
    user.save()


def _check_may_change(user: User, by: User | Program) -> None:
    """Nobody does it to their own account; a superuser's is changed by superusers alone."""
    check_may(by, "accounts.change_user")
    if isinstance(by, User) and (by.pk == user.pk or (user.is_superuser and not by.is_superuser)):
        raise PermissionDenied
