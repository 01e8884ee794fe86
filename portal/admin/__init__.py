"""What the office does for the portal."""

from portal.admin import inviting  # noqa: F401  registers its page and its panel
