"""Pages for people outside the office."""
