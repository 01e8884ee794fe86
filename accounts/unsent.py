"""What somebody wrote into a form that is not taken: it goes back to the same browser once, and is kept nowhere."""

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
