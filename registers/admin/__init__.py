"""The office's pages: Django's admin with lists and forms, and pages of our own beside them."""

from registers.admin import accounts, organisations, people, places, shares, trail, views

__all__ = ["accounts", "organisations", "people", "places", "shares", "trail", "views"]
