"""Removing what earlier runs left: rigs, temporary folders, and all of it if asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from ..rigs.daemon import DATA, engine_to_use
from ..site.site import workplace


def clean(root: Path, everything: bool) -> Iterator[str]:
    """Remove what dead runs left (`everything`: live rigs, images, our engine's data too).

    Gives a line for each thing removed.
    """
    with engine_to_use(lambda line: None) as engine:
        if engine:
            for container in engine.sweep(everything):
                yield f"removed rig {container[:12]}"
            if everything:
                yield from (f"removed image {image}" for image in engine.forget_images())
    if everything and DATA.exists():
        shutil.rmtree(DATA)
        yield f"removed {DATA}"
    with workplace(root):
        pass  # entering one clears away what dead builds left
