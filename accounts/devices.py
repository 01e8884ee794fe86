"""Browsers that an account has signed in from: a signed cookie, which names nobody.

Two things rest on it. The owner of an account gets an email when somebody signs in from another browser. And wrong
passwords from browsers that the account does not know lock out such browsers alone: who attacks an account keeps nobody
from work.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "known_browser"
SALT = "accounts.devices"
AGE = 180 * 24 * 3600
ACCOUNTS_OF_A_BROWSER = 8


def device_of(request: HttpRequest, email: str) -> str:
    """The browser's own key for this account; empty when the account has not signed in from it."""
    return _read(request).get(_name(email), "")


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    known = _read(request)
    mine = known.pop(_name(email), "") or secrets.token_urlsafe(12)
    latest = [*known.items(), (_name(email), mine)][-ACCOUNTS_OF_A_BROWSER:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(latest), salt=SALT),
        max_age=AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        path="/account/",
    )


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE))
    except (signing.BadSignature, TypeError, ValueError):
        return {}


def _name(email: str) -> str:
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:20]
