"""What rooms above may want to hear of, in the transaction in which it happens."""

from django.dispatch import Signal

# A version of a purpose was written. Sent with `version` and `by`.
purpose_written = Signal()
