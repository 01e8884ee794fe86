"""Which request's page is open in a browser without an account: for half an hour after its code."""

import time

from django.http import HttpRequest

from rights.models import SubjectRequest

OPENED = "request_opened"  # of the session
MINUTES = 30


def open_page(request: HttpRequest, case: SubjectRequest) -> None:
    if not request.user.is_authenticated:
        request.session.cycle_key()  # whoever knew the session before the code does not come along
    request.session[OPENED] = {"key": case.pk, "confirmed": _confirmed(case.pk), "until": time.time() + MINUTES * 60}


def opened_case(request: HttpRequest) -> SubjectRequest | None:
    opened = request.session.get(OPENED)
    if opened is None or opened["until"] <= time.time():
        return None
    if opened.get("confirmed") != _confirmed(opened["key"]):  # sessions of before have none
        return None
    return SubjectRequest.objects.filter(pk=opened["key"]).first()


def _confirmed(key: int) -> str:
    """When the address was: whoever came by a code to one address is not who reads another written in its place."""
    return str(SubjectRequest.objects.filter(pk=key).values_list("confirmed_at", flat=True).first())


def close_page(request: HttpRequest) -> None:
    request.session.pop(OPENED, None)
