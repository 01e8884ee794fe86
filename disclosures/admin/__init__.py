"""What the office sees of disclosures."""

from disclosures.admin import lists, log  # noqa: F401  each registers its pages
