"""Leaving the office, and losing every second factor."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied

from accounts.acting import Program, check_may, service
from accounts.models import User
from accounts.queries.administrators import check_administrator_remains
from accounts.sessions import end_sessions


@service
def leave_office(*, user: User, reason: str, by: User | Program) -> None:
    """The account's sessions, factors, password, roles and rights end, at once. The row stays: the trail names it."""
    _check_may_change(user, by)
    check_administrator_remains(without=user)
    user = User.objects.select_for_update().get(pk=user.pk)
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
