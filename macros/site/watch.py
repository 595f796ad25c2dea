"""Files that are being edited: which of them are not as they were. Knows nothing of a site."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

POLLED = 0.1
"""Seconds between two looks at the watched files."""


@dataclass(slots=True)
class Watch:
    """Which of the watched folders and files are not as they were at the last look."""

    root: Path
    patterns: tuple[str, ...]
    """As `Path.glob` has them."""
    stamps: dict[str, frozenset[tuple[object, ...]]] = field(default_factory=dict)

    def changed(self) -> set[str]:
        found = {path for pattern in self.patterns for path in self.root.glob(pattern)}
        stamps = {path.relative_to(self.root).as_posix(): stamp(path) for path in found}
        old, self.stamps = self.stamps, stamps
        return {name for name in old.keys() | stamps.keys() if old.get(name) != stamps.get(name)}

    def next_edit(self) -> set[str]:
        """Wait for an edit, and until nothing is written any more; what was edited."""
        edited: set[str] = set()
        while True:
            time.sleep(POLLED)
            more = self.changed()
            if edited and not more:
                return edited
            edited |= more


def stamp(path: Path) -> frozenset[tuple[object, ...]]:
    """What tells one state of a file, or of all files of a folder, from another."""
    inside = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
    return frozenset(filter(None, map(stamp_of_file, [str(path), *inside])))


def stamp_of_file(path: str) -> tuple[object, ...]:
    """Of one file; of a folder, and of what was just removed, nothing."""
    try:
        about = os.stat(path)
    except OSError:
        return ()
    return () if os.path.isdir(path) else (path, about.st_mtime_ns, about.st_size, about.st_ino)
