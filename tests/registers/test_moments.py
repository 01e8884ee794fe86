"""A moment in a form, in the office's time, over the nights in which the clock is moved."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from registers.forms.fields import MomentField


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-28T12:00", datetime(2026, 3, 28, 10, 0, tzinfo=UTC)),
        ("28.3.2026 12:00", datetime(2026, 3, 28, 10, 0, tzinfo=UTC)),
        ("1.7.2026 9.05", datetime(2026, 7, 1, 6, 5, tzinfo=UTC)),
        ("2026-10-25T02:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25T03:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice: the first
        ("25.10.2026 03:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T04:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_it_is_read_in_the_offices_time(written, moment):
    assert MomentField().clean(written) == moment


@pytest.mark.parametrize(
    "written", ["2026-03-29T03:30", "29.3.2026 03:30", "yesterday", "2026-13-01T00:00", "1.5.2026"]
)
def test_what_is_no_moment_is_refused(written):
    with pytest.raises(ValidationError):
        MomentField().clean(written)
