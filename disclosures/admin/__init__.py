"""What the office sees of disclosures."""

from disclosures.admin import (  # noqa: F401  each registers its pages
    breach_steps,
    breaches,
    following,
    house,
    log,
    notices,
    rejected,
    requests,
    telling,
)
