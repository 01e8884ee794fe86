"""What the office sees of the end of data."""

from retention.admin import (  # noqa: F401  each registers its pages
    certificates,
    coming,
    forecast,
    holds,
    limits,
    management_ends,
    rules,
    statistics,
    sweeps,
)
