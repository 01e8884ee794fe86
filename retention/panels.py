"""What this room shows on the desk and on the pages of a person and a company."""
