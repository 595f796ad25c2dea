"""The table of faults: each is done for real to a build, and what must be there still is."""
