"""What Django's rules for passwords lack of NIST SP 800-63B: an upper length, and words of the context."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SERVICE = "fluxio"
SHORTEST_WORD = 4  # of a name or an address that counts


class MaximumLength:
    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return ngettext(
            "The password may have %(n)d character at most.",
            "The password may have %(n)d characters at most.",
            self.max_length,
        ) % {"n": self.max_length}


class NoWordsOfTheContext:
    """Neither the software's name nor the account's own name and address stand in its password."""

    def validate(self, password: str, user: Any = None) -> None:
        said = password.lower()
        if any(word in said for word in words_of(user)):
            raise ValidationError(self.get_help_text(), code="password_of_the_context")

    def get_help_text(self) -> str:
        return _("The password may not hold the name of this software, your name or your email address.")


def words_of(user: Any) -> set[str]:
    texts = f"{getattr(user, 'name', '')} {getattr(user, 'email', '')}".lower()
    return {SERVICE} | {word for word in re.split(r"[\W_]+", texts) if len(word) >= SHORTEST_WORD}
