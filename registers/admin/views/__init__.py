"""Pages beside the lists and forms; importing them puts them on the site."""

from registers.admin.views import (
    apartments,
    companies,
    desk,
    identity_codes,
    imports,
    inventory,
    merging,
    moves,
    people,
    protection,
    shares,
)

__all__ = [
    "apartments",
    "companies",
    "desk",
    "identity_codes",
    "imports",
    "inventory",
    "merging",
    "moves",
    "people",
    "protection",
    "shares",
]
