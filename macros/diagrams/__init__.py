"""Diagrams: the topology of hosts surveyed after a step, drawn as SVG."""
