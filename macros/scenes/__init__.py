"""Scenes: read from YAML, checked whole."""
