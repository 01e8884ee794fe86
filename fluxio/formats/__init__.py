"""Dates in the three languages: as offices here write them."""
