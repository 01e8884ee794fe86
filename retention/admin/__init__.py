"""What the office sees of the end of data: rules, limits, forecasts."""

from retention.admin import forecast, limits, rules  # noqa: F401  each registers its pages
