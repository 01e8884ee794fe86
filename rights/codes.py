"""Six digits that are sent to an address, and secrets of links: only digests are kept."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings

CODE_MINUTES = 15
TRIES = 5  # then the code is dead, and another one must be asked for
VALID_FOR = timedelta(minutes=CODE_MINUTES)


def new_code() -> str:
    return f"{secrets.randbelow(10**6):06}"


def code_digest(code: str, salt: str) -> bytes:
    """`salt` names the row, so that one row's digest says nothing of another's."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"{salt}:{code}".encode(), "sha256")


def is_code(code: str, salt: str, digest: bytes | memoryview | None) -> bool:
    given = code_digest("".join(code.split()), salt)
    return digest is not None and hmac.compare_digest(given, bytes(digest))


def new_token() -> str:
    return secrets.token_urlsafe(24)


def token_digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
