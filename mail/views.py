"""The demo's outbox: what the demo office would have sent, for everybody to read. Nothing of it exists elsewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from mail.letter import letter_of
from mail.links import with_links
from mail.queries import messages_with_content

PER_PAGE = 20


def in_the_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where mail goes to real people, nobody reads it here."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEMO and settings.DEMO_OUTBOX):
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@require_safe
@in_the_demo
def outbox(request: HttpRequest) -> HttpResponse:
    pages = Paginator(messages_with_content(), PER_PAGE).get_page(request.GET.get("page"))
    lines = [(message, letter_of(message)) for message in pages]
    return render(request, "mail/outbox.html", {"pages": pages, "lines": lines})


@require_safe
@in_the_demo
def outbox_message(request: HttpRequest, key: int) -> HttpResponse:
    message = get_object_or_404(messages_with_content(), pk=key)
    letter = letter_of(message)
    text = with_links(letter.text, hosts={urlsplit(settings.BASE_URL).netloc, request.get_host()})
    return render(request, "mail/outbox_message.html", {"message": message, "letter": letter, "text": text})
