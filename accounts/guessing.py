"""How many codes of a second factor are tried on an account in a day.

The library's five wrong ones in five minutes let 1,440 a day be tried: over a year one of a million possible codes
would rather be found than not. The day's limit holds for all browsers together that the account does not know; one that
it knows has a limit of its own (`accounts.devices`), so that whoever has the password keeps its owner from no work.
"""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.core.internal.ratelimit import consume
from allauth.mfa.adapter import get_adapter
from django import forms

from accounts.devices import device_of

CODE, TOLD = "second_factor_code", "second_factor_told"  # in ACCOUNT_RATE_LIMITS


class LimitedByDay(forms.Form):
    """Before the library's form: a wrong code counts, a right one and one that was not compared do not."""

    user: Any

    def clean_code(self) -> str:
        guess = _count(CODE, f"{self.user.pk}:{device_of(context.request, self.user.email)}")
        if guess is None:
            if _count(TOLD, str(self.user.pk)):
                account_adapter().send_notice("codes_guessed", self.user)
            raise get_adapter().validation_error("too_many_codes")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except forms.ValidationError as refused:
            if refused.code != "incorrect_code":
                guess.rollback()
            raise
        guess.rollback()
        return code


def _count(action: str, key: str) -> Any:
    return consume(context.request, app="allauth.account", action=action, key=key, config=app_settings.RATE_LIMITS)
