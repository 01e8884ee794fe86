"""What managers' systems export, brought into the registers.

From the bytes of a file to rows and located problems (`reading`, `headers`, `rows`; these write nothing), from rows to
a review of what would change (`stage_…`, `…_plan`), from what was accepted to the registers and their trail
(`apply_…`, `trail`). `services` hold the steps of a run.
"""
