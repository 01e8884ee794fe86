"""Who lives where: the registers, their inventory, the import and the pages of the office."""
