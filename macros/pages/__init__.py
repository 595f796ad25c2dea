"""Pages: what they call, and what is drawn in the place of a call."""
