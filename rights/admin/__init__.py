"""Requests in the office."""

from rights.admin import cases, closing, figures, fulfilling, identifying, letters  # noqa: F401  they register their pages
