"""Every write of the registers: atomic, keyword-only, in the name of `by=`. Each checks the right of its actor itself."""
