"""What people search for is personal data and stays out of addresses: it waits in the session, under a token."""

import secrets

from django.http import HttpRequest

KEY = "searches"
KEPT = 20


def remember(request: HttpRequest, text: str) -> str:
    """A token for `text`, for this session alone; the oldest of many are forgotten."""
    kept: dict[str, str] = request.session.get(KEY, {})
    for token, known in kept.items():
        if known == text:
            return token
    token = secrets.token_urlsafe(9)
    kept[token] = text
    while len(kept) > KEPT:
        del kept[next(iter(kept))]
    request.session[KEY] = kept
    return token


def recall(request: HttpRequest, token: str) -> str:
    return str(request.session.get(KEY, {}).get(token, ""))
