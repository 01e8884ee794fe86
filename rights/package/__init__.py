"""The copy of a person's data: collected by the inventory, read where somebody typed freely, made into files."""
