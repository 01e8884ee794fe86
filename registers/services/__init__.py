"""Every write of the registers: atomic, keyword-only, in the name of `by=`, whose right each checks itself."""
