"""Verdicts: what was printed against what was expected, and against its recording."""
