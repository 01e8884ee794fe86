"""What the office sees of purposes, notices, consents, processors and the record of processing."""

from consent.admin import log, notices, people, profiles, purposes, recipients, records  # noqa: F401  each registers its pages
