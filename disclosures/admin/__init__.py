"""What the office sees of disclosures."""

from disclosures.admin import breach_steps, breaches, following, lists, log  # noqa: F401  each registers its pages
