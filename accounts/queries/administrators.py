"""Somebody must be able to make accounts."""

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User

ROLE = "administrator"


def check_administrator_remains(*, without: User) -> None:
    """Raises ValidationError. The role's row is locked, so that two administrators do not let each other go at once."""
    Group.objects.select_for_update().get(name=ROLE)
    administrators = User.objects.filter(Q(groups__name=ROLE) | Q(is_superuser=True), is_active=True)
    if not administrators.exclude(pk=without.pk).exists():
        raise ValidationError(_("This is the last administrator: give the role to somebody else first."))
