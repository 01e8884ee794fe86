"""How allauth behaves here: nobody makes an account by themselves, staff come in with two factors, others by code."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.browsers import browser_name
from accounts.devices import device_of, remember
from accounts.factors import is_fresh
from accounts.notices import NOTICES, TO_NOBODY


class StaffAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "Too many wrong attempts. Wait five minutes, or choose a new password by “Forgot your password?”"
        ),
        "incorrect_code": gettext_lazy("The code is not right, or no longer valid."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """The email address is the name."""

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """An emailed code alone lets no staff in, whatever the form before it said."""
        methods = {record["method"] for record in get_authentication_records(request, user)}
        if user.is_staff and methods == {"code"}:
            messages.error(request, _("Staff sign in with their password and a second factor."))
            return redirect("account_login")
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_safe_url(kwargs.get("redirect_url") or ""):
            kwargs["redirect_url"] = None
        response = super().post_login(request, user, **kwargs)
        if not device_of(request, user.email):
            self.send_notice("new_sign_in", user)
        remember(request, response, user.email)
        return response

    def is_safe_url(self, url: str) -> bool:
        """Whoever is not staff is not sent back into the office."""
        user = context.request.user
        outside = user.is_authenticated and not getattr(user, "is_staff", False)
        return super().is_safe_url(url) and not (outside and url.startswith(reverse("admin:index")))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        is_staff = getattr(request.user, "is_staff", False)
        return resolve_url(settings.LOGIN_REDIRECT_URL if is_staff else settings.PORTAL_URL)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not is_fresh(context.request) and super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """An address without an account takes the same work as one with: the code goes to nobody."""
        if template_prefix == "account/email/unknown_account":
            facts = {"request": self.request, "email": email, "code": self.generate_login_code()}
            message = self.render_mail("account/email/login_code", email, facts, headers={TO_NOBODY: "1"})
            message.send()
            return
        super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        self.send_notice(template_prefix.rpartition("/")[2], user)

    def send_notice(self, name: str, user: Any) -> None:
        """Tell the owner of the account, by email, what has happened to it."""
        subject, text = NOTICES[name]
        browser = browser_name(self.request.META.get("HTTP_USER_AGENT", ""))
        facts = {"subject": subject, "text": text, "browser": browser, "at": timezone.localtime()}
        self.send_mail("account/email/notice", user.email, facts)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """A browser that the account knows has attempts of its own: see `accounts.devices`."""
        login = credentials.get("email", credentials.get("username", ""))
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{device_of(request, login)}"
