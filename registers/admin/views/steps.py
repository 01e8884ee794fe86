"""Two-step forms: the first step asks, the second says what will happen and does it when confirmed.

Each form that is shown bears a number of its own (`once`): sent twice, it is done once, and leads to the same page.
"""

import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from redis.exceptions import RedisError

from registers.admin.pages import show

ONCE_WITHIN = 15 * 60
PAUSE, PAUSES = 0.1, 50


def add_refusal(form: Form, refusal: ValidationError) -> None:
    """A service's refusal beside the field that it is about, or above the form."""
    by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
    for name, refusals in by_field.items():
        form.add_error(name if name in form.fields else None, refusals)


def one_step(
    request: HttpRequest, form: Form, *, title: str, context: dict[str, Any], act: Callable[[Form], str], done: str = ""
) -> HttpResponse:
    """Show the form; when it is filled in rightly, `act` writes and gives the address where `done` is said."""
    if request.method == "POST" and form.is_valid():
        try:
            return _once(request, lambda: act(form), done)
        except ValidationError as refusal:
            add_refusal(form, refusal)
    return _form(request, form, title, context)


def two_steps(
    request: HttpRequest,
    form: Form,
    *,
    title: str,
    context: dict[str, Any],
    summary: Callable[[Form], list[str]],
    act: Callable[[Form], str],
    done: str,
) -> HttpResponse:
    """As `one_step`, with a page between that says what will happen (`summary`, sentences) and asks to confirm.

    Before that page `act` is run and rolled back, so that nothing is promised that would be refused.
    """
    if request.method != "POST" or "search" in request.POST or "back" in request.POST or not form.is_valid():
        if "search" in request.POST or "back" in request.POST:
            _keep_search_errors_only(form)
        return _form(request, form, title, context)
    try:
        if "confirm" in request.POST:
            return _once(request, lambda: _whole(act, form), done)
        with transaction.atomic():
            act(form)
            transaction.set_rollback(True)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return _form(request, form, title, context)
    hidden = [
        (name, value)
        for name in request.POST
        if name not in {"csrfmiddlewaretoken", "next"}
        for value in request.POST.getlist(name)
    ]
    says = context | {"title": title, "sentences": summary(form), "hidden": hidden}
    return show(request, "office/confirm.html", says)


def _whole(act: Callable[[Form], str], form: Form) -> str:
    with transaction.atomic():
        return act(form)


def _once(request: HttpRequest, act: Callable[[], str], done: str) -> HttpResponse:
    number = request.POST.get("once", "")
    if len(number) != len(uuid.uuid4().hex) or not number.isalnum():
        return _go(request, act(), done)
    key = f"once:{request.user.pk}:{number}"
    is_first = True
    with suppress(RedisError, OSError):  # a cache that does not answer stands in nobody's way
        is_first = cache.add(key, "", ONCE_WITHIN)
    if not is_first:
        return HttpResponseRedirect(_where_it_led(key) or request.path)
    try:
        url = act()
    except BaseException:
        with suppress(RedisError, OSError):
            cache.delete(key)
        raise
    with suppress(RedisError, OSError):
        cache.set(key, url, ONCE_WITHIN)
    return _go(request, url, done)


def _where_it_led(key: str) -> str:
    """The page to which the first of the two leads; "" if it takes longer than a second click waits."""
    with suppress(RedisError, OSError):
        for _pause in range(PAUSES):
            if url := cache.get(key):
                return str(url)
            time.sleep(PAUSE)
    return ""


def _go(request: HttpRequest, url: str, done: str) -> HttpResponse:
    if done:
        messages.success(request, done)
    return HttpResponseRedirect(url)


def _keep_search_errors_only(form: Form) -> None:
    """While somebody is still searching, empty fields are no mistakes yet."""
    picks = set(getattr(form, "picks", {}))
    refused = {f"{name}_words" for name in getattr(form, "refused_words", ())}
    form.is_valid()
    for name in list(form.errors):
        if name not in picks | refused:
            del form.errors[name]
    for name in picks & set(form.errors):
        field: Any = form.fields[name]
        if field.choices or not field.searched:
            del form.errors[name]


def _form(request: HttpRequest, form: Form, title: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    number = "" if form.errors else request.POST.get("once", "")  # what was refused is another form when it is mended
    says = context | {"title": title, "form": form, "once": number or uuid.uuid4().hex}
    return show(request, "office/form.html", says, status)
