"""What rooms above may want to hear of, in the transaction in which it happens."""

from django.dispatch import Signal

# Bulk paths write people without saving models one by one. Sent with `person_ids` and `by`; a receiver may answer with
# {name: number}, which is kept among the import's counts.
people_arrived = Signal()

# Two records of one person became one. Sent with the keys `keep` and `former`, `lost` (the fields in which the value of
# `former` gave way) and `restricted` (whether `keep` came under a restriction by it).
people_merged = Signal()

# The email address of a person is about to change: corrected, by an import, or since another
# record is kept. Sent with `person` and the address `old`, before the change.
address_changes = Signal()
