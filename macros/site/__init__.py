"""The site: every language built, put in place, served."""
