"""allauth's forms in our words, and with our rules."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.guessing import LimitedByDay

ONE_TIME_CODE = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}


class RequestCodeForm(RequestLoginCodeForm):
    """A code is sent to people who are not staff; the page says the same to everybody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        found: Any = getattr(self, "_user", None)
        self._user = None if found is not None and found.is_staff else found
        return email


class Code(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget = forms.TextInput(attrs=ONE_TIME_CODE)


class CodeForm(Code, ConfirmLoginCodeForm):
    pass


class FactorCodeForm(Code, LimitedByDay, AuthenticateForm):
    pass


class FactorCodeAgainForm(Code, LimitedByDay, ReauthenticateForm):
    pass


class AppForm(Code, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The code that the app shows")


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name, to tell it from others")
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["passwordless"].label = _("Sign in with this passkey alone, without a password")
        self.fields["passwordless"].help_text = _("It asks for your finger, face or PIN: two factors by itself.")
        self.fields["passwordless"].initial = True


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name, to tell it from others")
