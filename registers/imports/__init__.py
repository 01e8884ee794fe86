"""Reading what managers' systems export: from the bytes of a file to rows and located problems. Writes nothing."""
