"""Measurements: `python -m bench [names…]`, all of them without names. Each module with a `main()` is one."""
