"""Pages beside the lists and forms; importing them puts them on the site."""

from registers.admin.views import (
    access_log,
    accounts,
    apartments,
    companies,
    desk,
    identity_codes,
    imports,
    inventory,
    merging,
    moves,
    people,
    portfolio,
    protection,
    shares,
)

__all__ = [
    "access_log",
    "accounts",
    "apartments",
    "companies",
    "desk",
    "identity_codes",
    "imports",
    "inventory",
    "merging",
    "moves",
    "people",
    "portfolio",
    "protection",
    "shares",
]
