"""The theme's templates of pages that MkDocs does not make."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def of(root: Path) -> Environment:
    """The templates of a project."""
    return Environment(
        loader=FileSystemLoader(root / "docs/theme"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
