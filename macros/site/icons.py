"""The site's mark for what asks for no SVG: `favicon.ico`, and a picture for a phone's screen."""

from __future__ import annotations

from pathlib import Path

from .picture import mark

SIZES = (16, 32, 48)
PHONE = 180


def write(new: Path) -> None:
    """Write both at the top of a site."""
    largest = mark(max(SIZES), paper=None)
    largest.save(new / "favicon.ico", sizes=[(size, size) for size in SIZES])
    mark(PHONE).save(new / "apple-touch-icon.png", optimize=True)
