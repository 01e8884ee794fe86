"""What the pages without an account share: how they are shown, and how often something may be asked for."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.acting import Program
from accounts.unsent import unsent
from consent import limits
from consent.contacts import email_key
from consent.texts import LANGUAGES
from registers.models import Controller

WEB = Program("web form")
POST_TOO = ["GET", "HEAD", "POST"]
HOUR, DAY = 3600, 24 * 3600
# Posted by one client in an hour: forms, whatever is in them; requests that are kept; codes that are asked for.
POSTS, FILED, CODES = 60, 10, 20
# Codes to one address.
CODES_AN_HOUR, CODES_A_DAY = 6, 20


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    office = Controller.objects.filter(housing_company=None).first()
    says = {"office_name": office.name if office else "", "office": office} | context
    return render(request, template, says, status=status)


def too_many(request: HttpRequest) -> HttpResponse:
    says = {"title": _("Too many requests"), "unsent": unsent(request)}
    return show(request, "requests/too_many.html", says, status=429)


def client_may(request: HttpRequest, what: str, most: int) -> bool:
    return limits.allow(what, get_adapter(request).get_client_ip(request), most=most, seconds=HOUR)


def may_mail_code(email: str) -> bool:
    """Nobody's mailbox is filled by somebody else. Counted before anything is looked for."""
    key = (email_key(email) or b"").hex()
    an_hour = limits.allow("code address", key, most=CODES_AN_HOUR, seconds=HOUR)
    return limits.allow("code address day", key, most=CODES_A_DAY, seconds=DAY) and an_hour


def language_of(request: HttpRequest) -> str:
    language = (get_language() or "fi")[:2]
    return language if language in LANGUAGES else "fi"
