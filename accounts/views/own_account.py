"""One's own account: the ways of signing in and the sessions."""

from typing import Any, cast

from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import DeactivateTOTPView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.browsers import browser_name
from accounts.factors import has_factor, may_remove
from accounts.models import User


class Ways(IndexView):
    """What the account signs in with, and what it still lacks."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        must = user.is_staff and not has_factor(user)
        codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
        left = len(codes.wrap().get_unused_codes()) if codes else None
        return super().get_context_data(**kwargs) | {"must_add": must, "codes_left": left}


class RemoveApp(DeactivateTOTPView):
    @method_decorator(transaction.atomic)
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(*args, **kwargs)


class RemovePasskey(RemoveWebAuthnView):
    """The library asks whether a factor may go for the app alone."""

    @method_decorator(transaction.atomic)
    def form_valid(self, form: Any) -> HttpResponse:
        if not may_remove(self.get_object()):
            messages.error(self.request, _("Add another way first: staff sign in with two factors."))
            return redirect("mfa_index")
        return super().form_valid(form)


@login_required
@require_http_methods(["GET", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where the account is signed in; each can be signed out."""
    user = cast(User, request.user)
    if request.method == "POST":
        return _end(request, user)
    sessions = UserSession.objects.purge_and_list(user)
    rows = [
        {
            "pk": session.pk,
            "browser": browser_name(session.user_agent),
            "address": session.ip,
            "began": session.created_at,
            "seen": session.last_seen_at,
            "is_this": session.session_key == request.session.session_key,
        }
        for session in sorted(sessions, key=lambda session: session.last_seen_at, reverse=True)
    ]
    return render(request, "account/sessions.html", {"rows": rows})


def _end(request: HttpRequest, user: User) -> HttpResponse:
    if "others" in request.POST:
        others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
        for session in others:
            session.end()
        messages.success(request, _("Signed out everywhere else."))
        return redirect("own_sessions")
    key = request.POST.get("session", "")
    session = get_object_or_404(UserSession, user=user, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    is_this = session.session_key == request.session.session_key
    session.end()
    if is_this:
        logout(request)
        return redirect("account_login")
    messages.success(request, _("The session was signed out."))
    return redirect("own_sessions")
