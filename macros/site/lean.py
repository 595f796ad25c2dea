"""Our styles and scripts as they are served: without comments and needless space."""

from __future__ import annotations

from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin


def assets(language: Path) -> None:
    """Make those of one built language smaller; Material's own are so already."""
    for kind, smaller in (("css", cssmin), ("js", jsmin)):
        for path in (language / "assets").glob(f"*.{kind}"):
            path.write_text(smaller(path.read_text("utf-8")), "utf-8")
