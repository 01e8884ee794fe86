"""What the office sees of retention."""

from retention.admin import certificates, coming, holds, sweeps  # noqa: F401  each registers its pages
