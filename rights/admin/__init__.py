"""Requests in the office."""

from rights.admin import (  # noqa: F401  they register their pages
    cases,
    closing,
    figures,
    fulfilling,
    identifying,
    letters,
    moves,
    packages,
    recorded,
)
