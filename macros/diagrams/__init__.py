"""Diagrams: the topology of hosts surveyed after a step, as boxes on a grid of HTML."""
