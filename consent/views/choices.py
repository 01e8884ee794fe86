"""Giving consent by the web form, and the page that every message leads to. A GET never gives or withdraws anything:
mail scanners open links."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from consent import limits
from consent.contacts import email_key
from consent.forms.web import WebForm
from consent.links import Choices, LinkNotValid, read, token_of_event
from consent.models import ConsentEvent
from consent.queries.bans import banned
from consent.queries.may_we import may_we
from consent.queries.purposes import version_of
from consent.services.web import (
    WEB,
    ask_by_web,
    asked_on_the_web,
    confirm,
    events_behind,
    person_behind,
    request_of,
    stop_marketing_by_link,
    versions_of,
    withdraw_by_link,
)
from consent.texts import LANGUAGES
from consent.words import OWN_MEANS, Channel
from registers.models import Controller

POST_TOO = ["GET", "HEAD", "POST"]


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    office = Controller.objects.filter(housing_company=None).first()
    return render(request, template, {"office_name": office.name if office else ""} | context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    title = _("This link is not valid")
    return _show(request, "consent/gone.html", {"title": title}, status=410)


@require_http_methods(POST_TOO)
def form(request: HttpRequest) -> HttpResponse:
    versions = asked_on_the_web()
    filled = WebForm(request.POST if request.method == "POST" else None, versions=versions)
    context = {"title": _("Consents"), "form": filled, "versions": versions}
    if request.method != "POST":
        return _show(request, "consent/form.html", context)
    if not filled.is_valid():
        return _show(request, "consent/form.html", context, status=422)
    if not limits.allow("consent form", get_adapter(request).get_client_ip(request), most=30, seconds=3600):
        title = _("Too many requests")
        return _show(request, "consent/too_many.html", {"title": title}, status=429)
    email = filled.cleaned_data["email"]
    key = email_key(email) or b""
    # The same answer whatever happens behind it: nobody learns who is known here or has just been asked.
    if limits.allow("consent address", key.hex(), most=3, seconds=24 * 3600):
        language = (get_language() or "fi")[:2]
        try:
            ask_by_web(
                email=email,
                versions=filled.ticked(),
                language=language if language in LANGUAGES else "fi",
                by=WEB,
            )
        except ValidationError as refusal:
            filled.add_error("email", refusal)
            return _show(request, "consent/form.html", context, status=422)
    return HttpResponseRedirect(reverse("consent_asked"))


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return _show(request, "consent/asked.html", {"title": _("Look at your email")})


@require_http_methods(POST_TOO)
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    try:
        waiting = request_of(token)
        if waiting.confirmed_at is None and request.method == "POST":
            try:
                made = confirm(token=token, by=WEB)
                return HttpResponseRedirect(reverse("consent_given", args=[token_of_event(made[0])]))
            except LinkNotValid:
                waiting = request_of(token)  # pressed twice: the other press was faster
                if waiting.confirmed_at is None:
                    raise
    except LinkNotValid:
        return _gone(request)
    if waiting.confirmed_at is not None:
        event = ConsentEvent.objects.filter(request_key=waiting.key).order_by("id").first()
        return HttpResponseRedirect(reverse("consent_given", args=[token_of_event(event)])) if event else _gone(request)
    context = {
        "title": _("Confirm your consent"),
        "texts": [(version, version.consent_sentence(waiting.language)) for version in versions_of(waiting)],
        "text_language": waiting.language,
    }
    return _show(request, "consent/confirm.html", context)


@require_safe
def given(request: HttpRequest, token: str) -> HttpResponse:
    try:
        choices = read(token)
    except LinkNotValid:
        return _gone(request)
    rows = ConsentEvent.objects.filter(request_key=choices.event.request_key) if choices.event else None
    events = list(rows.select_related("version").order_by("id")) if rows is not None else []
    lines = [(event, token_of_event(event)) for event in events if event.kind == "given"]
    return _show(request, "consent/given.html", {"title": _("Your consent is recorded"), "lines": lines})


@csrf_exempt  # the secret of the link is the permission; mail programs post here by themselves (RFC 8058)
@require_http_methods(POST_TOO)
def choices_page(request: HttpRequest, token: str) -> HttpResponse:
    try:
        choices = read(token)
    except LinkNotValid:
        return _gone(request)
    version = version_of(choices.purpose)
    if version is None:
        return _gone(request)
    said = ""
    if request.method == "POST":
        said = _act(request, choices, is_marketing=version.is_marketing)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse(status=200)
    events = events_behind(choices)
    context = {
        "title": _("Your choices"),
        "version": version,
        "given": [event for event in events if event.kind != "withdrawn"],
        "stopped": version.is_marketing and _is_stopped(choices),
        "said": said,
    }
    return _show(request, "consent/choices.html", context)


def _act(request: HttpRequest, choices: Choices, *, is_marketing: bool) -> str:
    one_click = "List-Unsubscribe" in request.POST
    action = request.POST.get("action", "")
    if one_click:  # it means: send me no more of this
        action = "withdraw" if any(event.kind == "given" for event in events_behind(choices)) else "stop"
    if action == "withdraw":
        withdraw_by_link(choices=choices, by=WEB)
        return _("Your consent is withdrawn. It takes effect at once.")
    if action == "stop" and is_marketing:
        stop_marketing_by_link(choices=choices, by=WEB)
        return _("You will get no marketing from us any more, on any channel.")
    return ""


def _is_stopped(choices: Choices) -> bool:
    """No channel is left by which the person, or the address, would get marketing."""
    person = person_behind(choices)
    if person is not None:
        answers = [may_we(person=person, purpose=choices.purpose, channel=channel) for channel in Channel.values]
        return {answer.code for answer in answers} == {"objected"}
    if choices.contact_key is None:
        return False
    bans = banned(choices.purpose.controller_id, [choices.contact_key], timezone.localdate())
    own = [e.at for e in events_behind(choices) if e.kind == "given" and e.means in OWN_MEANS]
    return any(at > max(own, default=at - timedelta(1)) for at in bans.values())
