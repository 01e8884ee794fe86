"""The pages on which people see what the registers hold of themselves, and ask something of the office."""
