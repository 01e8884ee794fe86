"""What the office sees of disclosures."""

from disclosures.admin import log, notices, rejected, requests, telling  # noqa: F401  each registers its pages
