"""An invented office: companies, homes and people, made anew from a seed and today's date."""
