"""A code is sent to whoever the registers have, too: their account is made when they first ask for one."""

from typing import Any

from django.core.exceptions import ValidationError

from accounts.forms import RequestCodeForm
from accounts.models import User
from portal.services.own_accounts import OWN_PAGES, account_for


class OwnCodeForm(RequestCodeForm):
    def clean_email(self) -> str:
        email = super().clean_email()
        made = _made(email)
        found: Any = getattr(self, "_user", None)
        self._user = found or made
        return (
            str(self._user.email) if self._user is not None else email
        )  # to the address that we know, letter by letter


def _made(email: str) -> User | None:
    try:
        return account_for(email=email, by=OWN_PAGES)
    except ValidationError:  # the same address was asked for at this very moment
        return User.objects.filter(email__iexact=email.strip(), is_active=True, is_staff=False).first()
