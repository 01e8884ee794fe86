"""A published notice as a tagged PDF file."""

import hashlib
import json

from accounts.remembering import remembered
from consent.models import NoticeVersion
from registers.pdf import pdf_of

KEPT_SECONDS = 24 * 3600


def notice_pdf(version: NoticeVersion, language: str) -> bytes:
    """Made once a day at most: a version never changes, and anybody may ask for it."""
    digest = hashlib.sha256(json.dumps(version.content.get(language), sort_keys=True).encode()).hexdigest()[:32]
    name = f"notice-pdf:{version.pk}:{language}:{digest}"
    context = {"version": version, "content": version.content[language]}
    made = remembered(name, KEPT_SECONDS, lambda: pdf_of("notices/document.html", context, language=language))
    return bytes(made)
