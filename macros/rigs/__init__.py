"""Rigs: containers in which the hosts of a scene run, and the engine that runs them."""
