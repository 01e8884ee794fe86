"""Sessions end: after minutes without use, after hours in any case, and all at once when somebody leaves."""

import time
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User

BEGAN, SEEN = "began_at", "seen_at"
NOTED_EVERY = 60.0  # seconds: not every request writes


@receiver(user_logged_in)
def begin(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    request.session[BEGAN] = request.session[SEEN] = time.time()


def has_ended(session: SessionBase) -> bool:
    now = time.time()
    idle = now - session.get(SEEN, 0) > settings.SESSION_IDLE_MINUTES * 60
    return idle or now - session.get(BEGAN, 0) > settings.SESSION_HOURS * 3600


def note_use(session: SessionBase) -> None:
    if time.time() - session[SEEN] < NOTED_EVERY:
        return
    session[SEEN] = time.time()
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


def end_sessions(user: User) -> int:
    """All of them, also those that no list knows; returns how many."""
    found = [
        row.session_key for row in Session.objects.iterator() if row.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    Session.objects.filter(session_key__in=found).delete()
    UserSession.objects.filter(user_id=user.pk).delete()
    return len(found)


def forget_ended_sessions() -> None:
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
