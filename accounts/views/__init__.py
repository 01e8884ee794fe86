"""Pages that are not the office's: signing in, one's own account, errors, health."""
