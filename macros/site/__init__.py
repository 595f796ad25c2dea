"""The site: both languages built, put in place, served."""
