"""Text of a message as HTML: everything escaped, and only links to this site made links."""

import re
from urllib.parse import urlsplit

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]+")
_ENDS_A_SENTENCE = ".,;:!?)]"


def with_links(text: str, *, hosts: set[str]) -> SafeString:
    """`hosts`: host names with their port, as in an address."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(_ENDS_A_SENTENCE)
        if _host(address) not in hosts:
            continue
        parts += [escape(text[end : found.start()]), format_html('<a href="{0}">{0}</a>', address)]
        end = found.start() + len(address)
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308  every part is escaped


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
