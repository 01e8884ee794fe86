"""What somebody wrote into a form that is not taken: it goes back to the same browser once, and is kept nowhere."""

from django.conf import settings
from django.http import HttpRequest

WORDS = 2  # one is typed anew in a moment
MOST = 20  # texts of one form
NEVER = ("password", "token", "code")  # parts of names


def unsent(request: HttpRequest) -> list[str]:
    """Texts of several words, as they were posted."""
    if request.method != "POST":
        return []
    posted = request.POST.lists()
    texts = [text for name, texts in posted for text in texts if not any(part in name for part in NEVER)]
    return [text.strip() for text in texts if len(text.split()) >= WORDS][:MOST]


def is_of_ours(request: HttpRequest) -> bool:
    """Whether a page of ours sent it: another site's form must not be read back as if it were."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def came_with_session(request: HttpRequest) -> bool:
    """For browsers that do not say where a form was: another site's comes without the cookie (SameSite)."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES
