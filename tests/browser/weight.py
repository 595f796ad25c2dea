"""What a page of the built site weighs on the wire, before anything is in a browser's cache."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

LOADED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^":]+)"')


def packed(path: Path) -> int:
    """Bytes of a file, gzipped."""
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def first_load(page: Path) -> int:
    """Bytes of a page with its styles and scripts, gzipped; pictures are left out."""
    text = page.read_text("utf-8")
    files = {(page.parent / found.split("?")[0]).resolve() for found in LOADED.findall(text)}
    return packed(page) + sum(map(packed, files))
